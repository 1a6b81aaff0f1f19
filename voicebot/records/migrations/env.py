"""What Alembic runs for every command. The connection, its lock and its transaction are the caller's."""

from alembic import context
from sqlmodel import SQLModel

import voicebot.records.tables  # noqa: F401 (fills the metadata)

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,  # SQLite changes a column by rebuilding its table
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
