"""Everything the first call needs: the city, people, calls, cases, and the house's bookkeeping.

Revision: 0001
Previous: none
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# Written out, not taken from the models: a migration must stay what it was when the models move on.
_TEXT = sa.String()
_CODE = sa.String(length=32)
_MOMENT = sa.DateTime(timezone=True)
_SEALED = sa.LargeBinary()

_TABLES = (
    "site",
    "staff",
    "programme",
    "household",
    "resident",
    "phone_number",
    "programme_use",
    "call",
    "turn",
    "call_status_event",
    "outcome",
    "recording",
    "request",
    "follow_up",
    "text_message",
    "outbox_item",
    "audit_event",
)


def upgrade() -> None:
    _create_city()
    _create_people()
    _create_calls()
    _create_call_reports()
    _create_cases()
    _create_house()


def downgrade() -> None:
    for table in reversed(_TABLES):
        op.drop_table(table)


def _create_city() -> None:
    op.create_table(
        "site",
        sa.Column("id", _TEXT, nullable=False),
        sa.Column("kind", _CODE, nullable=False),
        sa.Column("name_ko", _TEXT, nullable=False),
        sa.Column("parent_id", _TEXT, nullable=True),
        sa.Column("phone", _TEXT, nullable=True),
        sa.ForeignKeyConstraint(
            ["parent_id"],
            ["site.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_site_parent_id", "site", ["parent_id"])
    op.create_table(
        "staff",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", _TEXT, nullable=False),
        sa.Column("name", _SEALED, nullable=False),
        sa.Column("role", _TEXT, nullable=False),
        sa.Column("phone", _SEALED, nullable=True),
        sa.ForeignKeyConstraint(
            ["site_id"],
            ["site.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_staff_site_id", "staff", ["site_id"])
    op.create_table(
        "programme",
        sa.Column("id", _TEXT, nullable=False),
        sa.Column("name_ko", _TEXT, nullable=False),
        sa.Column("category", _TEXT, nullable=False),
        sa.Column("status", _TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )


def _create_people() -> None:
    op.create_table(
        "household",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", _TEXT, nullable=False),
        sa.Column("external_id", _TEXT, nullable=True),
        sa.Column("address", _SEALED, nullable=True),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("classes", sa.JSON(), nullable=False),
        sa.Column("uses_gas_heating", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(
            ["site_id"],
            ["site.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("external_id"),
    )
    op.create_index("ix_household_site_id", "household", ["site_id"])
    op.create_table(
        "resident",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", _TEXT, nullable=False),
        sa.Column("household_id", sa.Integer(), nullable=True),
        sa.Column("external_id", _TEXT, nullable=True),
        sa.Column("name", _SEALED, nullable=False),
        sa.Column("name_hash", _TEXT, nullable=False),
        sa.Column("birth_date", _SEALED, nullable=True),
        sa.Column("classes", sa.JSON(), nullable=False),
        sa.Column("pace", sa.JSON(), nullable=False),
        sa.Column("opted_out_at", _MOMENT, nullable=True),
        sa.Column("deceased_reported_at", _MOMENT, nullable=True),
        sa.Column("moved_reported_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["household_id"],
            ["household.id"],
        ),
        sa.ForeignKeyConstraint(
            ["site_id"],
            ["site.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("external_id"),
    )
    op.create_index("ix_resident_household_id", "resident", ["household_id"])
    op.create_index("ix_resident_name_hash", "resident", ["name_hash"])
    op.create_index("ix_resident_site_id", "resident", ["site_id"])
    op.create_table(
        "phone_number",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("number", _SEALED, nullable=False),
        sa.Column("number_hash", _TEXT, nullable=False),
        sa.Column("preference", sa.Integer(), nullable=False),
        sa.Column("holder", _TEXT, nullable=True),
        sa.Column("is_wrong", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["resident_id"],
            ["resident.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("resident_id", "number_hash"),
    )
    op.create_index("ix_phone_number_number_hash", "phone_number", ["number_hash"])
    op.create_index("ix_phone_number_resident_id", "phone_number", ["resident_id"])
    op.create_table(
        "programme_use",
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("programme_id", _TEXT, nullable=False),
        sa.Column("state", _CODE, nullable=False),
        sa.Column("source", _TEXT, nullable=False),
        sa.Column("since", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"],
            ["resident.id"],
        ),
        sa.PrimaryKeyConstraint("resident_id", "programme_id"),
    )


def _create_calls() -> None:
    op.create_table(
        "call",
        sa.Column("id", _TEXT, nullable=False),
        sa.Column("direction", _CODE, nullable=False),
        sa.Column("line", _TEXT, nullable=False),
        sa.Column("dialog", _TEXT, nullable=False),
        sa.Column("dialog_version", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=True),
        sa.Column("from_number", _SEALED, nullable=False),
        sa.Column("to_number", _SEALED, nullable=False),
        sa.Column("other_hash", _TEXT, nullable=False),
        sa.Column("requested_at", _MOMENT, nullable=False),
        sa.Column("requested_by", _TEXT, nullable=False),
        sa.Column("placement", _CODE, nullable=True),
        sa.Column("placing_at", _MOMENT, nullable=True),
        sa.Column("carrier_sid", _TEXT, nullable=True),
        sa.Column("status", _TEXT, nullable=False),
        sa.Column("status_sequence", sa.Integer(), nullable=False),
        sa.Column("answered_by", _TEXT, nullable=True),
        sa.Column("answered_at", _MOMENT, nullable=True),
        sa.Column("ended_at", _MOMENT, nullable=True),
        sa.Column("duration_s", sa.Integer(), nullable=True),
        sa.Column("last_heard_at", _MOMENT, nullable=True),
        sa.Column("session", _SEALED, nullable=True),
        sa.Column("answers", _SEALED, nullable=True),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("recording_consent_at", _MOMENT, nullable=True),
        sa.Column("verification_code", _SEALED, nullable=True),
        sa.ForeignKeyConstraint(
            ["resident_id"],
            ["resident.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("carrier_sid"),
    )
    op.create_index("ix_call_last_heard_at", "call", ["last_heard_at"])
    op.create_index("ix_call_other_hash", "call", ["other_hash"])
    op.create_index("ix_call_requested_at", "call", ["requested_at"])
    op.create_index("ix_call_resident_id", "call", ["resident_id"])
    op.create_table(
        "turn",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", _TEXT, nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("idempotency_token", _TEXT, nullable=True),
        sa.Column("form", _TEXT, nullable=False),
        sa.Column("event", _TEXT, nullable=False),
        sa.Column("heard", _SEALED, nullable=True),
        sa.Column("recogniser_confidence", sa.Float(), nullable=True),
        sa.Column("act", _TEXT, nullable=True),
        sa.Column("confidence", sa.Float(), nullable=True),
        sa.Column("is_emergency", sa.Boolean(), nullable=False),
        sa.Column("meaning", _SEALED, nullable=True),
        sa.Column("said", _SEALED, nullable=True),
        sa.Column("twiml", _SEALED, nullable=True),
        sa.ForeignKeyConstraint(
            ["call_id"],
            ["call.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("call_id", "step"),
    )
    op.create_index("ix_turn_call_id", "turn", ["call_id"])
    op.create_index("ix_turn_idempotency_token", "turn", ["idempotency_token"])


def _create_call_reports() -> None:
    op.create_table(
        "call_status_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("carrier_sid", _TEXT, nullable=False),
        sa.Column("call_id", _TEXT, nullable=True),
        sa.Column("status", _TEXT, nullable=False),
        sa.Column("sequence_number", sa.Integer(), nullable=False),
        sa.Column("received_at", _MOMENT, nullable=False),
        sa.Column("reported_at", _TEXT, nullable=True),
        sa.Column("duration_s", sa.Integer(), nullable=True),
        sa.Column("sip_response_code", _TEXT, nullable=True),
        sa.ForeignKeyConstraint(
            ["call_id"],
            ["call.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("carrier_sid", "status", "sequence_number"),
    )
    op.create_index("ix_call_status_event_call_id", "call_status_event", ["call_id"])
    op.create_index("ix_call_status_event_carrier_sid", "call_status_event", ["carrier_sid"])
    op.create_table(
        "outcome",
        sa.Column("call_id", _TEXT, nullable=False),
        sa.Column("code", _TEXT, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("detail", _SEALED, nullable=True),
        sa.ForeignKeyConstraint(
            ["call_id"],
            ["call.id"],
        ),
        sa.PrimaryKeyConstraint("call_id"),
    )
    op.create_index("ix_outcome_code", "outcome", ["code"])
    op.create_table(
        "recording",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", _TEXT, nullable=False),
        sa.Column("carrier_sid", _TEXT, nullable=False),
        sa.Column("url", _TEXT, nullable=False),
        sa.Column("state", _TEXT, nullable=False),
        sa.Column("duration_s", sa.Integer(), nullable=True),
        sa.Column("consented_at", _MOMENT, nullable=True),
        sa.Column("received_at", _MOMENT, nullable=False),
        sa.Column("delete_after", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["call_id"],
            ["call.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("carrier_sid"),
    )
    op.create_index("ix_recording_call_id", "recording", ["call_id"])


def _create_cases() -> None:
    op.create_table(
        "request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", _TEXT, nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=True),
        sa.Column("programme_id", _TEXT, nullable=False),
        sa.Column("state", _CODE, nullable=False),
        sa.Column("said", _SEALED, nullable=True),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["call_id"],
            ["call.id"],
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"],
            ["resident.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("call_id", "programme_id"),
    )
    op.create_index("ix_request_call_id", "request", ["call_id"])
    op.create_index("ix_request_resident_id", "request", ["resident_id"])
    op.create_table(
        "follow_up",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", _TEXT, nullable=False),
        sa.Column("call_id", _TEXT, nullable=True),
        sa.Column("resident_id", sa.Integer(), nullable=True),
        sa.Column("request_id", sa.Integer(), nullable=True),
        sa.Column("kind", _CODE, nullable=False),
        sa.Column("subject", _TEXT, nullable=False),
        sa.Column("priority", _CODE, nullable=False),
        sa.Column("state", _CODE, nullable=False),
        sa.Column("summary", _SEALED, nullable=False),
        sa.Column("due_at", _MOMENT, nullable=True),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["call_id"],
            ["call.id"],
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["request.id"],
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"],
            ["resident.id"],
        ),
        sa.ForeignKeyConstraint(
            ["site_id"],
            ["site.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("call_id", "kind", "subject"),
    )
    op.create_index("ix_follow_up_call_id", "follow_up", ["call_id"])
    op.create_index("ix_follow_up_created_at", "follow_up", ["created_at"])
    op.create_index("ix_follow_up_resident_id", "follow_up", ["resident_id"])
    op.create_index("ix_follow_up_site_id", "follow_up", ["site_id"])
    op.create_table(
        "text_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", _TEXT, nullable=True),
        sa.Column("resident_id", sa.Integer(), nullable=True),
        sa.Column("kind", _TEXT, nullable=False),
        sa.Column("to_number", _SEALED, nullable=False),
        sa.Column("body", _SEALED, nullable=False),
        sa.Column("state", _CODE, nullable=False),
        sa.Column("carrier_sid", _TEXT, nullable=True),
        sa.Column("error", _TEXT, nullable=True),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("updated_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["call_id"],
            ["call.id"],
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"],
            ["resident.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("carrier_sid"),
    )
    op.create_index("ix_text_message_call_id", "text_message", ["call_id"])
    op.create_index("ix_text_message_resident_id", "text_message", ["resident_id"])


def _create_house() -> None:
    op.create_table(
        "outbox_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", _TEXT, nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("key", _TEXT, nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("handed_over_at", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    op.create_index("ix_outbox_item_created_at", "outbox_item", ["created_at"])
    op.create_index("ix_outbox_item_handed_over_at", "outbox_item", ["handed_over_at"])
    op.create_table(
        "audit_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("actor", _TEXT, nullable=False),
        sa.Column("action", _TEXT, nullable=False),
        sa.Column("subject", _TEXT, nullable=False),
        sa.Column("source", _TEXT, nullable=True),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_audit_event_at", "audit_event", ["at"])
