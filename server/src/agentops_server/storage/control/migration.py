"""Brings the tables of a control store to the version that this server knows."""

from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from agentops_server.errors import Unavailable
from agentops_server.storage.control.engine import Transactions

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0003"
"""The newest revision in migrations/versions."""


def migrate(transactions: Transactions) -> list[str]:
    """Run the migrations that are missing, all or none; returns their numbers.

    Processes that migrate at the same time do it one after the other, and the later ones find nothing to do. At the
    newest version this costs one SELECT, and alembic is not even imported.

    Raises:
        Unavailable: The database does not answer, or a newer server made its tables.
    """
    if missing := find_missing(transactions):
        with transactions.migrating() as connection:
            _upgrade(connection)
    return missing


def find_missing(transactions: Transactions) -> list[str]:
    """The numbers of the migrations that were not run yet, in order. It changes nothing; raises as `migrate` does."""
    version = _find_version(transactions)
    if version == HEAD:
        return []
    if version is not None and version > HEAD:
        raise Unavailable(
            f"The control store is at version {version}, made by a newer agentops-server; this one knows up to "
            f"{HEAD}. Install the newer agentops-server, or restore the backup of before the upgrade."
        )
    return list_after(version)


def list_after(version: str | None) -> list[str]:
    """The numbers of the migrations after a version, in order; of all for None."""
    from alembic.script import ScriptDirectory  # noqa: PLC0415 - 0.3 s that a start at the newest version is spared

    scripts = ScriptDirectory.from_config(_configure())
    return [script.revision for script in reversed(list(scripts.iterate_revisions(HEAD, version or "base")))]


def _find_version(transactions: Transactions) -> str | None:
    with transactions.reading() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        version: str | None = connection.scalar(text("SELECT max(version_num) FROM alembic_version"))
        return version


def _upgrade(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415

    config = _configure()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _configure() -> "Config":
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", "agentops_server.storage.control:migrations")
    return config
