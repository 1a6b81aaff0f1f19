"""What a dialog file may say: forms, prompts, fields, routes. VoiceXML's terms, in YAML.

A *form* says its prompts, then listens for its *field*, hands the call over (*transfer*), ends, or goes on.
*noinput* and *nomatch* are ladders of reworded questions. *catch* says where an act leads from anywhere.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from voicebot.dialog.expressions import Expression
from voicebot.dialog.slots import ANY, SlotType
from voicebot.dialog.slots import Kind as SlotKind


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


def _as_expression(value: Any) -> Any:
    if isinstance(value, Expression):
        return value
    return Expression.parse(str(value).lower() if isinstance(value, bool) else str(value))


def _as_tuple(value: Any) -> Any:
    """One thing may stand without its dash."""
    return value if isinstance(value, list | tuple) else [value]


Condition = Annotated[Expression, BeforeValidator(_as_expression)]


class Bargein(StrEnum):
    """What may interrupt a prompt. What the law requires to be heard is ``never``."""

    NEVER = "never"
    KEYPAD = "keypad"
    SPEECH = "speech"
    """Speech or keypad."""


def _as_prompt(value: Any) -> Any:
    return {"text": value} if isinstance(value, str) else value


class Prompt(_Model):
    """A sentence to say. ``{slot}`` and ``{slot:filter}`` are filled in (see `templates`)."""

    text: str = Field(min_length=1)
    id: str | None = None
    """Stable name for the recorded audio; default: dialog.form.number."""
    bargein: Bargein = Bargein.SPEECH
    legal: bool = False
    """The law requires it: it must be ``bargein: never``."""
    once: bool = False
    """Said the first time only, not when the form is come back to."""
    if_: Condition | None = Field(default=None, alias="if")


AnyPrompt = Annotated[Prompt, BeforeValidator(_as_prompt)]
Prompts = Annotated[tuple[AnyPrompt, ...], BeforeValidator(_as_tuple)]


class Branch(_Model):
    """One arm of a route: taken when its condition holds; without one, always."""

    goto: str
    if_: Condition | None = Field(default=None, alias="if")


def _as_branches(value: Any) -> Any:
    if isinstance(value, str):
        return [{"goto": value}]
    return _as_tuple(value)


Route = Annotated[tuple[Branch, ...], BeforeValidator(_as_branches)]
"""A form's name, or branches of which the first that holds is taken."""


class Rung(_Model):
    """A step of a noinput or nomatch ladder: a reworded question, or where to go when patience ends."""

    prompt: Prompts = ()
    goto: Route | None = None

    @model_validator(mode="after")
    def _says_or_goes(self) -> Rung:
        if not self.prompt and self.goto is None:
            raise ValueError("a rung needs a prompt or a goto")
        return self


class FieldKind(StrEnum):
    YES_NO = "yes_no"
    CHOICE = "choice"
    DIGITS = "digits"
    NUMBER = "number"
    DATE = "date"
    TIME = "time"
    SPEECH = "speech"


class Option(_Model):
    """One choice: its value, the words a person may use, its key."""

    value: str
    say: str
    also: tuple[str, ...] = ()
    key: str | None = Field(default=None, pattern=r"^[1-9]$")


