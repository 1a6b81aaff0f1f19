"""What a call learns about a person (refused, deceased, in distress …): kept, and told to staff."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from voicebot.clock import SEOUL, in_seoul
from voicebot.nlu.values import understand_value
from voicebot.outreach.follow_ups import leave
from voicebot.outreach.gate import NUMBER_OPTED_OUT, NUMBER_WRONG
from voicebot.outreach.spelling import spell
from voicebot.records import people
from voicebot.records.tables import Direction, FollowUpKind, Priority
from voicebot.records.work import CallWork

_UNREACHED = {
    "voicemail": "음성사서함으로 연결되었습니다. 다른 방법으로 연락해 주세요.",
    "silence": "전화를 받았으나 말씀이 없었습니다. 안부를 확인해 주세요.",
    "line_dropped": "안내 중에 전화가 끊겼습니다.",
    "no_answer": "전화를 받지 않았습니다.",
    "busy_line": "통화 중이었습니다.",
    "failed": "없는 번호이거나 연결되지 않는 번호입니다. 번호를 확인해 주세요.",
}
_CALL_BACK = {
    "busy": "지금은 통화가 어려워 다시 전화드리기로 했습니다.",
    "human": "직원과의 통화를 원하셨습니다.",
    "person_wanted": "담당 직원의 전화를 원하십니다.",
}


def opt_out(work: CallWork, arguments: Mapping[str, Any]) -> None:
    """No more calls, of any kind, from this moment. Whom the records cannot name, a person looks for."""
    if (resident := work.resident()) is not None:
        people.opt_out(work.db, resident=resident, at=work.now, source=work.source)
        return
    call = work.call
    number = call.to_number if call.direction is Direction.OUTBOUND else call.from_number
    who = f"{spell(number)} 번호를 쓰시는 분이" if number.startswith("+") else "번호를 알 수 없는 분이"
    leave(
        work,
        FollowUpKind.MESSAGE,
        f"{who} 더는 전화하지 말아 달라고 하셨습니다. 어느 분인지 확인하시고 수신 거부로 적어 주세요.",
        subject=NUMBER_OPTED_OUT,
        priority=Priority.TODAY,
    )


def report_deceased(work: CallWork, arguments: Mapping[str, Any]) -> None:
    if (resident := work.resident()) is not None:
        people.mark_deceased(work.db, resident=resident, at=work.now, source=work.source)
    leave(
        work,
        FollowUpKind.DECEASED,
        "돌아가셨다는 말씀을 들었습니다. 확인하시고, 유족께 다시 전화가 가지 않게 해 주세요.",
        priority=Priority.TODAY,
    )


def report_moved(work: CallWork, arguments: Mapping[str, Any]) -> None:
    if (resident := work.resident()) is not None:
        people.mark_moved(work.db, resident=resident, at=work.now, source=work.source)
    leave(work, FollowUpKind.MOVED, "이사하셨다고 합니다. 주소와 전화번호를 확인해 주세요.")


def report_wrong_person(work: CallWork, arguments: Mapping[str, Any]) -> None:
    """The number belongs to somebody else: it is not dialled again, for no resident who has it on record."""
    number = work.call.to_number
    for resident in people.find_resident_by_phone(work.db, number):
        phone = people.phone_of(work.db, resident=resident, number=number)
        if phone is not None:
            people.mark_wrong_number(work.db, resident=resident, phone=phone, at=work.now, source=work.source)
    leave(
        work,
        FollowUpKind.WRONG_PERSON,
        "다른 사람이 쓰는 번호입니다. 맞는 전화번호를 확인해 주세요.",
        subject=NUMBER_WRONG,
    )


def report_proxy(work: CallWork, arguments: Mapping[str, Any]) -> None:
    leave(work, FollowUpKind.PROXY, "가족이나 다른 분이 받으셔서 본인께 안내하지 못했습니다.")


def report_suspicious(work: CallWork, arguments: Mapping[str, Any]) -> None:
    leave(
        work, FollowUpKind.SUSPICIOUS, "사기 전화로 의심하셨습니다. 직원이 직접 연락드리는 편이 좋겠습니다."
    )


def report_hard_of_hearing(work: CallWork, arguments: Mapping[str, Any]) -> None:
    leave(
        work, FollowUpKind.HARD_OF_HEARING, "전화 말소리를 잘 못 들으십니다. 문자나 방문으로 안내해 주세요."
    )


def report_unreached(work: CallWork, arguments: Mapping[str, Any]) -> None:
    """Nobody was told anything: that is a finding of its own, not a success."""
    reason = str(arguments["reason"])
    leave(work, FollowUpKind.UNREACHED, _UNREACHED[reason], subject=reason)


def raise_distress(work: CallWork, arguments: Mapping[str, Any]) -> None:
    """Somebody may be in danger. Written down before any transfer is tried."""
    leave(
        work,
        FollowUpKind.DISTRESS,
        "위기 상황으로 들리는 말씀이 있었습니다. 지금 바로 확인해 주세요.",
        priority=Priority.AT_ONCE,
    )


def ask_call_back(work: CallWork, arguments: Mapping[str, Any]) -> None:
    """Somebody should ring: why, and when if a time was given."""
    reason, when = str(arguments["reason"]), arguments.get("when")
    due_at = _moment(str(when), work.now) if when else None
    wish = f" 원하시는 때: {when}." if when else ""
    kind = FollowUpKind.CALL_BACK if reason == "busy" else FollowUpKind.PERSON_WANTED
    priority = Priority.ROUTINE if reason == "busy" else Priority.TODAY
    leave(work, kind, _CALL_BACK[reason] + wish, priority=priority, due_at=due_at)


def take_message(work: CallWork, arguments: Mapping[str, Any]) -> None:
    """A caller leaves word."""
    leave(
        work, FollowUpKind.MESSAGE, f"전화로 남기신 말씀: “{arguments['message']}”", priority=Priority.TODAY
    )


def _moment(said: str, now: datetime) -> datetime | None:
    """When "내일 오후 세 시" is, always after ``now``; None when no such time was named. Seoul's clock."""
    local = in_seoul(now)
    day = understand_value("day", said, reference=local)
    clock = understand_value("time", said, reference=local)
    if not isinstance(day, str) and not isinstance(clock, str):
        return None
    date_part = day if isinstance(day, str) else local.date().isoformat()
    time_part = clock if isinstance(clock, str) else "10:00"
    moment = datetime.fromisoformat(f"{date_part}T{time_part}").replace(tzinfo=SEOUL)
    if moment > now:
        return moment
    # "Two o'clock", said at four, is tomorrow's; a day that is over was misheard.
    return None if isinstance(day, str) else moment + timedelta(days=1)
