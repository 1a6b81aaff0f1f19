"""Ways through calls by the keypad alone, so that tests of calls do not hang on the understanding of words."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree

from tests.city import City

WHO = "1"
"""Yes, it is me."""
NO_RECORDING = "2"
NOT_RECEIVING = "2"
HELP_ME = "1"
TO_FIRST_OFFER = (WHO, NO_RECORDING)
FIRST_REQUEST = (*TO_FIRST_OFFER, NOT_RECEIVING, HELP_ME)


def press(city: City, call_id: str, keys: Sequence[str], *, first_step: int = 0) -> bytes:
    """Begin the call (unless ``first_step`` says that it has begun) and press keys, one a turn; the last answer."""
    answer = b""
    if first_step == 0:
        answer = city.turn(call_id, 0).data
    for step, key in enumerate(keys, first_step or 1):
        reply = city.turn(call_id, step, Digits=key)
        assert reply.status_code == 200, (step, key, reply.status_code)
        answer = reply.data
    return answer


def said(document: bytes | str) -> str:
    """Everything that a TwiML document speaks."""
    return " ".join("".join(say.itertext()) for say in ElementTree.fromstring(document).iter("Say"))
