"""Takes what an OTLP export brought: settles its traces, corrects what is stored, hands all of it to the writer."""

from collections.abc import Sequence
from concurrent.futures import Future, wait
from dataclasses import dataclass
from itertools import groupby

from agentops_server.domain.batch import Batch, Drop
from agentops_server.domain.event import Event
from agentops_server.domain.ids import ProjectId
from agentops_server.domain.tracing import ContentRecord, SpanRecord, trace_hash
from agentops_server.errors import Unavailable
from agentops_server.ingest.pipeline import Pipeline
from agentops_server.ingest.traces import READ_TIMEOUT_S, ContentForm, Correction, Settled, Traces
from agentops_server.ingest.work import Work
from agentops_server.ingest.writer import Writer
from agentops_server.storage.warehouse.port import Warehouse
from agentops_server.storage.warehouse.spans import list_events_by_id


@dataclass(frozen=True, slots=True)
class Taken:
    """An export on its way: durable once the future is done."""

    durable: "Future[None]"
    drops: Sequence[Drop]


class Settler:
    """The door of spans into the pipeline."""

    def __init__(self, warehouse: Warehouse, writer: Writer, pipeline: Pipeline, form: ContentForm) -> None:
        self._warehouse = warehouse
        self._writer = writer
        self._pipeline = pipeline
        self._form = form
        self._traces = Traces(warehouse, writer, form)

    def run(
        self,
        project_id: ProjectId,
        spans: Sequence[SpanRecord],
        contents: Sequence[ContentRecord],
        others: Work,
    ) -> Taken:
        """Take an export.

        Args:
            project_id: Whose.
            spans: Its spans.
            contents: Messages of spans that came as log records.
            others: Its other events, its agents and what it says of sessions.

        Raises:
            Busy: Too much waits to be written; nothing was taken.
            Unavailable: What is stored of its traces cannot be read.
        """
        stored: Future[None] = Future()
        trace_ids = {record.trace_id for record in spans} | {record.trace_id for record in contents}
        hashes = set(map(trace_hash, trace_ids))
        try:
            settled = self._traces.settle(project_id, spans, contents, stored)
            corrections = self._correct(project_id, settled)
            batch = Batch([*list_events(spans), *settled.stand_ins.values(), *corrections, *others.events])
            durable = self._pipeline.run(batch, others.agents, others.updates)
        except BaseException:
            self._traces.forget(project_id, hashes)
            stored.set_result(None)
            raise
        durable.add_done_callback(lambda done: self._finish(project_id, hashes, done, stored))
        return Taken(durable, batch.drops)

    def _finish(self, project_id: ProjectId, hashes: set[str], done: "Future[None]", stored: "Future[None]") -> None:
        if done.cancelled() or done.exception() is not None:
            self._traces.forget(project_id, hashes)
        stored.set_result(None)

    def _correct(self, project_id: ProjectId, settled: Settled) -> list[Event]:
        """The events that are stored, as they must be now."""
        if not settled.corrections:
            return []
        wanted = sorted(settled.corrections.values(), key=lambda each: each.node.session_id)
        sessions = {each.node.session_id for each in wanted}
        wait(settled.earlier, READ_TIMEOUT_S)
        if not self._writer.pending.wait(project_id, sessions, READ_TIMEOUT_S):
            raise Unavailable("the warehouse is behind: events that must be corrected cannot be read yet")
        corrected = []
        for session_id, group in groupby(wanted, key=lambda each: each.node.session_id):
            ids = [each.node.id for each in group]
            for event in list_events_by_id(self._warehouse, project_id, session_id, ids):
                self._apply(settled.corrections[event.id], event, settled.at_ns)
                corrected.append(event)
        return corrected

    def _apply(self, correction: Correction, event: Event, at_ns: int) -> None:
        event.received_ns, event.replaces = at_ns, True
        event.agent_id = correction.node.agent_id
        if correction.parts:
            event.logs_json = self._form.merge(event.logs_json, correction.parts)
            self._form.fill(event)
        if correction.node.is_repeat and event.kind == "llm":
            event.become_repeat()


def list_events(spans: Sequence[SpanRecord]) -> list[Event]:
    """The events of the spans, each with the errors that it met."""
    return [event for record in spans for event in (record.event, *record.errors.values())]
