"""How a call of this line may end, and which ending outweighs which. The list is closed."""

from __future__ import annotations

GRAVITY = (
    "canceled",
    "failed",
    "busy_line",
    "no_answer",
    "line_dropped",
    "silence",
    "voicemail",
    "busy",
    "proxy",
    "abusive",
    "suspicious",
    "hard_of_hearing",
    "nothing_to_offer",
    "informed",
    "message_left",
    "applied",
    "person_wanted",
    "handed_over",
    "wrong_person",
    "moved",
    "refused",
    "deceased",
    "technical_failure",
    "distress",
)
"""The lightest first. What the dialogs call their outcomes, and what the carrier's end of a call means."""

OUTCOME_OF_STATUS = {
    "completed": "line_dropped",  # picked up and put down before our first word
    "busy": "busy_line",
    "no-answer": "no_answer",
    "failed": "failed",
    "canceled": "canceled",
}
"""The carrier's terminal status of a call in which nothing was said → outcome."""

LABELS_KO = {
    "canceled": "발신 취소",
    "failed": "연결 실패",
    "busy_line": "통화 중",
    "no_answer": "받지 않음",
    "technical_failure": "시스템 장애",
    "message_left": "메시지 접수",
}
"""Outcomes that no dialog declares; the others carry their label in the dialog's file."""
