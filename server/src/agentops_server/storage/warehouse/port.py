"""What the rest of the server may ask of a warehouse, whichever engine is behind it.

Data travels as bytes in ClickHouse's JSONEachRow format (one JSON object a line) both ways, so that the embedded engine
and a server need the same code above this line.
"""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Protocol, TypeAlias
from uuid import UUID

Parameter: TypeAlias = str | int | UUID | Sequence[str] | Sequence[UUID]
Parameters: TypeAlias = Mapping[str, Parameter]


class Format(StrEnum):
    """The forms in which a stream can come, by their names in ClickHouse."""

    LINES = "JSONEachRow"
    CSV = "CSVWithNames"
    PARQUET = "Parquet"
    TEXTS = "RowBinary"
    """Of columns that are strings, see `binary`."""

    @property
    def is_lines(self) -> bool:
        """Whether rows are lines of text."""
        return self in {Format.LINES, Format.CSV}


class Warehouse(Protocol):
    """The telemetry plane: ClickHouse SQL with ``{name:Type}`` parameters. Every call blocks; call it in a thread.

    Each method raises `agentops_server.errors.Unavailable` when the engine does not take or give the data, which
    includes a query that runs longer than its time limit.
    """

    def insert(self, table: str, rows: bytes) -> None:
        """Append rows (JSONEachRow); they are durable when this returns. All or none of them are taken."""

    def query(self, sql: str, parameters: Parameters) -> bytes:
        """The answer of a SELECT, as JSONEachRow."""

    def stream(self, sql: str, parameters: Parameters, output: Format = Format.LINES) -> Iterator[bytes]:
        """The answer of a SELECT in blocks, with only one in memory; of whole lines where the form has lines.

        Close it, or read it out.
        """

    def execute(self, sql: str) -> None:
        """Run one statement of a migration."""

    def close(self) -> None:
        """Release the engine; later calls raise."""


def encode_parameter(value: Parameter) -> str:
    """A parameter's text form: strings escaped as in TabSeparated, arrays as ClickHouse literals."""
    if isinstance(value, str):
        return value.translate(_ESCAPES)
    if isinstance(value, (int, UUID)):
        return str(value)
    return f"[{','.join(quote(str(item)) for item in value)}]"


_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\0": "\\0", "'": "\\'"})


def quote(text: str) -> str:
    """A text as a literal of SQL."""
    return f"'{text.translate(_ESCAPES)}'"
