"""What the bot asks back when it is not sure what, or where. Pure; whether to ask is the dialog's decision."""

from __future__ import annotations

from voicebot.nlu.intents.catalogue import catalogue
from voicebot.nlu.intents.understand import UNCLEAR, Utterance

SURE = 0.8
"""Confidence from which the first guess is only confirmed ("… 맞으신가요?"), not asked for."""
_WORTH_NAMING = 0.25
"""From this share of the doubt on the runner-up is offered beside the first guess."""


def ask_back(heard: Utterance) -> str | None:
    """A question in Korean that settles the doubt, or None when nothing is in doubt."""
    if heard.intent.id == UNCLEAR:
        return "어떤 일로 전화하셨는지 한 번만 더 말씀해 주시겠어요?"
    if heard.confidence < SURE:
        return _which(heard)
    if heard.place is not None and heard.place.ask_ko:
        return heard.place.ask_ko
    return None


def _which(heard: Utterance) -> str:
    first = heard.intent.ask_ko
    name, share = heard.alternatives[0]
    if name == UNCLEAR or share < _WORTH_NAMING * (1.0 - heard.confidence):
        return f"혹시 {first}이신가요, 아니면 다른 일이신가요?"
    return f"혹시 {first}이신가요, 아니면 {catalogue()[name].ask_ko}이신가요?"
