"""The warehouse inside this process: chDB, the ClickHouse engine as a library.

A connection of the engine must never be shared: two threads on one connection were seen to get each other's parameters,
which here would be another project's data. So every call checks one out of a pool for itself alone, and a stream keeps
its own until it is closed. Streams and inserts have connections apart, so that no query waits for one of them.
"""

import shutil
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from agentops_server.errors import Unavailable
from agentops_server.storage.warehouse.engine import check_folder, make_address, prepare_allocator
from agentops_server.storage.warehouse.failures import FAILED, TOOK_TOO_LONG, TOOK_TOO_MUCH, check_count, count_rows
from agentops_server.storage.warehouse.guards import forbid_fork, make_merges_nice, open_folder, restore_crash_signals
from agentops_server.storage.warehouse.pool import ConnectionPool
from agentops_server.storage.warehouse.port import Format, Parameters, encode_parameter, quote
from agentops_server.storage.warehouse.streams import MOST, StreamShare

if TYPE_CHECKING:
    from chdb.state.sqlitelike import Connection

READ_CONNECTIONS = 8
CHECKOUT_TIMEOUT_S = 30.0
# Who reads a stream sets its pace, so its time limit is another one than that of queries.
STREAM_TIMEOUT_S = 3600.0
FILE_BLOCK_BYTES = 256 << 10
# A field without a column is an error. The index of words is made by merges: at inserts it costs as much as the rest.
WRITE_SETTINGS = "input_format_skip_unknown_fields = 0, exclude_materialize_skip_indexes_on_insert = 'words'"
READ_SETTINGS = "max_threads = 2, max_memory_usage = 1500000000, output_format_json_quote_decimals = 1"


class EmbeddedWarehouse:
    """A `Warehouse` on a local folder. Open it in the main thread; one process at a time may hold the folder."""

    def __init__(
        self, folder: Path, *, query_timeout_s: float = 30.0, stream_timeout_s: float = STREAM_TIMEOUT_S
    ) -> None:
        """Open the engine, creating the folder.

        Args:
            folder: Where the data lives.
            query_timeout_s: Seconds after which a query is ended by the engine.
            stream_timeout_s: The same for a stream, however it is read.

        Raises:
            Unavailable: The engine is not installed, cannot be told of the folder, read or write it, or another process
                holds it.
        """
        connect = _find_engine()
        check_folder(folder)
        self._lock = open_folder(folder)
        self._answers = folder / "answers"
        shutil.rmtree(self._answers, ignore_errors=True)  # what a killed process was about to send
        self._connect = connect
        try:
            self._source = make_address(folder)
            self._writer = self._open(WRITE_SETTINGS)
        except (OSError, RuntimeError) as error:
            self._lock.close()
            raise Unavailable(_explain_opening(folder, str(error))) from error
        self._write_lock = threading.Lock()
        self._merges_are_nice = False
        self._readers = self._open_pool(READ_CONNECTIONS, query_timeout_s)
        self._stream_readers = self._open_pool(MOST, stream_timeout_s)
        self._streams = StreamShare()
        forbid_fork()
        restore_crash_signals()

    def _open(self, settings: str) -> "Connection":
        connection = self._connect(self._source)
        connection.query(f"SET {settings}")
        return connection

    def _open_pool(self, size: int, timeout_s: float) -> ConnectionPool:
        settings = f"{READ_SETTINGS}, max_execution_time = {timeout_s}"
        return ConnectionPool(lambda: self._open(settings), size, CHECKOUT_TIMEOUT_S)

    def insert(self, table: str, rows: bytes) -> None:
        with self._write_lock, _engine_errors(), self._inserter(table) as inserter:
            inserter.append(rows)
            written = inserter.finish().rows_written
            self._merges_are_nice = self._merges_are_nice or make_merges_nice()
        check_count(table, written, count_rows(rows))

    def _inserter(self, table: str) -> Any:
        """An insert that is cancelled where it cannot be finished; left open, it would refuse every later one."""
        return self._writer.send_insert(f"INSERT INTO {table}", "JSONEachRow")

    def query(self, sql: str, parameters: Parameters) -> bytes:
        with self._readers.lend() as connection, _engine_errors():
            return bytes(connection.query(sql, "JSONEachRow", params=_encode(parameters)).bytes())

    def stream(self, sql: str, parameters: Parameters, output: Format = Format.LINES) -> Iterator[bytes]:
        iterate = self._iter_file if output is Format.PARQUET else self._iter_blocks
        return self._streams.open(iterate(sql, parameters, output))

    def _iter_blocks(self, sql: str, parameters: Parameters, output: Format) -> Generator[bytes, None, None]:
        with self._stream_readers.lend() as connection, _engine_errors():
            result = connection.send_query(sql, output, params=_encode(parameters))
            try:
                for block in result:
                    yield bytes(block.bytes())
            finally:
                result.close()

    def _iter_file(self, sql: str, parameters: Parameters, output: Format) -> Generator[bytes, None, None]:
        """A format with an index at its end: block by block the engine would begin a new file each time."""
        self._answers.mkdir(exist_ok=True)
        with TemporaryDirectory(dir=self._answers) as folder:
            path = Path(folder) / "answer"
            statement = f"{sql.rstrip()}\nINTO OUTFILE {quote(str(path.absolute()))} FORMAT {output}"
            with self._stream_readers.lend() as connection, _engine_errors():
                connection.query(statement, params=_encode(parameters))
            with path.open("rb") as file:
                while block := file.read(FILE_BLOCK_BYTES):
                    yield block

    def execute(self, sql: str) -> None:
        with self._write_lock, _engine_errors(may_tell=True):
            self._writer.query(sql)

    def close(self) -> None:
        self._streams.close()  # to read on over a closed connection ends the process
        self._readers.close()
        self._stream_readers.close()
        self._writer.close()
        self._lock.close()


