"""The warehouse inside this process: chDB, the ClickHouse engine as a library.

A connection of the engine must never be shared: two threads on one connection were seen to get each other's parameters,
which here would be another project's data. So every call checks one out of a pool for itself alone, and a stream keeps
its own until it is closed. Inserts have a connection apart, so that no query makes them wait.
"""

import queue
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from agentops_server.errors import Unavailable
from agentops_server.storage.warehouse.guards import forbid_fork, lock_folder, restore_crash_signals
from agentops_server.storage.warehouse.port import Format, Parameters, encode_parameter, quote

if TYPE_CHECKING:
    from chdb.state.sqlitelike import Connection

READ_CONNECTIONS = 8
CHECKOUT_TIMEOUT_S = 30.0
FILE_BLOCK_BYTES = 256 << 10
# Bounds for an engine that shares its machine with the agents it watches.
ENGINE_OPTIONS = "max_server_memory_usage=3000000000&background_pool_size=2&mark_cache_size=100000000"
READ_SETTINGS = "max_threads = 2, max_memory_usage = 1500000000, output_format_json_quote_decimals = 1"


class EmbeddedWarehouse:
    """A `Warehouse` on a local folder. Open it in the main thread; one process at a time may hold the folder."""

    def __init__(self, folder: Path, *, query_timeout_s: float = 30.0) -> None:
        """Open the engine, creating the folder.

        Args:
            folder: Where the data lives.
            query_timeout_s: Seconds after which a query is ended by the engine.

        Raises:
            Unavailable: The engine is not installed, or another process holds the folder.
        """
        try:
            from chdb.state.sqlitelike import Connection  # noqa: PLC0415 - 0.2 s and 180 MB: only when it is used
        except ImportError:
            raise Unavailable(
                "the embedded warehouse is not installed: pip install 'agentops-server[embedded]'"
            ) from None
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = lock_folder(folder)
        self._answers = folder / "answers"
        shutil.rmtree(self._answers, ignore_errors=True)  # what a killed process was about to send
        source = f"{folder / 'chdb'}?{ENGINE_OPTIONS}"
        self._writer = Connection(source)
        self._writer.query("SET input_format_skip_unknown_fields = 0")  # a row's field without a column is an error
        self._write_lock = threading.Lock()
        self._readers: queue.LifoQueue[Connection] = queue.LifoQueue()
        self._open: list[Connection] = [self._writer]
        for _ in range(READ_CONNECTIONS):
            reader = Connection(source)
            reader.query(f"SET {READ_SETTINGS}, max_execution_time = {query_timeout_s}")
            self._open.append(reader)
            self._readers.put(reader)
        forbid_fork()
        restore_crash_signals()

    def insert(self, table: str, rows: bytes) -> None:
        expected = rows.count(b"\n") + (not rows.endswith(b"\n"))
        with self._write_lock, _engine_errors(), self._inserter(table) as inserter:
            inserter.append(rows)
            written = inserter.finish().rows_written
        if written != expected:
            raise Unavailable(f"the warehouse stored {written} of {expected} rows of {table}")

    def _inserter(self, table: str) -> Any:
        """An insert that is cancelled where it cannot be finished; left open, it would refuse every later one."""
        return self._writer.send_insert(f"INSERT INTO {table}", "JSONEachRow")

    def query(self, sql: str, parameters: Parameters) -> bytes:
        with self._reader() as connection, _engine_errors():
            return bytes(connection.query(sql, "JSONEachRow", params=_encode(parameters)).bytes())

    def stream(self, sql: str, parameters: Parameters, output: Format = Format.LINES) -> Iterator[bytes]:
        if output is Format.PARQUET:
            yield from self._stream_file(sql, parameters, output)
            return
        with self._reader() as connection, _engine_errors():
            result = connection.send_query(sql, output, params=_encode(parameters))
            try:
                for block in result:
                    yield bytes(block.bytes())
            finally:
                result.close()

    def _stream_file(self, sql: str, parameters: Parameters, output: Format) -> Iterator[bytes]:
        """A format with an index at its end: block by block the engine would begin a new file each time."""
        self._answers.mkdir(exist_ok=True)
        with TemporaryDirectory(dir=self._answers) as folder:
            path = Path(folder) / "answer"
            statement = f"{sql.rstrip()}\nINTO OUTFILE {quote(str(path.absolute()))} FORMAT {output}"
            with self._reader() as connection, _engine_errors():
                connection.query(statement, params=_encode(parameters))
            with path.open("rb") as file:
                while block := file.read(FILE_BLOCK_BYTES):
                    yield block

    def execute(self, sql: str) -> None:
        with self._write_lock, _engine_errors():
            self._writer.query(sql)

    def close(self) -> None:
        for connection in self._open:
            connection.close()
        self._open.clear()
        self._lock.close()

    @contextmanager
    def _reader(self) -> Iterator["Connection"]:
        try:
            connection = self._readers.get(timeout=CHECKOUT_TIMEOUT_S)
        except queue.Empty:
            raise Unavailable("too many queries are running; try again in a few seconds") from None
        try:
            yield connection
        finally:
            self._readers.put(connection)


def _encode(parameters: Parameters) -> dict[str, Any]:
    return {name: encode_parameter(value) for name, value in parameters.items()}


@contextmanager
def _engine_errors() -> Iterator[None]:
    """The engine's errors as ours. They are RuntimeErrors or ChdbErrors, with a code only in the text."""
    from chdb import ChdbError  # noqa: PLC0415

    try:
        yield
    except (RuntimeError, ChdbError) as error:
        raise Unavailable(_explain(str(error))) from error


def _explain(text: str) -> str:
    if "TIMEOUT_EXCEEDED" in text:
        return "the query took longer than its time limit; narrow it, or raise AGENTOPS_QUERY_TIMEOUT_S"
    if "MEMORY_LIMIT_EXCEEDED" in text:
        return "the query needs more memory than it may use; narrow it"
    return "the warehouse did not take or give the data; the server's log says why"
