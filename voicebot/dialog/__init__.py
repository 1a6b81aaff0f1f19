"""Dialogs as data and the pure engine that walks them. No Flask, SQL, network, clock or chance in here."""

from voicebot.dialog.commands import (
    Command,
    End,
    Listen,
    Perform,
    RecordCall,
    RememberPace,
    Say,
    Spoken,
    Transfer,
)
from voicebot.dialog.engine import Expectation, begin, expecting, step
from voicebot.dialog.heard import Event, Heard
from voicebot.dialog.loading import DialogShelf, LoadedDialog, load_dialog
from voicebot.dialog.model import Bargein, Dialog, FieldKind
from voicebot.dialog.session import Pace, Session

__all__ = [
    "Bargein",
    "Command",
    "Dialog",
    "DialogShelf",
    "End",
    "Event",
    "Expectation",
    "FieldKind",
    "Heard",
    "Listen",
    "LoadedDialog",
    "Pace",
    "Perform",
    "RecordCall",
    "RememberPace",
    "Say",
    "Session",
    "Spoken",
    "Transfer",
    "begin",
    "expecting",
    "load_dialog",
    "step",
]
