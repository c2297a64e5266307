"""Connections to the control store, one transaction each, on whichever database its URL names."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from agentops_server.errors import Invalid, Unavailable
from agentops_server.storage.control.postgres import lock_migrations, open_postgres
from agentops_server.storage.control.sqlite import WRITES, open_sqlite

_EXAMPLES = "sqlite:////path/control.sqlite or postgresql://user:password@host:5432/database"


def open_engine(url: str | URL) -> Engine:
    """An engine for a URL like ``sqlite:////var/lib/agentops/control.sqlite`` or ``postgresql://user:password@host/name``.

    Raises:
        Invalid: The URL is none, or names a database that is not supported.
        Unavailable: The database cannot be opened.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise Invalid(f"The URL of the control store is not one like {_EXAMPLES}") from None  # it may hold a password
    backend = parsed.get_backend_name()
    if backend == "sqlite":
        return open_sqlite(parsed)
    if backend in {"postgresql", "postgres"}:
        return open_postgres(parsed)
    raise Invalid(f"The control store cannot be on {backend!r}: its URL is one like {_EXAMPLES}")


class Transactions:
    """Begins transactions; each commits at the end of its block, or is rolled back if the block raises.

    Both kinds raise `Unavailable` if the database does not answer. A broken constraint stays an `IntegrityError`, which
    says something to the one who wrote the statement.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writer = engine.execution_options(**{WRITES: True})

    @property
    def file(self) -> Path | None:
        """The SQLite file; None on another database."""
        url = self._engine.url
        return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that only reads."""
        with _begin(self._engine) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that may write; on SQLite it is the only one of its kind, over all processes."""
        with _begin(self._writer) as connection:
            yield connection

    @contextmanager
    def migrating(self) -> Iterator[Connection]:
        """A transaction that alters tables: the only one of its kind, over all processes and machines."""
        with self.writing() as connection:
            if self._engine.dialect.name == "postgresql":
                lock_migrations(connection)
            yield connection

    def close(self) -> None:
        self._engine.dispose()


@contextmanager
def _begin(engine: Engine) -> Iterator[Connection]:
    try:
        with engine.begin() as connection:
            yield connection
    except IntegrityError:
        raise
    except DBAPIError as error:
        raise Unavailable(f"The control store did not answer: {_in_one_line(error.orig)}") from error
    except PoolTimeoutError as error:
        raise Unavailable("The control store did not answer: too many callers wait for it") from error


def _in_one_line(error: BaseException | None) -> str:
    return " ".join(str(error).split())
