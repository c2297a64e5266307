"""What leaves the server as a whole: a session, or all sessions of a project, as JSON, NDJSON, CSV or Parquet."""

from collections.abc import Generator, Iterator
from enum import StrEnum
from typing import Annotated

from anyio import CancelScope
from fastapi import APIRouter, Depends, Query
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from agentops_server.domain.clock import LAST_NS, decode_time
from agentops_server.domain.project import Principal
from agentops_server.errors import Invalid
from agentops_server.http import views
from agentops_server.http.addresses import decode_session_id
from agentops_server.http.credentials import authenticate_reader
from agentops_server.http.cursors import decode_cursor, encode_cursor
from agentops_server.http.exporting import iter_export, iter_lines
from agentops_server.http.openapi import answers
from agentops_server.http.services import services_of
from agentops_server.queries.export import (
    FIRST_PLACE,
    LAST_PLACE,
    TABLES,
    ExportPlace,
    ExportRange,
    find_page_end,
    stream_table,
)
from agentops_server.queries.sessions import get_session
from agentops_server.storage.objects.store import ObjectStore
from agentops_server.storage.warehouse.port import Format, Warehouse
from agentops_server.storage.warehouse.streams import Stream

router = APIRouter(prefix="/v2", tags=["export"])
Reader = Annotated[Principal, Depends(authenticate_reader)]
NEXT_CURSOR = "X-Agentops-Next-Cursor"


class FileType(StrEnum):
    """The forms of an export."""

    JSON = "json"
    NDJSON = "ndjson"
    CSV = "csv"
    PARQUET = "parquet"


_MEDIA_TYPES = {
    FileType.JSON: "application/json",
    FileType.NDJSON: "application/x-ndjson",
    FileType.CSV: "text/csv; charset=utf-8",
    FileType.PARQUET: "application/vnd.apache.parquet",
}
_ENGINE_FORMATS = {FileType.CSV: Format.CSV, FileType.PARQUET: Format.PARQUET}

Table = Annotated[str, Query(description="For CSV and Parquet: `events` or `sessions`.")]


@router.get("/sessions/{session_id}/export", responses=answers(views.ExportView))
def export_session(
    request: Request,
    reader: Reader,
    session_id: str,
    file_type: Annotated[str, Query(alias="format", description="json, ndjson, csv or parquet.")] = FileType.JSON,
    table: Table = "events",
) -> Response:
    """The whole session, streamed: metadata, figures, and its events in time order."""
    services, chosen = services_of(request), _file_type(file_type, list(FileType))
    warehouse = services.warehouse.as_of_now()
    session = get_session(warehouse, reader.project_id, decode_session_id(session_id))
    if chosen is FileType.JSON:
        return _streamed(iter_export(warehouse, services.objects, session), chosen)
    wanted = ExportRange(chosen=(session.id,))
    return _streamed(_iter_blocks(warehouse, services.objects, reader, wanted, chosen, _table(table)), chosen)


@router.get("/export", responses=answers())
def export_project(
    request: Request,
    reader: Reader,
    since: Annotated[str | None, Query(description="Sessions that started at this time or later.")] = None,
    until: Annotated[str | None, Query(description="Sessions that started before this time.")] = None,
    file_type: Annotated[str, Query(alias="format", description="ndjson, csv or parquet.")] = FileType.NDJSON,
    table: Table = "events",
    limit: Annotated[int | None, Query(ge=1, le=1_000_000, description="The most sessions; all by default.")] = None,
    cursor: Annotated[str | None, Query(description="Where an earlier export ended.")] = None,
) -> Response:
    """All sessions of the project by their starts, streamed. The header `X-Agentops-Next-Cursor` leads to more."""
    services = services_of(request)
    warehouse = services.warehouse.as_of_now()
    chosen = _file_type(file_type, [FileType.NDJSON, FileType.CSV, FileType.PARQUET])
    after = decode_cursor(cursor, ExportPlace, FIRST_PLACE)
    wanted = ExportRange(_time(since, "since", 0), _time(until, "until", LAST_NS), after)
    end = None if limit is None else find_page_end(warehouse, reader.project_id, wanted, limit)
    headers = {} if end is None else {NEXT_CURSOR: encode_cursor(end)}
    wanted = ExportRange(wanted.since_ns, wanted.until_ns, after, end or LAST_PLACE)
    return _streamed(_iter_blocks(warehouse, services.objects, reader, wanted, chosen, _table(table)), chosen, headers)


def _iter_blocks(
    warehouse: Warehouse,
    objects: ObjectStore,
    reader: Principal,
    wanted: ExportRange,
    file_type: FileType,
    table: str,
) -> Iterator[bytes]:
    if file_type is FileType.NDJSON:
        return iter_lines(warehouse, objects, reader.project_id, wanted)
    return stream_table(warehouse, reader.project_id, wanted, table, _ENGINE_FORMATS[file_type])


def _streamed(blocks: Iterator[bytes], file_type: FileType, headers: dict[str, str] | None = None) -> Response:
    return _Streamed(blocks, headers=headers, media_type=_MEDIA_TYPES[file_type])


class _Streamed(StreamingResponse):
    """Closes its blocks when it ends, however it does: a reader who goes away gives the place to others at once."""

    def __init__(self, blocks: Iterator[bytes], headers: dict[str, str] | None, media_type: str) -> None:
        super().__init__(blocks, headers=headers, media_type=media_type)
        self._blocks = blocks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            with CancelScope(shield=True):
                await run_in_threadpool(self._close)

    def _close(self) -> None:
        if isinstance(self._blocks, (Generator, Stream)):
            self._blocks.close()


def _file_type(text: str, known: list[FileType]) -> FileType:
    found = next((each for each in known if each == text.lower()), None)
    if found is None:
        raise Invalid(f"format must be one of {', '.join(known)}")
    return found


def _table(text: str) -> str:
    if text not in TABLES:
        raise Invalid(f"table must be one of {', '.join(TABLES)}")
    return text


def _time(text: str | None, field: str, default_ns: int) -> int:
    try:
        return default_ns if text is None else decode_time(text)
    except ValueError as error:
        raise Invalid(f"{field}: {error}") from None