class FieldSpec(_Model):
    """What a form listens for."""

    kind: FieldKind
    slot: str | None = None
    """Where the value goes. Yes/no fields may do without: their routes say it all."""
    words: str | None = None
    """A text slot for the words as they were said, whatever they are taken for; "" when keys were pressed."""
    question_kind: Literal[
        "offer",
        "consent",
        "identity",
        "problem_check",
        "negative_question",
        "open",
        "report",
        "survey_count",
        "time_choice",
    ] = "open"
    """How the answer is to be judged (a "no" to "no trouble?" is a yes)."""
    options: tuple[Option, ...] = ()
    keys: dict[Annotated[str, Field(pattern=r"^[1-9]$")], str] = Field(default_factory=dict)
    """Key → yes, no, unsure (yes/no fields) or the form to go to."""
    digits: tuple[int, int] | None = None
    """Fewest and most digits."""
    hints: tuple[str, ...] = ()
    timeout_s: int | None = Field(default=None, ge=1, le=60)
    speech_timeout_s: int | None = Field(default=None, ge=1, le=10)
    accept_above: float | None = Field(default=None, ge=0, le=1)
    """Understanding below this confidence counts as not understood. Default: `surely_enough`."""

    @model_validator(mode="after")
    def _fits_its_kind(self) -> FieldSpec:
        if (self.kind is FieldKind.CHOICE) != bool(self.options):
            raise ValueError("options belong to fields of kind choice, and to them only")
        if self.kind not in {FieldKind.YES_NO, FieldKind.SPEECH} and not self.slot:
            raise ValueError(f"a {self.kind} field needs a slot for its value")
        return self

    @property
    def surely_enough(self) -> float:
        """A yes or no that follows only from a story is turned round more easily than any other answer is misheard, so
        it must be surer: of hard answers 8 % instead of 15 % are taken wrongly, and 5 % of ordinary ones are asked for
        again (docs/understanding.md)."""
        if self.accept_above is not None:
            return self.accept_above
        return 0.65 if self.kind is FieldKind.YES_NO else 0.5

    def key_table(self) -> dict[str, str]:
        """Key → what it stands for, defaults included (yes/no: 1 and 2; choices: their own keys)."""
        if self.kind is FieldKind.YES_NO and not self.keys:
            return {"1": "yes", "2": "no"}
        return {**{option.key: option.value for option in self.options if option.key}, **self.keys}

    @property
    def takes_figures(self) -> bool:
        """Whether the value itself may be typed."""
        return self.kind in {FieldKind.DIGITS, FieldKind.NUMBER, FieldKind.DATE, FieldKind.TIME}

    @property
    def most_digits(self) -> int | None:
        """How many keys complete the answer; None: until #."""
        if self.kind is FieldKind.DIGITS and self.digits:
            return self.digits[1]
        return {FieldKind.DATE: 4, FieldKind.TIME: 4, FieldKind.NUMBER: None}.get(self.kind, 1)


def _as_filled(value: Any) -> Any:
    if isinstance(value, dict) and "goto" not in value:
        return _yes_no_keys(value)
    return {"value": value}


def _yes_no_keys(value: dict[Any, Any]) -> dict[Any, Any]:
    """YAML reads yes and no as truth values; here they are answers."""
    names = {True: "yes", False: "no"}
    return {names.get(key, key) if isinstance(key, bool) else key: each for key, each in value.items()}


class Filled(_Model):
    """Where an answer leads: yes/no/unsure for yes/no fields, one route for all others."""

    yes: Route | None = None
    no: Route | None = None
    unsure: Route | None = None
    value: Route | None = None

    def routes(self) -> dict[str, Route]:
        named = {"yes": self.yes, "no": self.no, "unsure": self.unsure, "value": self.value}
        return {name: route for name, route in named.items() if route is not None}


def _as_action(value: Any) -> Any:
    return {"action": value} if isinstance(value, str) else value


class ActionCall(_Model):
    """A named action of the line: the city's side of an answer. With ``into`` its result fills slots."""

    action: str
    with_: dict[str, Condition] = Field(default_factory=dict, alias="with")
    into: dict[str, str] = Field(default_factory=dict)
    """Slot → key of the action's result."""


AnyAction = Annotated[ActionCall, BeforeValidator(_as_action)]


class TransferSpec(_Model):
    """Hand the call to a person. Both ways out are owed: nobody is left in silence."""

    to: str
    """A desk that the settings map to a number: staff, situation_room."""
    answered: Route
    unanswered: Route


class Form(_Model):
    """One place in the conversation."""

    set: dict[str, Condition] = Field(default_factory=dict)
    do: Annotated[tuple[AnyAction, ...], BeforeValidator(_as_tuple)] = ()
    record: Literal["start", "stop"] | None = None
    prompt: Prompts = ()
    field: FieldSpec | None = None
    filled: Annotated[Filled, BeforeValidator(_as_filled)] = Filled()
    noinput: tuple[Rung, ...] | None = None
    nomatch: tuple[Rung, ...] | None = None
    catch: dict[str, Route] = Field(default_factory=dict)
    goto: Route | None = None
    transfer: TransferSpec | None = None
    end: str | None = None
    """The outcome's code."""
    return_: bool = Field(default=False, alias="return")
    """Back to the form that was interrupted."""

    @model_validator(mode="after")
    def _one_way_on(self) -> Form:
        ways = {
            "field": self.field is not None,
            "goto": self.goto is not None,
            "transfer": self.transfer is not None,
            "end": self.end is not None,
            "return": self.return_,
        }
        taken = [name for name, is_taken in ways.items() if is_taken]
        if len(taken) != 1:
            raise ValueError(
                f"a form needs exactly one of field, goto, transfer, end, return (found: {taken})"
            )
        return self


