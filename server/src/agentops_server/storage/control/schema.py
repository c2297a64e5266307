"""The tables of the control store as they are after the newest migration."""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)

# Named constraints, so that a later migration can change one on every database.
metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)

projects = Table(
    "projects",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("name", String(200), nullable=False, unique=True),
    Column("created_ns", BigInteger, nullable=False),
)

# Times that have not come yet are 0.
api_keys = Table(
    "api_keys",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("project_id", Uuid, ForeignKey("projects.id"), nullable=False, index=True),
    Column("key_hash", LargeBinary(32), nullable=False, unique=True),
    Column("label", String(200), nullable=False),
    Column("hint", String(8), nullable=False),
    Column("created_ns", BigInteger, nullable=False),
    Column("last_used_ns", BigInteger, nullable=False),
    Column("revoked_ns", BigInteger, nullable=False),
)

secrets = Table(
    "secrets",
    metadata,
    Column("name", String(100), primary_key=True),
    Column("content", LargeBinary(32), nullable=False),
    Column("created_ns", BigInteger, nullable=False),
)

login_codes = Table(
    "login_codes",
    metadata,
    Column("code_hash", LargeBinary(32), primary_key=True),
    Column("project_id", Uuid, ForeignKey("projects.id"), nullable=True),
    Column("expires_ns", BigInteger, nullable=False),
    Column("redeemed_ns", BigInteger, nullable=False),
)

# Days as ISO 8601, "" for never; what is priced as JSON.
price_overrides = Table(
    "price_overrides",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("project_id", Uuid, ForeignKey("projects.id"), nullable=False),
    Column("provider", String(200), nullable=False),
    Column("pattern", String(200), nullable=False),
    Column("effective_from", String(10), nullable=False),
    Column("effective_to", String(10), nullable=False),
    Column("prices", Text, nullable=False),
    Column("created_ns", BigInteger, nullable=False),
    UniqueConstraint("project_id", "provider", "pattern", "effective_from"),
)

repricings = Table(
    "repricings",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("project_id", Uuid, ForeignKey("projects.id"), nullable=False),
    Column("since_ns", BigInteger, nullable=False),
    Column("until_ns", BigInteger, nullable=False),
    Column("pattern", String(200), nullable=False),
    Column("state", String(20), nullable=False, index=True),
    Column("plan", Text, nullable=False),
    Column("done_events", BigInteger, nullable=False),
    Column("failure", Text, nullable=False),
    Column("created_ns", BigInteger, nullable=False),
)

# Days; 0 keeps for ever.
retention = Table(
    "retention",
    metadata,
    Column("project_id", Uuid, ForeignKey("projects.id"), primary_key=True),
    Column("payload_days", Integer, nullable=False),
    Column("facts_days", Integer, nullable=False),
)

# What was deleted on purpose. It outlives its project, so it refers to none.
tombstones = Table(
    "tombstones",
    metadata,
    Column("project_id", Uuid, primary_key=True),
    Column("session_id", Uuid, primary_key=True),
    Column("deleted_ns", BigInteger, nullable=False, index=True),
    Column("purged_ns", BigInteger, nullable=False),
)
