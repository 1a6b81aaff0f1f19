"""A caller's report as the dialog needs it: what it is about, where, what is still missing. Pure: no records.

The dialog decides by ``kind``; everything else is what it says or asks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from voicebot.nlu import Act, Answer, understand_answer
from voicebot.nlu.emergency import HELPLINES, hear_emergency
from voicebot.nlu.heard import without_fillers
from voicebot.nlu.intents.asking import SURE, ask_back
from voicebot.nlu.intents.catalogue import Intent, catalogue
from voicebot.nlu.intents.understand import UNCLEAR, Utterance, understand_utterance
from voicebot.nlu.places import PlaceFound, find_place

AdviceOf = Callable[[str], str | None]
"""What is answered on the call for an intent, in Korean."""


class Kind(StrEnum):
    """What the desk does with an utterance."""

    EMERGENCY = "emergency"
    OFFICER = "officer"
    ABUSIVE = "abusive"
    EARLIER = "earlier"
    """What became of an earlier report is asked."""
    UNCLEAR = "unclear"
    DOUBTFUL = "doubtful"
    """A guess that is asked about ("혹시 …이신가요?")."""
    ADVICE = "advice"
    """Answered on the call."""
    REPORT = "report"


_KIND_OF = {"human_request": Kind.OFFICER, "abusive": Kind.ABUSIVE, UNCLEAR: Kind.UNCLEAR}
_NO_CORRECTION = (UNCLEAR, "out_of_scope", "human_request", "abusive")
"""What is never taken for the true matter of a report: "아니라니까" says nothing of it."""
_DENIES = re.compile("말고|아니라|아니고|아니에요|아니요")
_CORRECTED = 0.6
"""Confidence from which another matter is taken where the caller says what it is not."""
_SAYS_SOMETHING = 4  # syllables; "네" and "맞아요" name no matter
_NAMED_AGAIN = 0.35
"""Confidence from which a guess that was just named is taken when it is heard again."""
_YES = 0.65
_HOPELESS = 0.3
"""Confidence below which no guess is named: the caller is asked to say it again."""


def understand_report(said: str, advice_of: AdviceOf) -> dict[str, Any]:
    """What an utterance reports, as slots of the dialog (`report_slots`)."""
    heard = understand_utterance(said)
    return report_slots(heard.intent, heard.place, _kind(heard, advice_of), advice_of) | {
        "question": ask_back(heard) or "",
        "other": _other(heard),
        "second": heard.alternatives[0][0] if heard.alternatives else "",
    }


def chosen_report(intent: str, advice_of: AdviceOf) -> dict[str, Any]:
    """The same for a matter that was chosen on the keypad or confirmed."""
    known = catalogue()[intent]
    kind = Kind.ADVICE if known.urgency == "info" and advice_of(intent) else Kind.REPORT
    kind = Kind.EMERGENCY if known.is_emergency else _KIND_OF.get(intent, kind)
    return report_slots(known, None, kind, advice_of) | {
        "question": "",
        "other": "",
        "second": "",
    }


def report_slots(intent: Intent, place: PlaceFound | None, kind: Kind, advice_of: AdviceOf) -> dict[str, Any]:
    """``kind``, ``intent``, ``matter`` (as it is asked about), ``place`` as spoken ("" without one), ``place_question``
    that settles an ambiguous one, ``needs_place``, ``needs_since``, ``advice``."""
    return {
        "kind": kind.value,
        "intent": intent.id,
        "matter": intent.ask_ko,
        **place_slots(place),
        "needs_place": "place" in intent.needs,
        "needs_since": "since" in intent.needs,
        "advice": advice_of(intent.id) or "",
    }


def place_slots(place: PlaceFound | None) -> dict[str, Any]:
    """``place`` and ``place_question`` ("" where nothing is to be asked)."""
    if place is None:
        return {"place": "", "place_question": ""}
    return {"place": place.spoken, "place_question": place.ask_ko or ""}


def understand_place(said: str) -> dict[str, Any]:
    """Where it is, said in answer to "어디예요?": a place of the city, or the words as they are."""
    found = find_place(said)
    return place_slots(found) if found else {"place": said.strip(), "place_question": ""}


def corrected_report(said: str, intent: str, place: str, advice_of: AdviceOf) -> dict[str, Any]:
    """What "아니 중동 말고 상동" and "소음이 아니라 주차요" change in a report: ``is_changed`` and the slots of the report."""
    heard = understand_utterance(said)
    is_other_matter = (
        heard.intent.id not in (intent, *_NO_CORRECTION)
        and heard.confidence >= (_CORRECTED if heard.place is None and _DENIES.search(said) else SURE)
        and (heard.emergency or len(without_fillers(said).replace(" ", "")) >= _SAYS_SOMETHING)
    )
    chosen = heard.intent if is_other_matter else catalogue()[intent]
    kind = _kind(heard, advice_of) if is_other_matter else Kind.REPORT
    if kind is Kind.DOUBTFUL:
        kind = Kind.REPORT  # it is read back and confirmed
    slots = report_slots(chosen, heard.place, kind, advice_of)
    if heard.place is None:
        slots["place"] = place
    is_changed = is_other_matter or heard.place is not None
    return {**slots, "is_changed": is_changed, "question": "", "other": ""}


def added_place(said: str, place: str) -> dict[str, Any]:
    """The answer to a question about an ambiguous place, put before it: what is named first is what counts."""
    found = find_place(said)
    more = found.spoken if found else said.strip()
    return {"place": f"{more}, {place}" if place and more != place else more, "place_question": ""}


def settled_report(
    said: str, *, question: str, first: str, second: str, place: str, advice_of: AdviceOf
) -> dict[str, Any]:
    """The answer to "혹시 …이신가요, 아니면 …이신가요?": the slots of the report that is meant; kind ``unclear`` when the
    answer settles nothing. ``place``: as it was said before."""
    heard = understand_utterance(said)
    if heard.emergency:
        return report_slots(heard.intent, heard.place, Kind.EMERGENCY, advice_of)
    answer = understand_answer(said, question=question, question_kind="consent")
    name = _meant(heard, answer, (first, second))
    if name is None:
        return report_slots(catalogue()[first], None, Kind.UNCLEAR, advice_of)
    slots = chosen_report(name, advice_of)
    return slots | (place_slots(heard.place) if heard.place else {"place": place})


def _meant(heard: Utterance, answer: Answer, guesses: tuple[str, str]) -> str | None:
    """Which of the guesses, or another matter that is surely heard, an answer names."""
    if heard.intent.id in guesses and heard.confidence >= _NAMED_AGAIN:
        return heard.intent.id
    if answer.act is Act.AFFIRM and answer.confidence >= _YES:
        return guesses[0]
    return heard.intent.id if heard.confidence >= SURE and heard.intent.id != UNCLEAR else None


@dataclass(frozen=True)
class Danger:
    """An emergency as it is written down. ``kind``: see `voicebot.nlu.emergency.HELPLINES`; ``helpline``: the number that
    the caller is told; ``others``: other matters of the same breath, by intent."""

    intent: str
    kind: str
    helpline: str
    place: str = ""
    others: tuple[str, ...] = ()


_INTENT_OF = {
    "abuse": "abuse_report",
    "violence": "crime",
    "missing": "missing_person",
    "crash": "traffic_accident",
    "hunger": "welfare_crisis",
}
_UNKNOWN_DANGER = "medical"
"""What is written down when only the key for emergencies was pressed: 119 sends whatever is needed."""


def hear_danger(said: str) -> Danger:
    """What kind of danger an utterance tells of that was taken for an emergency, here or by the answers' alarm."""
    heard, sign = understand_utterance(said), hear_emergency(said)
    kind = heard.kind or (sign.kind if sign else _UNKNOWN_DANGER)
    is_named = heard.intent.is_emergency and (heard.emergency or sign is None)
    intent = heard.intent if is_named else catalogue()[_INTENT_OF.get(kind, kind)]
    others = tuple(name for name in heard.also if catalogue()[name].urgency != "info")
    place = heard.place.spoken if heard.place else ""
    return Danger(intent.id, kind, HELPLINES.get(kind) or intent.external or "119", place, others)


