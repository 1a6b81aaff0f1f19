"""Whether the number that a call shows says who is ringing. Pure.

Tickets are told to whoever rings from the same number, so a number that many people share must own none: withheld
("anonymous", and the placeholder digits that carriers show instead), switchboards (15xx, 16xx, 18xx, 080), safe numbers
that are lent for a while (050x), short numbers (107, the relay service for deaf callers), the city's own number on a
call that was diverted to it, and numbers of other countries, among which the placeholders stand.
"""

from __future__ import annotations

import re

from voicebot.records.tables import Call, Direction

_OF_ONE_LINE = re.compile(
    r"\+82(?:10\d{8}|1[16-9]\d{7,8}|70\d{8}|2[2-9]\d{6,7}|(?:3[1-3]|4[1-4]|5[1-5]|6[1-4])[2-9]\d{6,7})"
)
"""A Korean mobile, landline or internet telephone, as the numbering plan has them (`voicebot.records.phones`)."""


def is_of_one_line(number: str) -> bool:
    """Whether an E.164 number (or what was shown instead) is that of one telephone."""
    return _OF_ONE_LINE.fullmatch(number) is not None


def owner_of(call: Call) -> str | None:
    """The hash under which the caller's tickets are kept (``ticket.caller_hash``); None when nobody is known by it."""
    inbound = call.direction is Direction.INBOUND
    other, ours = (call.from_number, call.to_number) if inbound else (call.to_number, call.from_number)
    return call.other_hash if is_of_one_line(other) and other != ours else None
