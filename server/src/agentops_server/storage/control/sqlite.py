"""All that is peculiar to SQLite: how a file is made, opened and locked."""

import logging
import os
import sqlite3
import time
from contextlib import closing, suppress
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event

from agentops_server.errors import Invalid, Unavailable

logger = logging.getLogger(__name__)

LOCK_WAIT_S = 10.0
"""How long a statement waits for the lock of another process, before it gives up."""

WRITES = "control_writes"
"""The execution option of a connection that is going to write."""

_making = Lock()


def sqlite_url(path: Path) -> URL:
    """The URL of a SQLite file; no character of the path needs quoting."""
    return URL.create("sqlite", database=str(path))


def open_sqlite(url: URL) -> Engine:
    """An engine on a SQLite file, which is made (mode 0600) if it is not there.

    Raises:
        Invalid: The URL names no file.
        Unavailable: The file cannot be made or opened.
    """
    if not url.database or url.database == ":memory:":
        raise Invalid(
            "The control store is shared between processes: give its URL a file, sqlite:////path/control.sqlite"
        )
    path = Path(url.database)
    try:
        _make_private(path)
        _use_wal(path)
    except (OSError, sqlite3.Error) as error:
        raise Unavailable(f"The control store {path} cannot be opened: {error}") from error
    engine = create_engine(url, connect_args={"timeout": LOCK_WAIT_S}, hide_parameters=True)
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    return engine


def _make_private(path: Path) -> None:
    """Make the file with mode 0600; SQLite gives its -wal and -shm files the mode of the file.

    A file that is there is never opened here: to close any descriptor of it would drop the locks that the connections
    of this process hold on it.
    """
    with _making, suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    if path.stat().st_mode & 0o077:
        path.chmod(0o600)


def _use_wal(path: Path) -> None:
    """Turn the write-ahead log on, so that readers and a writer in several processes do not wait for each other.

    The mode is kept in the file. SQLite does not wait for locks while it changes it, so this does.
    """
    deadline = time.monotonic() + LOCK_WAIT_S
    with closing(sqlite3.connect(path, timeout=LOCK_WAIT_S)) as connection:
        while True:
            try:
                (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                    raise
                time.sleep(0.01)
            else:
                break
    if mode != "wal":
        logger.warning("No write-ahead log on the file system of %s: keys made meanwhile may wait for each other", path)


def _set_up(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # Python begins nothing by itself: `_begin` does
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")


def _begin(connection: Connection) -> None:
    # A transaction that reads first and then writes fails at once if another one wrote between; one that takes the
    # write lock at its start waits for it.
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
