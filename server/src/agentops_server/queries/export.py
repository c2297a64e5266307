"""Whole projects for an export: their sessions by their starts, and the events of each in time order."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

import msgspec

from agentops_server.domain.clock import LAST_NS
from agentops_server.domain.ids import ProjectId, SessionId
from agentops_server.domain.session import Session
from agentops_server.queries.sql_files import read_sql
from agentops_server.queries.windows import BY_SESSION, RUN_BYTES, SIZE, Sessions, iter_blocks, iter_rows
from agentops_server.storage.warehouse.port import Format, Parameters, Warehouse
from agentops_server.storage.warehouse.rows import AgentRow, EventRow, SessionRow, decode_rows, session_from_row

# Events of so many sessions are sorted together.
SESSIONS_AT_ONCE = 100
# What is one file comes in blocks of so many events, which may be large.
ROWS_AT_ONCE = 50
# The engine sorts the events of one session after the other, each in memory, where all of them are smaller: one of
# 350 MB took 468 MB. Else it sorts on disk, in so many runs at most, for it merges them all at once.
LARGE_SESSION_BYTES = 128 << 20
MOST_RUNS = 100
TABLES = ("events", "sessions")


@dataclass(frozen=True, slots=True)
class ExportPlace:
    """A place in a project's sessions: after the one with this start and id."""

    init_ns: Annotated[int, msgspec.Meta(ge=-1, le=(1 << 63) - 1)]
    session_id: str


FIRST_PLACE = ExportPlace(-1, "")
LAST_PLACE = ExportPlace((1 << 63) - 1, "")


@dataclass(frozen=True, slots=True)
class ExportRange:
    """Which sessions of a project: those that started from `since_ns` to before `until_ns`."""

    since_ns: int = 0
    until_ns: int = LAST_NS
    after: ExportPlace = FIRST_PLACE
    upto: ExportPlace = LAST_PLACE
    """The last session."""
    chosen: tuple[SessionId, ...] = ()
    """Only these, where any are named."""

    def parameters(self, project_id: ProjectId) -> Parameters:
        """For the queries of this module."""
        return {
            "project_id": project_id,
            "since_ns": self.since_ns,
            "until_ns": self.until_ns,
            "after_ns": self.after.init_ns,
            "after_id": self.after.session_id,
            "upto_ns": self.upto.init_ns,
            "upto_id": self.upto.session_id,
            "chosen": self.chosen,
        }


class _Sizes(msgspec.Struct):
    """About how large events are, all of them and those of the largest session."""

    bytes: int = 0
    largest: int = 0


class _Place(msgspec.Struct):
    init_ns: int
    session_id: UUID


def find_page_end(warehouse: Warehouse, project_id: ProjectId, wanted: ExportRange, limit: int) -> ExportPlace | None:
    """The last of `limit` sessions, where more follow."""
    parameters: Parameters = {**wanted.parameters(project_id), "limit": limit + 1}
    found = decode_rows(warehouse.query(_sql("export_places"), parameters), _Place)
    return ExportPlace(found[limit - 1].init_ns, str(found[limit - 1].session_id)) if len(found) > limit else None


def iter_pages(warehouse: Warehouse, project_id: ProjectId, wanted: ExportRange) -> Iterator[list[Session]]:
    """The sessions by their starts, some at a time."""
    after = wanted.after
    while True:
        parameters: Parameters = {
            **wanted.parameters(project_id),
            "after_ns": after.init_ns,
            "after_id": after.session_id,
            "limit": SESSIONS_AT_ONCE,
        }
        rows = decode_rows(warehouse.query(_sql("export_sessions"), parameters), SessionRow)
        if not rows:
            return
        yield list(map(session_from_row, rows))
        after = ExportPlace(rows[-1].init_ns, str(rows[-1].session_id))


