"""The traces that come in now: remembered, so that what follows from a whole trace is known without asking for it.

A trace that is not remembered (a restart lies between, or too many others) is read from the warehouse once.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import TypeAlias

import msgspec

from agentops_server.domain.clock import now_ns
from agentops_server.domain.event import Event, Kind
from agentops_server.domain.ids import EventId, ProjectId, SessionId
from agentops_server.domain.tracing import ContentRecord, SpanRecord, trace_hash
from agentops_server.errors import Unavailable
from agentops_server.ingest.recalling import recall_traces
from agentops_server.ingest.trace import Node, Trace
from agentops_server.ingest.writer import Writer
from agentops_server.storage.warehouse.port import Warehouse
from agentops_server.storage.warehouse.spans import list_trace_events

MOST_TRACES = 20_000
MOST_BYTES = 128 << 20
MOST_NODES = 20_000
"""Spans of one trace that are remembered; what follows for older ones stands as it is."""
READ_TIMEOUT_S = 20.0
_CHECK_EVERY = 64

TraceKey: TypeAlias = tuple[ProjectId, str]
"""The project and the trace's hash."""


@dataclass(frozen=True, slots=True)
class ContentForm:
    """How messages that come apart from their span are put together; the wire knows."""

    merge: Callable[..., str]
    """The log records of several JSON texts as one."""
    fill: Callable[[Event], None]
    """Makes prompt and completion of the records in an event's logs."""


@dataclass(frozen=True, slots=True)
class Correction:
    """What an event that is stored already must be now."""

    node: Node
    parts: str


@dataclass(slots=True)
class Settled:
    """What follows from one export beside its own spans, which were changed in place."""

    corrections: dict[EventId, Correction] = field(default_factory=dict)
    stand_ins: dict[EventId, Event] = field(default_factory=dict)
    earlier: "set[Future[None]]" = field(default_factory=set)
    """Exports that must be stored before the corrections can be made."""
    at_ns: int = 0
    """When this was settled: of two corrections of one event the later stands."""


class Traces:
    """All that are remembered, of all projects. Its methods may be called from any thread."""

    def __init__(self, warehouse: Warehouse, writer: Writer, form: ContentForm) -> None:
        self._warehouse = warehouse
        self._writer = writer
        self._form = form
        self._traces: OrderedDict[TraceKey, Trace] = OrderedDict()
        self._lock = threading.Lock()
        self._turns = 0

    def settle(
        self,
        project_id: ProjectId,
        spans: Sequence[SpanRecord],
        contents: Sequence[ContentRecord],
        stored: "Future[None]",
    ) -> Settled:
        """Add the spans and messages of an export; the spans get what follows for them.

        Args:
            project_id: Whose.
            spans: Of the export.
            contents: Of the export.
            stored: Done when all of it is stored, or failed to be.

        Raises:
            Unavailable: What is known of the traces cannot be read.
        """
        records: list[SpanRecord | ContentRecord] = [*spans, *contents]
        keys = {(project_id, trace_hash(trace_id)) for trace_id in {record.trace_id for record in records}}
        self._recall(project_id, keys, {record.event.session_id for record in records})
        settled = Settled()
        with self._lock:
            settled.at_ns = now_ns()
            touched = {key[1]: self._traces.setdefault(key, Trace()) for key in keys}
            for trace in touched.values():
                settled.earlier |= trace.unsettled
                trace.unsettled.add(stored)
                stored.add_done_callback(trace.unsettled.discard)
            for content in contents:
                self._add_content(touched[trace_hash(content.trace_id)], content, settled)
            fresh = self._add_spans(touched, spans, settled)
            for trace in touched.values():
                for node in trace.settle():
                    self._correct(trace, node, fresh.get(node.id), settled)
            for trace in touched.values():
                _lend_messages(trace, fresh)
                _tell(trace, [fresh[node_id] for node_id in trace.nodes.keys() & fresh.keys()])
            self._forget_some()
        return settled

    def forget(self, project_id: ProjectId, trace_hashes: Iterable[str]) -> None:
        """What was told of these traces was not stored: they are read again when more of them comes."""
        with self._lock:
            for name in trace_hashes:
                self._traces.pop((project_id, name), None)

    def _correct(self, trace: Trace, node: Node, record: SpanRecord | None, settled: Settled) -> None:
        """Something changed for a span; one that comes for the first time is stored as it is now."""
        if record is None:
            settled.corrections[node.id] = Correction(node, trace.parts.get(node.id, ""))
        elif node.is_stored:
            record.event.replaces, record.event.received_ns = True, settled.at_ns

    def _add_content(self, trace: Trace, content: ContentRecord, settled: Settled) -> None:
        event = content.event
        parts = trace.parts[event.id] = self._form.merge(trace.parts.get(event.id, ""), event.logs_json)
        if (node := trace.nodes.get(event.id)) is not None:
            settled.corrections[event.id] = Correction(node, parts)
            return
        event.logs_json = parts
        self._form.fill(event)
        trace.stand_ins[event.id] = event.session_id
        settled.stand_ins[event.id] = event

    def _add_spans(
        self, touched: dict[str, Trace], spans: Sequence[SpanRecord], settled: Settled
    ) -> dict[EventId, SpanRecord]:
        fresh = {}
        for record in spans:
            event = record.event
            if event.provisional:
                continue
            trace = touched[trace_hash(record.trace_id)]
            fresh[event.id] = record
            settled.corrections.pop(event.id, None)
            _add_node(trace, record)
            if parts := trace.parts.get(event.id):
                event.logs_json = self._form.merge(event.logs_json, parts)
                self._form.fill(event)
                settled.stand_ins.pop(event.id, None)
                session_id = trace.stand_ins.pop(event.id, event.session_id)
                if session_id != event.session_id:
                    settled.stand_ins[event.id] = _as_log(event, session_id, parts)
        return fresh

    def _recall(self, project_id: ProjectId, keys: set[TraceKey], sessions: set[SessionId]) -> None:
        with self._lock:
            for key in keys & self._traces.keys():
                self._traces.move_to_end(key)
            unknown = [key for key in keys if key not in self._traces]
        if not unknown or not self._writer.seen.may_have(sessions):
            return
        if not self._writer.pending.wait(project_id, sessions, READ_TIMEOUT_S):
            raise Unavailable("the warehouse is behind: what is stored of these traces cannot be read yet")
        rows = list_trace_events(self._warehouse, project_id, sessions, [key[1] for key in unknown])
        recalled = recall_traces(rows)
        with self._lock:
            for key in unknown:
                self._traces.setdefault(key, recalled.get(key[1]) or Trace())

    def _forget_some(self) -> None:
        """Let go of those that were quiet for the longest time."""
        self._turns += 1
        if len(self._traces) <= MOST_TRACES and self._turns % _CHECK_EVERY:
            return
        size_bytes = sum(trace.size_bytes for trace in self._traces.values())
        while len(self._traces) > MOST_TRACES or size_bytes > MOST_BYTES:
            key, trace = next(iter(self._traces.items()))
            if trace.unsettled:
                return
            size_bytes -= trace.size_bytes
            del self._traces[key]


