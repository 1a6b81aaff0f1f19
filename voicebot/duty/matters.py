"""A caller's report as the dialog needs it: what it is about, where, what is still missing. Pure: no records.

The dialog decides by ``kind``; everything else is what it says or asks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

from voicebot.korean import speakable
from voicebot.nlu.emergency import HELPLINES
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
_HOPELESS = 0.3
"""Confidence below which no guess is named: the caller is asked to say it again."""


def understand_report(said: str, advice_of: AdviceOf) -> dict[str, Any]:
    """What an utterance reports, as slots of the dialog (`report_slots`)."""
    heard = understand_utterance(said)
    return report_slots(heard.intent, heard.place, _kind(heard, advice_of), advice_of) | {
        "question": ask_back(heard) or "",
        "other": _other(heard),
    }


def chosen_report(intent: str, advice_of: AdviceOf) -> dict[str, Any]:
    """The same for a matter that was chosen on the keypad or confirmed."""
    known = catalogue()[intent]
    kind = Kind.ADVICE if known.urgency == "info" and advice_of(intent) else Kind.REPORT
    kind = Kind.EMERGENCY if known.is_emergency else _KIND_OF.get(intent, kind)
    return report_slots(known, None, kind, advice_of) | {"question": "", "other": ""}


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
    return {"place": speakable(place.spoken), "place_question": place.ask_ko or ""}


def understand_place(said: str) -> dict[str, Any]:
    """Where it is, said in answer to "어디예요?": a place of the city, or the words as they are."""
    found = find_place(said)
    return place_slots(found) if found else {"place": speakable(said.strip()), "place_question": ""}


def corrected_report(said: str, intent: str, place: str, advice_of: AdviceOf) -> dict[str, Any]:
    """What "아니 중동 말고 상동" and "소음이 아니라 주차요" change in a report: ``is_changed`` and the slots of the report."""
    heard = understand_utterance(said)
    is_other_matter = heard.intent.id not in (intent, UNCLEAR) and heard.confidence >= SURE
    chosen = heard.intent if is_other_matter else catalogue()[intent]
    kind = _kind(heard, advice_of) if is_other_matter else Kind.REPORT
    slots = report_slots(chosen, heard.place, kind, advice_of)
    if heard.place is None:
        slots["place"] = place
    is_changed = is_other_matter or heard.place is not None
    return {**slots, "is_changed": is_changed, "question": "", "other": ""}


def helpline_of(intent: Intent, kind: str | None) -> str:
    """The number that the caller is told, e.g. ``119``."""
    return HELPLINES.get(kind or "", None) or intent.external or "119"


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
        case "correct_report":
            return corrected_report(
                said, str(arguments["intent"]), str(arguments.get("place") or ""), advice_of
            )
    return {}
