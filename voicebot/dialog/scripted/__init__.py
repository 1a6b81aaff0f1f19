"""Scripted calls: a dialog tried from first word to end, without a telephone or a database."""

from voicebot.dialog.scripted.coverage import Coverage, coverage_of
from voicebot.dialog.scripted.running import ActPurely, ScriptResult, Understand, run_script
from voicebot.dialog.scripted.script import Script, load_scripts, scripts_of

__all__ = [
    "ActPurely",
    "Coverage",
    "Script",
    "ScriptResult",
    "Understand",
    "coverage_of",
    "load_scripts",
    "run_script",
    "scripts_of",
]