def _as_log(event: Event, session_id: SessionId, parts: str) -> Event:
    """What stands in another session than its span, which names one: the log records, and no model call."""
    return Event(
        event.project_id,
        session_id,
        event.id,
        "log",
        "log",
        event.init_ns,
        event.init_ns,
        event.received_ns,
        name="messages of a model call",
        logs_json=parts,
    )


def _add_node(trace: Trace, record: SpanRecord) -> None:
    event = record.event
    node = Node(
        event.id,
        event.session_id,
        event.parent_id,
        is_llm=event.kind == Kind.LLM,
        has_usage=event.usage is not None and event.usage.input_tokens is not None,
        has_failed=record.has_failed,
        own_agent_id=event.agent_id,
        errors={signature: error.id for signature, error in record.errors.items()},
    )
    if (known := trace.nodes.get(event.id)) is not None:
        node.is_stored, node.agent_id, node.is_repeat = True, known.agent_id, known.is_repeat
        node.errors = {signature: known.errors.get(signature) for signature in node.errors}
    trace.nodes[event.id] = node
    if len(trace.nodes) > MOST_NODES:
        del trace.nodes[next(iter(trace.nodes))]


def _lend_messages(trace: Trace, fresh: dict[EventId, SpanRecord]) -> None:
    """Give a model call without messages those of the nearest call around it, which repeats it."""
    for event_id in trace.nodes.keys() & fresh.keys():
        event = fresh[event_id].event
        if not trace.nodes[event_id].has_model_call_around or event.prompt_json or event.completion_json:
            continue
        parent_id, steps = event.parent_id, len(fresh)
        while parent_id in fresh and steps:
            around, steps = fresh[parent_id].event, steps - 1
            if around.kind == Kind.LLM:
                event.prompt_json, event.completion_json = around.prompt_json, around.completion_json
                event.tools_json = event.tools_json or around.tools_json
                event.finish_reason = event.finish_reason or around.finish_reason
                break
            parent_id = around.parent_id


def _tell(trace: Trace, fresh: Sequence[SpanRecord]) -> None:
    """Put what follows for the spans of this export into their events."""
    for record in fresh:
        node = trace.nodes[record.event.id]
        record.event.agent_id = node.agent_id
        if node.is_repeat:
            record.event.become_repeat()
        kept = {}
        for signature, error in record.errors.items():
            text = _text_of(error) if node.errors_below else ""
            if (error_id := trace.tell_error(node, signature, text)) is not None:
                error.replaces, error.id, error.agent_id = error_id != error.id, error_id, node.agent_id
                kept[signature] = error
        record.errors = kept
    for record in fresh:
        trace.nodes[record.event.id].is_stored = True


def _text_of(error: Event) -> str:
    """What is said of an error: its message and its traceback, which are JSON."""
    return "\n".join(str(msgspec.json.decode(held)) for held in (error.details_json, error.logs_json) if held)