def list_agents_of(
    warehouse: Warehouse, project_id: ProjectId, session_ids: Sequence[SessionId]
) -> dict[SessionId, list[AgentRow]]:
    """The agents of some sessions, in the order in which they were made."""
    parameters: Parameters = {"project_id": project_id, "session_ids": session_ids}
    found: dict[SessionId, list[AgentRow]] = {session_id: [] for session_id in session_ids}
    for row in decode_rows(warehouse.query(read_sql("export_agents"), parameters), AgentRow):
        found[SessionId(row.session_id)].append(row)
    return found


def iter_events_of(warehouse: Warehouse, project_id: ProjectId, session_ids: Sequence[SessionId]) -> Iterator[EventRow]:
    """The events of some sessions, in the order of these and then of time, block by block."""
    return iter_rows(warehouse, Sessions(project_id, session_ids), BY_SESSION)


def stream_table(
    warehouse: Warehouse, project_id: ProjectId, wanted: ExportRange, table: str, output: Format
) -> Iterator[bytes]:
    """One of `TABLES` flat, in the engine's own form."""
    if output is Format.CSV:
        csv_blocks = _iter_csv_events if table == "events" else _iter_table
        return _with_one_heading(csv_blocks(warehouse, project_id, wanted, table, output))
    return _iter_table(warehouse, project_id, wanted, table, output)


def _iter_table(
    warehouse: Warehouse, project_id: ProjectId, wanted: ExportRange, table: str, output: Format
) -> Iterator[bytes]:
    """All at once: what is one file in the end, or has no payloads."""
    parameters, ids, sizes = wanted.parameters(project_id), _sql("export_ids").strip(), _Sizes()
    if table == "events":
        plan = _sql("export_sizes").replace("/*SESSIONS*/", ids).replace("/*BYTES*/", SIZE)
        (sizes,) = decode_rows(warehouse.query(plan, parameters), _Sizes)
    tokens = {
        "/*SESSIONS*/": ids,
        "/*WINDOW*/": "",
        "/*PLACE*/": "events.session_id",
        "/*ROWS*/": str(ROWS_AT_ONCE),
        "/*IN_ORDER*/": str(int(sizes.largest <= LARGE_SESSION_BYTES)),
        "/*RUN*/": str(max(RUN_BYTES, sizes.bytes // MOST_RUNS)),
    }
    sql = _sql(f"export_table_{table}")
    for token, text in tokens.items():
        sql = sql.replace(token, text)
    return warehouse.stream(sql, parameters, output)


def _iter_csv_events(
    warehouse: Warehouse, project_id: ProjectId, wanted: ExportRange, table: str, output: Format
) -> Iterator[bytes]:
    """By the starts of sessions, some at a time."""
    sql = _sql(f"export_table_{table}").replace("/*SESSIONS*/", "{session_ids:Array(UUID)}")
    after, more = wanted.after, True
    while more:
        parameters: Parameters = {
            **wanted.parameters(project_id),
            "after_ns": after.init_ns,
            "after_id": after.session_id,
            "limit": SESSIONS_AT_ONCE,
        }
        places = decode_rows(warehouse.query(_sql("export_places"), parameters), _Place)
        ids = [SessionId(place.session_id) for place in places]
        yield from iter_blocks(warehouse, sql, Sessions(project_id, ids), BY_SESSION, output)
        if more := len(places) == SESSIONS_AT_ONCE:
            after = ExportPlace(places[-1].init_ns, str(places[-1].session_id))


def _with_one_heading(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """The engine writes the names of the columns again after a block without rows."""
    heading = b""
    for block in blocks:
        first = block[: block.find(b"\n") + 1]
        if heading and first == heading:
            block = block[len(heading) :]  # noqa: PLW2901
        heading = heading or first
        yield block


def _sql(name: str) -> str:
    """The text of a file; the one condition that all share is in a file of its own."""
    return read_sql(name).replace("/*CHOSEN*/", read_sql("export_chosen").strip())
