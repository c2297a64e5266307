"""All that is peculiar to PostgreSQL: how it is reached, and how servers that migrate at the same time take turns."""

from sqlalchemy import URL, Connection, Engine, create_engine, text

from agentops_server.errors import Invalid, Unavailable

CONNECTIONS = 8
POOL_WAIT_S = 10.0
"""How long a caller waits for a connection of the pool."""
CONNECT_TIMEOUT_S = 5
STATEMENT_TIMEOUT_MS = 10_000
"""How long a statement may take, which includes its wait for locks."""
SILENCE_MS = 10_000
"""How long the network may swallow what was sent, before the connection counts as broken."""
MIGRATION_LOCK = 0x6167656E746F7073
"""The advisory lock of whoever migrates: the bytes of ``agentops``."""


def open_postgres(url: URL) -> Engine:
    """An engine on a PostgreSQL database.

    A connection is tried before it is used, so that a restart of the database costs nobody an error but those whose
    transactions it broke. No statement is prepared on the server, so that a pooler may stand between.

    Raises:
        Invalid: The URL names no database.
        Unavailable: Its driver is not installed.
    """
    if not url.database:
        raise Invalid("AGENTOPS_CONTROL_URL names no database: postgresql://user:password@host:5432/database")
    arguments = {
        "connect_timeout": CONNECT_TIMEOUT_S,
        "application_name": "agentops-server",
        "prepare_threshold": None,
        "tcp_user_timeout": SILENCE_MS,
        "options": f"-c statement_timeout={STATEMENT_TIMEOUT_MS}",
    }
    try:
        return create_engine(
            url.set(drivername="postgresql+psycopg"),
            connect_args=arguments,
            pool_size=CONNECTIONS,
            max_overflow=0,
            pool_timeout=POOL_WAIT_S,
            pool_pre_ping=True,
            hide_parameters=True,
        )
    except ModuleNotFoundError as error:
        raise Unavailable(
            "the client of PostgreSQL is not installed: pip install 'agentops-server[postgres]'"
        ) from error


def lock_migrations(connection: Connection) -> None:
    """Wait until no other server migrates this database; it is held until the transaction ends."""
    connection.execute(text("SET LOCAL statement_timeout = 0"))
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
