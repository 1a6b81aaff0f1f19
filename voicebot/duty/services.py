"""What other programs may report to the duty desk: the complaints among the intents that a department acts on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from voicebot.nlu.intents.catalogue import INTENTS, Intent, catalogue

ABOUT_THE_CALL = frozenset({"human_request", "verify_call"})
"""They have a department, but are wishes about a telephone call, not complaints."""


@dataclass(frozen=True)
class Service:
    """One kind of complaint. ``department_ko``: the office without its district."""

    code: str
    name_ko: str
    description_ko: str
    department_ko: str


def services(intents: Mapping[str, Intent] | None = None) -> dict[str, Service]:
    """The kinds of complaint by code, in the order of their codes.

    Emergencies are not among them: whoever is in danger rings 119 or 112, and a web form must not stand
    between. Matters that no department acts on are answered on the call.
    """
    known = catalogue() if intents is None else intents
    return {
        code: Service(code, intent.name_ko, intent.definition_ko.strip(), intent.department_in(None) or "")
        for code, intent in sorted(known.items())
        if intent.department is not None and not intent.is_emergency and code not in ABOUT_THE_CALL
    }


def name_of(code: str) -> str:
    """The Korean name of any intent, those that cannot be reported included; the code where there is none."""
    intent = catalogue().get(code)
    return intent.name_ko if intent else code


def number_instead(code: str) -> str | None:
    """The emergency number for what is not taken here (119, 112 …); None when ``code`` is no emergency."""
    intent = catalogue().get(code)
    return (intent.external or "119") if intent and intent.is_emergency else None


def is_known(code: str) -> bool:
    """Whether tickets may carry this code."""
    return code in catalogue()


def changed_at(folder: Path = INTENTS) -> datetime:
    """When the intents were last edited, aware."""
    return datetime.fromtimestamp(max(path.stat().st_mtime for path in folder.glob("*.yaml")), UTC)
