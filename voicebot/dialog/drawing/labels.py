"""What stands in a picture of a dialog, in Korean: what takes an edge, and what a form says and does."""

from __future__ import annotations

import re

from voicebot.dialog.graph import Edge, Shape, Way
from voicebot.dialog.model import Dialog, FieldKind, Form

_ACTS = {
    "affirm": "긍정",
    "deny": "부정",
    "unsure": "모름",
    "repeat": "다시",
    "slower": "천천히",
    "louder": "크게",
    "hold": "잠깐만",
    "human": "사람 찾음",
    "stop": "수신 거부",
    "later": "나중에",
    "wrong_person": "본인 아님",
    "proxy": "가족·대리인",
    "deceased": "사망",
    "who": "누구냐고 물음",
    "suspicious": "의심",
    "distress": "위기",
    "emergency": "위급한 말",
    "inform": "내용 답변",
    "backchannel": "맞장구",
    "thanks_bye": "인사",
    "off_topic": "딴 얘기",
    "abusive": "폭언",
    "hard_of_hearing": "안 들림",
    "machine": "음성사서함",
    "hangup": "끊음",
    "exhausted": "제자리걸음",
    "time_over": "너무 오래",
}
_ANSWERS = {"yes": "예", "no": "아니요", "unsure": "모름", "": "대답"}
_LADDERS = {Way.NOINPUT: "무응답", Way.NOMATCH: "못 알아들음"}
_TRANSFER = {"answered": "받음", "unanswered": "안 받음"}
_LONGEST_CONDITION = 26


def edge_label(dialog: Dialog, edge: Edge) -> str:
    """What takes the edge, e.g. "예 (1)", "무응답 3번", "연결: 안 받음"."""
    name, _, condition = edge.name.partition(": ")
    if edge.way is Way.GOTO:
        return _shorten(_condition(edge.name))
    return " · ".join(part for part in (_plain_label(dialog, edge, name), _condition(condition)) if part)


def _plain_label(dialog: Dialog, edge: Edge, name: str) -> str:
    match edge.way:
        case Way.FILLED:
            return _answer(dialog, edge, name)
        case Way.KEY:
            return f"{name}번"
        case Way.NOINPUT | Way.NOMATCH:
            return f"{_LADDERS[edge.way]} {name}번"
        case Way.CATCH | Way.PHRASE:
            return _ACTS.get(name, name)
        case Way.LINK:
            return f"“{name.split('/')[0]}”"
        case Way.TRANSFER:
            return _TRANSFER[name]
    return name


def _answer(dialog: Dialog, edge: Edge, name: str) -> str:
    field = dialog.forms[edge.source].field
    if field is None or field.kind is not FieldKind.YES_NO:
        return _condition(edge.name) or _ANSWERS[""]
    keys = [key for key, meaning in field.key_table().items() if meaning == name]
    return _ANSWERS.get(name, name) + (f" ({keys[0]})" if keys else "")


def _condition(source: str) -> str:
    return "그 밖에" if source == "else" else source


def _shorten(text: str) -> str:
    return text if len(text) <= _LONGEST_CONDITION else text[: _LONGEST_CONDITION - 1] + "…"


def question_of(form: Form) -> str:
    """The sentence that stands for a form: its question, or the first thing it says."""
    if not form.prompt:
        return ""
    text = form.prompt[-1].text if form.field is not None else form.prompt[0].text
    return re.sub(r"\{([^{}:]+)(?::([^{}]+))?\}", r"[\1]", text)


def duties_of(dialog: Dialog, form: Form) -> list[str]:
    """What a form does beside speaking: legal notice, actions, recording, transfer, outcome, return."""
    duties = ["§ 법정 고지 (끼어들 수 없음)"] if any(prompt.legal for prompt in form.prompt) else []
    duties += [f"⚙ {call.action}" for call in form.do]
    if form.record:
        duties.append("● 녹음 시작" if form.record == "start" else "■ 녹음 끝")
    if form.transfer is not None:
        duties.append(f"☎ 연결: {form.transfer.to}")
    if form.end is not None:
        outcome = dialog.outcomes.get(form.end)
        duties.append(f"■ 끝: {outcome.label if outcome else form.end}")
    if form.return_:
        duties.append("↩ 하던 질문으로 돌아감")
    return duties


SHAPES_KO = {
    Shape.QUESTION: "질문 (둥근 네모)",
    Shape.PASS: "안내 (네모)",
    Shape.TRANSFER: "사람 연결 (육각형)",
    Shape.END: "통화 끝 (두 겹 테두리)",
    Shape.RETURN: "되돌아감 (기울인 네모)",
}
