"""The duty desk: tickets, incidents, alarms, announcements, and what leaves the house.

Revision: 0003
Previous: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_TEXT = sa.String()
_CODE = sa.String(length=32)
_MOMENT = sa.DateTime(timezone=True)
_SEALED = sa.LargeBinary()

_TABLES = ("incident", "ticket", "ticket_event", "alarm", "announcement", "webhook_delivery", "api_key")


def upgrade() -> None:
    _create_incident()
    _create_ticket()
    _create_ticket_event()
    _create_alarm()
    _create_announcement()
    _create_webhook_delivery()
    _create_api_key()


def downgrade() -> None:
    for table in reversed(_TABLES):
        op.drop_table(table)


def _create_incident() -> None:
    op.create_table(
        "incident",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("intent", _TEXT, nullable=False),
        sa.Column("gu", _TEXT, nullable=True),
        sa.Column("dong", _TEXT, nullable=True),
        sa.Column("place_key", _TEXT, nullable=True),
        sa.Column("opened_at", _MOMENT, nullable=False),
        sa.Column("last_reported_at", _MOMENT, nullable=False),
        sa.Column("closed_at", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_incident_intent", "incident", ["intent"])
    op.create_index("ix_incident_opened_at", "incident", ["opened_at"])
    op.create_index("ix_incident_place_key", "incident", ["place_key"])


def _create_ticket() -> None:
    op.create_table(
        "ticket",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", _TEXT, sa.ForeignKey("call.id"), nullable=True),
        sa.Column("request_no", sa.Integer(), nullable=False),
        sa.Column("incident_id", sa.Integer(), sa.ForeignKey("incident.id"), nullable=True),
        sa.Column("intent", _TEXT, nullable=False),
        sa.Column("confidence", sa.Float(), nullable=True),
        sa.Column("is_corrected", sa.Boolean(), nullable=False),
        sa.Column("urgency", _CODE, nullable=False),
        sa.Column("emergency_kind", _TEXT, nullable=True),
        sa.Column("department", _TEXT, nullable=True),
        sa.Column("state", _CODE, nullable=False),
        sa.Column("is_partial", sa.Boolean(), nullable=False),
        sa.Column("said", _SEALED, nullable=True),
        sa.Column("since", _SEALED, nullable=True),
        sa.Column("place", _SEALED, nullable=True),
        sa.Column("gu", _TEXT, nullable=True),
        sa.Column("dong", _TEXT, nullable=True),
        sa.Column("caller_hash", _TEXT, nullable=True),
        sa.Column("may_call_back", sa.Boolean(), nullable=True),
        sa.Column("accepted_by", _TEXT, nullable=True),
        sa.Column("due_at", _MOMENT, nullable=True),
        sa.Column("digest_on", _MOMENT, nullable=True),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("updated_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("call_id", "request_no"),
    )
    op.create_index("ix_ticket_call_id", "ticket", ["call_id"])
    op.create_index("ix_ticket_caller_hash", "ticket", ["caller_hash"])
    op.create_index("ix_ticket_created_at", "ticket", ["created_at"])
    op.create_index("ix_ticket_department", "ticket", ["department"])
    op.create_index("ix_ticket_incident_id", "ticket", ["incident_id"])
    op.create_index("ix_ticket_intent", "ticket", ["intent"])
    op.create_index("ix_ticket_state", "ticket", ["state"])


def _create_ticket_event() -> None:
    op.create_table(
        "ticket_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), sa.ForeignKey("ticket.id"), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("actor", _TEXT, nullable=False),
        sa.Column("action", _TEXT, nullable=False),
        sa.Column("from_state", _CODE, nullable=True),
        sa.Column("to_state", _CODE, nullable=True),
        sa.Column("note", _SEALED, nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_ticket_event_ticket_id", "ticket_event", ["ticket_id"])


def _create_alarm() -> None:
    op.create_table(
        "alarm",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), sa.ForeignKey("ticket.id"), nullable=False),
        sa.Column("is_quiet", sa.Boolean(), nullable=False),
        sa.Column("state", _CODE, nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("next_at", _MOMENT, nullable=True),
        sa.Column("raised_at", _MOMENT, nullable=False),
        sa.Column("accepted_at", _MOMENT, nullable=True),
        sa.Column("accepted_by", _TEXT, nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("ticket_id"),
    )
    op.create_index("ix_alarm_next_at", "alarm", ["next_at"])
    op.create_index("ix_alarm_state", "alarm", ["state"])


def _create_announcement() -> None:
    op.create_table(
        "announcement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("text", _TEXT, nullable=False),
        sa.Column("place", _TEXT, nullable=True),
        sa.Column("starts_at", _MOMENT, nullable=False),
        sa.Column("ends_at", _MOMENT, nullable=False),
        sa.Column("created_by", _TEXT, nullable=False),
        sa.Column("withdrawn_at", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_announcement_ends_at", "announcement", ["ends_at"])


def _create_webhook_delivery() -> None:
    op.create_table(
        "webhook_delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_key", _TEXT, nullable=False),
        sa.Column("event", _TEXT, nullable=False),
        sa.Column("subscriber", _TEXT, nullable=False),
        sa.Column("body", _SEALED, nullable=False),
        sa.Column("state", _CODE, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_status", sa.Integer(), nullable=True),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("delivered_at", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("event_key", "subscriber"),
    )
    op.create_index("ix_webhook_delivery_state", "webhook_delivery", ["state"])


def _create_api_key() -> None:
    op.create_table(
        "api_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", _TEXT, nullable=False),
        sa.Column("key_hash", _TEXT, nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("revoked_at", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key_hash"),
        sa.UniqueConstraint("name"),
    )
