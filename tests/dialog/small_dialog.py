"""A small dialog without a fault, as text, for tests to spoil; and the shortest way from text to a dialog."""

from __future__ import annotations

from pathlib import Path

from voicebot.dialog.checks import ActionSignature
from voicebot.dialog.loading import LoadedDialog, load_dialog

ACTIONS = {
    "order": ActionSignature(frozenset({"meal"}), frozenset({"note"}), frozenset({"number"})),
    "leave_word": ActionSignature(),
}
GOOD = """\
dialog: small
version: 1
title: 도시락 안내
line: outreach
slots:
  name: {type: text, given: true, personal: true, example: 박순자}
  price: {type: int, given: true, example: 5000}
  meal: {type: text}
  number: {type: text}
  remark: {type: text}
  times: {type: int, initial: 0}
outcomes:
  ordered: {label: 주문, reached: true}
  refused: {label: 거절, reached: true}
  missed: {label: 못 만남, reached: false}
  handed_over: {label: 연결, reached: true}
  line_dropped: {label: 끊김, reached: false}
first: hello
catch:
  emergency: desk
  distress: desk
  human: desk
  stop: refuse
  later: refuse
  who: who_we_are
  suspicious: refuse
  wrong_person: refuse
  proxy: refuse
  deceased: refuse
  hard_of_hearing: desk
  abusive: refuse
  machine: machine
  hangup: dropped
  exhausted: desk
links:
  - {words: [이사 갔], unless: [안 갔], goto: refuse}
noinput:
  - prompt: 듣고 계시면 아무 말씀이나 해 주세요.
  - goto: missed
phrases:
  repeat: 다시 말씀드립니다.
  slower: 천천히 말씀드립니다.
  louder: 크게 말씀드립니다.
  hold: 기다리겠습니다.
forms:
  hello:
    prompt:
      - {text: 시청의 인공지능 전화입니다., bargein: never, legal: true}
      - {text: "{name:이/가} 맞으신가요? 한 끼에 {price:won}입니다.", id: who}
    field: {kind: yes_no, question_kind: identity}
    filled: {yes: choose, no: refuse}
    nomatch:
      - prompt: 본인이 맞으시면 네라고 해 주세요.
      - goto: desk
  choose:
    set: {times: times + 1}
    prompt: 무엇을 드릴까요? 밥은 일 번, 죽은 이 번입니다.
    field:
      kind: choice
      slot: meal
      options:
        - {value: rice, say: 밥, key: "1"}
        - {value: porridge, say: 죽, key: "2"}
    filled:
      - {if: "meal == 'rice' and times < 3", goto: order}
      - {goto: ask_remark}
    nomatch:
      - prompt: 밥과 죽 가운데 골라 주세요.
      - goto: desk
  ask_remark:
    prompt: 남기실 말씀이 있으세요? 없으면 일 번입니다.
    field: {kind: speech, slot: remark, keys: {"1": order}}
    filled: order
    nomatch:
      - prompt: 남기실 말씀을 한 번만 더 해 주세요.
      - goto: order
  order:
    do: {action: order, with: {meal: meal, note: remark}, into: {number: number}}
    prompt: "{number:digits}번으로 주문했습니다."
    end: ordered
  who_we_are:
    prompt: 시청 복지과입니다.
    return: true
  desk:
    prompt: 사람을 연결합니다.
    transfer: {to: staff, answered: handed_over, unanswered: missed}
  handed_over: {end: handed_over}
  refuse:
    do: leave_word
    end: refused
  missed: {end: missed}
  machine:
    prompt: 시청에서 전화드렸습니다.
    end: missed
  dropped: {end: line_dropped}
"""


def spoiled(changes: dict[str, str]) -> str:
    """The good dialog with passages changed; each must be there exactly once."""
    text = GOOD
    for old, new in changes.items():
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the good dialog"
        text = text.replace(old, new)
    return text


def load_text(folder: Path, text: str, name: str = "small") -> LoadedDialog:
    """The dialog that ``text`` describes, read from a file as any other."""
    path = folder / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    return load_dialog(path)