class SlotSpec(_Model):
    """A slot: a value that the call carries."""

    type: SlotKind
    given: bool = False
    """The line fills it before the call begins."""
    initial: Any = None
    personal: bool = False
    """Of one person: never spoken to a machine, where anybody may play it back."""
    example: Any = None
    """For checks, drawings and drafts: what a typical value looks like."""
    fields: dict[str, SlotKind] = Field(default_factory=dict)
    """The fields of a list's records."""
    note: str = ""

    def slot_type(self) -> SlotType:
        record = tuple((name, SlotType(kind)) for name, kind in self.fields.items())
        if self.type == "list":
            return SlotType("list", item_type=SlotType("record", fields=record) if record else ANY)
        return SlotType(self.type, fields=record)


class Link(_Model):
    """Words that lead somewhere from everywhere (VoiceXML: link): what no act expresses, e.g. 이사 갔어요."""

    words: tuple[str, ...] = Field(min_length=1)
    unless: tuple[str, ...] = ()
    """Words in whose presence it does not hold (이사 안 갔어요)."""
    goto: Route

    def fits(self, text: str) -> bool:
        """Whether the link holds for what was said; spaces do not count."""
        said = "".join(text.split())
        return any("".join(word.split()) in said for word in self.words) and not any(
            "".join(word.split()) in said for word in self.unless
        )


class OutcomeSpec(_Model):
    """How a call may end."""

    label: str
    """Korean, for the social worker."""
    reached: bool
    """Whether the right person was spoken to: nothing else counts as delivered."""


class Phrases(_Model):
    """Small answers of the engine itself."""

    repeat: Prompts
    slower: Prompts
    louder: Prompts
    hold: Prompts


class TimeLimits(_Model):
    """How long a call may last. The warning is said once and takes nothing from the answer that it comes with; then
    the call goes where ``catch: time_over`` leads. Neither happens while ``unless`` holds."""

    warn_after_s: int = Field(ge=60)
    warning: Prompts
    end_after_s: int = Field(ge=120)
    unless: Condition | None = None

    @model_validator(mode="after")
    def _warns_first(self) -> TimeLimits:
        if self.warn_after_s >= self.end_after_s:
            raise ValueError("nobody would be warned; warn_after_s must be less than end_after_s")
        return self


class Dialog(_Model):
    """A whole dialog, as loaded. ``phrases`` may come from the shared file."""

    dialog: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    version: int = Field(ge=1)
    title: str
    line: Literal["duty", "outreach", "callback", "situation_room", "screening"]
    slots: dict[str, SlotSpec] = Field(default_factory=dict)
    outcomes: dict[str, OutcomeSpec]
    first: str
    catch: dict[str, Route] = Field(default_factory=dict)
    """Act or event → where it leads, from any form that does not catch it itself."""
    links: tuple[Link, ...] = ()
    noinput: tuple[Rung, ...] = ()
    nomatch: tuple[Rung, ...] = ()
    phrases: Phrases
    max_turns: int = Field(default=60, ge=5)
    """More turns than this are a loop: the call goes where ``catch: exhausted`` says."""
    time_limits: TimeLimits | None = None
    forms: dict[str, Form]

    @model_validator(mode="after")
    def _says_where_time_leads(self) -> Dialog:
        if self.time_limits is not None and "time_over" not in self.catch:
            raise ValueError("time_limits need a form to go to: catch: {time_over: …}")
        return self

    def slot_types(self) -> dict[str, SlotType]:
        return {name: spec.slot_type() for name, spec in self.slots.items()}

    def ladder(self, form: Form, kind: Literal["noinput", "nomatch"]) -> tuple[Rung, ...]:
        """The form's own ladder, else the dialog's."""
        own = form.noinput if kind == "noinput" else form.nomatch
        return own if own is not None else (self.noinput if kind == "noinput" else self.nomatch)

    def prompt_id(self, form: str, number: int, prompt: Prompt) -> str:
        """``number`` counts from 1 among the prompts of that form or ladder."""
        return prompt.id or f"{self.dialog}.{form}.{number}"
