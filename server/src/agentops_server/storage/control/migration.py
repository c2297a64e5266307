"""Brings the tables of a control store to the version that this server knows."""

from sqlalchemy import Connection, text

from agentops_server.errors import Unavailable
from agentops_server.storage.control.engine import Transactions

HEAD = "0003"
"""The newest revision in migrations/versions."""


def migrate(transactions: Transactions) -> None:
    """Run the migrations that are missing, all or none.

    Processes that migrate at the same time do it one after the other, and the later ones find nothing to do. At the
    newest version this costs one SELECT, and alembic is not even imported.

    Raises:
        Unavailable: The database does not answer, or a newer server made its tables.
    """
    version = _find_version(transactions)
    if version == HEAD:
        return
    if version is not None and version > HEAD:
        raise Unavailable(
            f"The control store is at version {version}, made by a newer agentops-server; this one knows up to "
            f"{HEAD}. Install the newer agentops-server, or restore the backup of before the upgrade."
        )
    with transactions.writing() as connection:
        _upgrade(connection)


def _find_version(transactions: Transactions) -> str | None:
    try:
        with transactions.reading() as connection:
            version: str | None = connection.scalar(text("SELECT max(version_num) FROM alembic_version"))
            return version
    except Unavailable:
        return None  # no such table yet; where it is something else, the upgrade meets it too and says so


def _upgrade(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 - 0.3 s that a start at the newest version is spared
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", "agentops_server.storage.control:migrations")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
