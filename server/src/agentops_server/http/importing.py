"""The import route: lines of an export come in as a stream, and are stored as they are."""

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import Future
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from agentops_server.domain.batch import Batch
from agentops_server.domain.clock import now_ns
from agentops_server.domain.ids import ProjectId
from agentops_server.domain.project import Principal
from agentops_server.errors import BadRequest, SessionDeleted, TooLarge
from agentops_server.http.credentials import authenticate_reader
from agentops_server.http.openapi import answers
from agentops_server.http.receiving import process
from agentops_server.http.responses import json_response
from agentops_server.http.services import Services, services_of
from agentops_server.http.views import ImportView, RejectedLineView
from agentops_server.ingest.work import Work
from agentops_server.wire.encodings import open_encoding
from agentops_server.wire.interchange.lines import Imported, decode_line

router = APIRouter(prefix="/v2", tags=["import"])

# What is decoded and stored at once.
PART_BYTES = 4 << 20
LARGEST_IMPORT_BYTES = 1 << 40
# So many problems are told one by one; the rest is counted.
REJECTIONS_TOLD = 100


@router.post("/import", responses=answers(ImportView))
async def import_lines(request: Request, sender: Annotated[Principal, Depends(authenticate_reader)]) -> Response:
    """Store an export: NDJSON of `GET /v2/export`, or whole exports of sessions, one a line. It may be repeated."""
    services, result = services_of(request), _Result()
    try:
        async for lines in _iter_parts(request, services.max_body_bytes):
            part = await process(lambda lines=lines: _Part(services, sender.project_id, lines, result))  # type: ignore[misc]
            for durable in part.durable:
                await asyncio.wrap_future(durable)
    except ClientDisconnect:
        raise BadRequest("the client went away before its export was complete; import it again") from None
    return json_response(result.view())


async def _iter_parts(request: Request, longest_bytes: int) -> AsyncIterator[list[bytes]]:
    """The lines of the body, some megabytes at a time."""
    encoding = open_encoding(request.headers.get("Content-Encoding", ""), LARGEST_IMPORT_BYTES)
    waiting = bytearray()
    async for chunk in request.stream():
        waiting += encoding.feed(chunk)
        end = waiting.rfind(b"\n") + 1
        if len(waiting) - end > longest_bytes:
            raise TooLarge(f"a line is longer than {longest_bytes} bytes, which AGENTOPS_MAX_BODY_BYTES allows")
        if end and len(waiting) >= PART_BYTES:
            yield bytes(waiting[:end]).splitlines()
            del waiting[:end]
    encoding.finish()
    yield bytes(waiting).splitlines()


class _Result:
    """What has come of an import so far."""

    def __init__(self) -> None:
        self.lines = 0
        self.sessions: set[Any] = set()
        self.agents = 0
        self.events = 0
        self.rejected_count = 0
        self.rejected: list[RejectedLineView] = []

    def reject(self, line: int, reason: str, message: str) -> None:
        """Note a problem of a line."""
        self.rejected_count += 1
        if len(self.rejected) < REJECTIONS_TOLD:
            self.rejected.append(RejectedLineView(line, reason, message))

    def view(self) -> ImportView:
        """For the client."""
        return ImportView("Success", len(self.sessions), self.agents, self.events, self.rejected_count, self.rejected)


class _Part:
    """Lines that are stored together."""

    def __init__(self, services: Services, project_id: ProjectId, lines: list[bytes], result: _Result) -> None:
        self._services = services
        self._result = result
        self.durable: list[Future[None]] = []
        found, places = Imported(), []
        for line in lines:
            result.lines += 1
            if line.strip():
                one = decode_line(line, project_id, now_ns())
                self._take(one, found)
                places += [result.lines] * len(one.events)
        if found.updates or found.agents:
            self.durable.append(services.writer.accept(Work(updates=found.updates, agents=found.agents)))
        if found.events:
            self._store_events(Batch(found.events), places)

    def _take(self, one: Imported, found: Imported) -> None:
        result = self._result
        for problem in one.problems:
            result.reject(result.lines, problem.reason, problem.message)
        concerned = {(each.project_id, each.session_id) for each in one.updates}
        concerned |= {(each.project_id, each.session_id) for each in one.agents}
        try:
            for key in concerned:
                self._services.tombstones.refuse(*key)
        except SessionDeleted as refusal:
            result.reject(result.lines, refusal.code, refusal.message)
            return
        found.updates += one.updates
        found.agents += one.agents
        found.events += one.events
        result.sessions |= {update.session_id for update in one.updates}
        result.agents += len(one.agents)

    def _store_events(self, batch: Batch, places: list[int]) -> None:
        self.durable.append(self._services.importing.run(batch))
        self._result.events += len(batch.events)
        for drop in batch.drops:
            self._result.reject(places[drop.index], drop.reason, drop.message)
