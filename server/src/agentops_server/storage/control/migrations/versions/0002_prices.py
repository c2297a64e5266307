"""The projects' own prices, and repricings that somebody asked for."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "price_overrides",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("provider", sa.String(200), nullable=False),
        sa.Column("pattern", sa.String(200), nullable=False),
        sa.Column("effective_from", sa.String(10), nullable=False),
        sa.Column("effective_to", sa.String(10), nullable=False),
        sa.Column("prices", sa.Text(), nullable=False),
        sa.Column("created_ns", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_price_overrides"),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_price_overrides_project_id"),
        sa.UniqueConstraint(
            "project_id", "provider", "pattern", "effective_from", name="uq_price_overrides_project_id"
        ),
    )
    op.create_table(
        "repricings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("since_ns", sa.BigInteger(), nullable=False),
        sa.Column("until_ns", sa.BigInteger(), nullable=False),
        sa.Column("pattern", sa.String(200), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("done_events", sa.BigInteger(), nullable=False),
        sa.Column("failure", sa.Text(), nullable=False),
        sa.Column("created_ns", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_repricings"),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_repricings_project_id"),
    )
    op.create_index("ix_repricings_state", "repricings", ["state"])