def _kind(heard: Utterance, advice_of: AdviceOf) -> Kind:
    if heard.emergency:
        return Kind.EMERGENCY
    if heard.is_about_earlier:
        return Kind.EARLIER
    if (kind := _KIND_OF.get(heard.intent.id)) is not None:
        return kind
    if heard.confidence < _HOPELESS:
        return Kind.UNCLEAR
    if heard.confidence < SURE:
        return Kind.DOUBTFUL
    is_answered = heard.intent.urgency == "info" and advice_of(heard.intent.id) is not None
    return Kind.ADVICE if is_answered else Kind.REPORT


def _other(heard: Utterance) -> str:
    """Another matter of the same breath that wants a ticket of its own, by its id; "" without one."""
    return next((name for name in heard.also if catalogue()[name].urgency != "info"), "")


def pure_action(name: str, arguments: Mapping[str, Any], advice_of: AdviceOf) -> Mapping[str, Any]:
    """The actions of the desk that need no records, by the names that the dialog uses; {} for all others."""
    said = str(arguments.get("said") or "")
    match name:
        case "understand_report":
            return understand_report(said, advice_of)
        case "choose_report":
            return chosen_report(str(arguments["intent"]), advice_of)
        case "understand_place":
            return understand_place(said)
        case "add_place":
            return added_place(said, str(arguments.get("place") or ""))
        case "settle_report":
            return settled_report(
                said,
                question=str(arguments["question"]),
                first=str(arguments["intent"]),
                second=str(arguments["second"]),
                place=str(arguments.get("place") or ""),
                advice_of=advice_of,
            )
        case "correct_report":
            return corrected_report(
                said, str(arguments["intent"]), str(arguments.get("place") or ""), advice_of
            )
    return {}
