"""Windows on the events of an export: each is so much of its order as the engine sorts in little memory.

The engine has to sort what an export streams, and holds some memory for each part that it sorts. So a large export is
cut: how many events there are, and how large, is asked by time first, from narrow columns; then one window after the
other is streamed. Each reads all the sessions' events again, so windows are large. Most of the memory is not for
sorting: it is for the parts of the table, which are read side by side, some 25 MB each whatever the size of a window.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import msgspec

from agentops_server.domain.ids import ProjectId, SessionId
from agentops_server.queries.sql_files import read_sql
from agentops_server.storage.warehouse.payloads import PAYLOADS
from agentops_server.storage.warehouse.port import Format, Parameters, Warehouse
from agentops_server.storage.warehouse.rows import EventRow, decode_rows

LISTS = ("action", "llm", "tool", "error")
"""The lists of a session's export, in their order."""
BY_LIST = f"indexOf({list(LISTS)}, if(kind IN ('llm', 'tool', 'error'), toString(kind), 'action'))"
BY_SESSION = "indexOf({session_ids:Array(UUID)}, events.session_id)"
"""What an export is ordered by before time, in SQL."""

# What is sorted in memory, before it is put on disk.
RUN_BYTES = 64 * 10**6
WINDOW_BYTES = 2 << 30
STEPS = 2000
# The engine gives so much at once, whatever the size of an event.
BLOCK_BYTES = 1 << 20
FEWEST_ROWS, MOST_ROWS = 4, 1000
SIZE = " + ".join(f"{name}.size" for name in PAYLOADS)


class Sessions(NamedTuple):
    """Some sessions of a project."""

    project_id: ProjectId
    ids: Sequence[SessionId]

    @property
    def parameters(self) -> Parameters:
        """For a query."""
        return {"project_id": self.project_id, "session_ids": self.ids}


class Stretch(msgspec.Struct):
    """Events of one place from a time on, up to the next stretch."""

    place: int
    from_ns: int
    events: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Window:
    """From one place and time to before another one; how many rows of it the engine should give at once."""

    start: tuple[int, int]
    end: tuple[int, int]
    rows: int


FIRST, LAST = (0, -(1 << 63)), ((1 << 63) - 1, (1 << 63) - 1)


def iter_blocks(
    warehouse: Warehouse, sql: str, of: Sessions, place: str, output: Format = Format.LINES
) -> Iterator[bytes]:
    """The answer to a query on the events of some sessions by `place`, which is `BY_LIST` or `BY_SESSION`, and time."""
    plan = read_sql("export_windows").replace("/*PLACE*/", place).replace("/*BYTES*/", SIZE)
    stretches = decode_rows(warehouse.query(plan, {**of.parameters, "steps": STEPS}), Stretch)
    text = sql.replace("/*WINDOW*/", read_sql("export_window").strip()).replace("/*PLACE*/", place)
    text = text.replace("/*RUN*/", str(RUN_BYTES)).replace("/*IN_ORDER*/", "0")
    for window in cut(stretches):
        bounds = {
            "from_place": window.start[0],
            "from_ns": window.start[1],
            "to_place": window.end[0],
            "to_ns": window.end[1],
        }
        yield from warehouse.stream(text.replace("/*ROWS*/", str(window.rows)), {**of.parameters, **bounds}, output)


def as_sql(form: str, query: str = "export_events") -> str:
    """A query on events that gives them in a form: as `event_rows`, or as a `document` each."""
    return read_sql(query).replace("/*WHAT*/", read_sql(form).strip())


def iter_rows(warehouse: Warehouse, of: Sessions, place: str) -> Iterator[EventRow]:
    """The events of some sessions whole, by place and time."""
    for lines in iter_blocks(warehouse, as_sql("event_rows"), of, place):
        yield from decode_rows(lines, EventRow)


def cut(stretches: Iterable[Stretch]) -> list[Window]:
    """Windows that leave nothing between them, nor before the first and after the last: events may come meanwhile."""
    windows: list[Window] = []
    start, rows, size_bytes = FIRST, 0, 0
    for stretch in stretches:
        place = (stretch.place, stretch.from_ns)
        if size_bytes and size_bytes + stretch.bytes > WINDOW_BYTES:
            windows.append(Window(start, place, _rows_at_once(rows, size_bytes)))
            start, rows, size_bytes = place, 0, 0
        rows += stretch.events
        size_bytes += stretch.bytes
    return [*windows, Window(start, LAST, _rows_at_once(rows, size_bytes))]


def _rows_at_once(rows: int, size_bytes: int) -> int:
    return max(FEWEST_ROWS, min(MOST_ROWS, BLOCK_BYTES * rows // max(1, size_bytes)))