def _find_engine() -> "Callable[[str], Connection]":
    prepare_allocator()
    try:
        from chdb.state.sqlitelike import Connection  # noqa: PLC0415 - 0.2 s and 180 MB: only when it is used
    except ImportError:
        raise Unavailable(
            "the embedded warehouse is not installed: pip install 'agentops-server[embedded]',"
            " or name a ClickHouse server with AGENTOPS_WAREHOUSE_URL"
        ) from None
    return Connection


def _explain_opening(folder: Path, text: str) -> str:
    """Why the engine did not open its folder, in one line: what it says first, and what can be done."""
    reason = _first_line(text)
    if "No space left" in text or "NOT_ENOUGH_SPACE" in text:
        return f"there is no space left for the warehouse in {folder}: free some and start again ({reason})"
    if "Permission denied" in text or "EACCES" in text:
        return f"the warehouse in {folder} may not be read or written by this user: give it the folder ({reason})"
    return (
        f"the warehouse in {folder} cannot be opened: restore the folder from a backup, or move it away to start with"
        f" an empty one ({reason})"
    )


def _encode(parameters: Parameters) -> dict[str, Any]:
    return {name: encode_parameter(value) for name, value in parameters.items()}


@contextmanager
def _engine_errors(*, may_tell: bool = False) -> Iterator[None]:
    """The engine's errors as ours. They are RuntimeErrors or ChdbErrors, with a code only in the text.

    Args:
        may_tell: Whether the engine's words may reach who asked: those on a query may quote data.
    """
    from chdb import ChdbError  # noqa: PLC0415

    try:
        yield
    except (RuntimeError, ChdbError) as error:
        raise Unavailable(_explain(str(error), may_tell)) from error


def _explain(text: str, may_tell: bool) -> str:
    if "TIMEOUT_EXCEEDED" in text:
        return TOOK_TOO_LONG
    if "MEMORY_LIMIT_EXCEEDED" in text:
        return TOOK_TOO_MUCH
    return f"the warehouse refused a statement: {_first_line(text)}" if may_tell else FAILED


def _first_line(text: str) -> str:
    return text.partition("\n")[0][:300]
