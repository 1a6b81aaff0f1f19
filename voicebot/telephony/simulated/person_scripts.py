"""Scripts of what a person does, from a YAML file: a list of steps, one for each time the carrier listens.

- say: 네                     # words; or parts with pauses, see below
- press: "1"                  # keys
  interrupting: true          # while the prompt still plays
- wait: true                  # silence until the carrier stops listening
- say: [{words: 전입 신고를, pause_s: 4}, {words: 하려고요}]
- hang_up: true
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, RootModel, StringConstraints, model_validator

from voicebot.datafiles import read_model
from voicebot.telephony.simulated.persons import Action, HangUp, Press, ScriptedPerson, Silence, Speak


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    words: Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
    pause_s: float = Field(default=0, ge=0, le=60)


class Step(BaseModel):
    """One step: exactly one of say, press, wait and hang_up."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    say: Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)] | list[_Part] | None = None
    press: Annotated[str, StringConstraints(pattern=r"^[0-9*#]+$")] | None = None
    wait: Literal[True] | None = None
    hang_up: Literal[True] | None = None
    after_s: float = Field(default=0.5, ge=0, le=600)
    confidence: float | None = Field(default=0.9, ge=0, le=1)
    interrupting: bool = False

    @model_validator(mode="after")
    def _is_one_thing(self) -> Step:
        given = [name for name in ("say", "press", "wait", "hang_up") if getattr(self, name)]
        if len(given) != 1:
            raise ValueError(f"a step is one of say, press, wait, hang_up; this one has {given or 'none'}")
        return self

    def action(self) -> Action:
        if self.say:
            words = self.say
            text = words if isinstance(words, str) else [(part.words, part.pause_s) for part in words]
            return Speak(text, self.after_s, None, self.confidence, self.interrupting)
        if self.press:
            return Press(self.press, self.after_s, during_prompt=self.interrupting)
        return HangUp(self.after_s, self.interrupting) if self.hang_up else Silence()


class _Script(RootModel[list[Step]]):
    pass


def read_script(path: Path) -> list[Action]:
    """The actions of a script file. Raises DataFileError with every problem and its line."""
    return [step.action() for step in read_model(path, _Script).root]


def scripted_person(path: Path) -> ScriptedPerson:
    """A person who follows a script file, then stays silent. Raises DataFileError."""
    return ScriptedPerson(lines=read_script(path))
