"""The tables, one module per subject. Whoever needs one imports it from here."""

from voicebot.records.tables.calls import (
    Call,
    CallStatusEvent,
    Direction,
    Outcome,
    Placement,
    Recording,
    Turn,
)
from voicebot.records.tables.cases import (
    FollowUp,
    FollowUpKind,
    FollowUpState,
    Priority,
    Request,
    RequestState,
    TextMessage,
    TextState,
)
from voicebot.records.tables.city import Programme, Site, SiteKind, Staff
from voicebot.records.tables.house import AuditEvent, OutboxItem
from voicebot.records.tables.learning import ExampleProposal, ProposalState
from voicebot.records.tables.people import Household, PhoneNumber, ProgrammeUse, Resident, UseState

__all__ = [
    "AuditEvent",
    "Call",
    "CallStatusEvent",
    "Direction",
    "ExampleProposal",
    "FollowUp",
    "FollowUpKind",
    "FollowUpState",
    "Household",
    "OutboxItem",
    "Outcome",
    "PhoneNumber",
    "Placement",
    "Priority",
    "Programme",
    "ProgrammeUse",
    "ProposalState",
    "Recording",
    "Request",
    "RequestState",
    "Resident",
    "Site",
    "SiteKind",
    "Staff",
    "TextMessage",
    "TextState",
    "Turn",
    "UseState",
]
