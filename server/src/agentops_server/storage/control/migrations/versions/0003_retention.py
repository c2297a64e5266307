"""For how long each project keeps its data, and what was deleted on purpose."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "retention",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("payload_days", sa.Integer(), nullable=False),
        sa.Column("facts_days", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("project_id", name="pk_retention"),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_retention_project_id"),
    )
    op.create_table(
        "tombstones",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("deleted_ns", sa.BigInteger(), nullable=False),
        sa.Column("purged_ns", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("project_id", "session_id", name="pk_tombstones"),
    )
    op.create_index("ix_tombstones_deleted_ns", "tombstones", ["deleted_ns"])
