"""What each step of the write path costs: CPU of one thread, without a network, a disk or anybody else's lock."""

import tempfile
import time
import uuid
import zlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from agentops_server.domain.batch import Batch
from agentops_server.domain.clock import now_ns
from agentops_server.domain.ids import ParticipantId, ProjectId, SessionId
from agentops_server.ingest.entry import encode_entry, make_entry
from agentops_server.ingest.metrics import IngestMetrics
from agentops_server.ingest.normalise import normalise
from agentops_server.ingest.offload import offload_with
from agentops_server.ingest.pipeline import NamedStep
from agentops_server.ingest.price import price_with
from agentops_server.ingest.redact import decode_patterns, redact_with
from agentops_server.ingest.settling import list_events
from agentops_server.ingest.traces import ContentForm, Traces
from agentops_server.ingest.work import Work
from agentops_server.ingest.writer import Writer
from agentops_server.pricing.book import PriceBook
from agentops_server.storage.objects.store import ObjectStore
from agentops_server.storage.warehouse.embedded import EmbeddedWarehouse
from agentops_server.wire.origin import Origin
from agentops_server.wire.otlp import protobuf_form
from agentops_server.wire.otlp.decoding import Decoded, decode_export
from agentops_server.wire.otlp.logs import fill_content, merge_parts
from agentops_server.wire.otlp.origins import Sender
from agentops_server.wire.v2.events import decode_events
from benchmarks.server.limits import store_without_server
from benchmarks.server.load import Events
from benchmarks.server.peers_spans import BATCH_SPANS, iter_bodies

BODIES = 40
QUICK_BODIES = 3
BATCH = 100
RUNS = 7
NOTES = f"""CPU milliseconds per 1,000 events of 3 KB, the least of {RUNS} runs over {BODIES} requests of {BATCH},
for on a busy machine the least says most. Beside these steps a request costs the event loop, HTTP and the hand-over
between threads, and the engine merges what was inserted."""

_In = TypeVar("_In")
_Out = TypeVar("_Out")


def measure(bodies: int = BODIES) -> list[dict[str, Any]]:
    """One row a step, one column a protocol."""
    with tempfile.TemporaryDirectory() as folder:
        steps = _steps(Path(folder))
        v2, otlp = _measure_v2(bodies, steps), _measure_otlp(bodies, steps, Path(folder))
    engine = f"{store_without_server(BATCH) * 1000:.1f}"
    rows = [{"step": name, "v2": v2.get(name, ""), "OTLP": otlp.get(name, "")} for name in dict.fromkeys([*v2, *otlp])]
    return [*rows, {"step": "insert, in the engine, without merges", "v2": engine, "OTLP": engine}]


def measure_quickly() -> list[dict[str, Any]]:
    return measure(QUICK_BODIES)


def _steps(folder: Path) -> list[NamedStep]:
    book = PriceBook(None, folder / "prices")
    book.load()
    return [
        ("normalise", normalise),
        ("redact (nothing asked for)", redact_with(decode_patterns(""), IngestMetrics())),
        ("price", price_with(book)),
        ("offload", offload_with(ObjectStore.open(folder / "objects"))),
    ]


def _measure_v2(bodies: int, steps: Sequence[NamedStep]) -> dict[str, str]:
    events, origin = Events(), _origin()
    timed: dict[str, str] = {}
    batches = _time(
        timed, "decode", lambda body: decode_events(body, origin), [events.body(BATCH) for _ in range(bodies)]
    )
    _measure_rest(timed, batches, steps)
    return timed


def _measure_otlp(bodies: int, steps: Sequence[NamedStep], folder: Path) -> dict[str, str]:
    spans, sender = iter_bodies(BATCH_SPANS * (bodies + 1), BATCH_SPANS), Sender(_origin().project_id, now_ns())
    timed: dict[str, str] = {}
    exports = _time(timed, "parse protobuf", protobuf_form.decode_traces, [next(spans) for _ in range(bodies)])
    decoded = _time(timed, "read dialects", lambda export: decode_export(export, sender), exports)
    with _open_writer(folder) as (warehouse, writer):

        def settle(export: Decoded) -> object:
            """With traces that begin in it, as those of nearly every export do."""
            traces = Traces(warehouse, writer, ContentForm(merge_parts, fill_content))
            return traces.settle(sender.project_id, export.spans, [], Future())

        _time(timed, "settle traces", settle, decoded)
    _measure_rest(timed, [Batch(list_events(each.spans)) for each in decoded], steps)
    return timed


@contextmanager
def _open_writer(folder: Path) -> Iterator[tuple[EmbeddedWarehouse, Writer]]:
    warehouse = EmbeddedWarehouse(folder / "warehouse")
    writer = Writer(warehouse, folder / "journal")
    writer.seen.be_sure()
    try:
        yield warehouse, writer
    finally:
        writer.close()
        warehouse.close()


def _measure_rest(timed: dict[str, str], batches: Sequence[Batch], steps: Sequence[NamedStep]) -> None:
    for name, step in steps:
        _time(timed, name, step, batches)
    entries = _time(timed, "rows", lambda batch: make_entry(Work(events=batch.events), now_ns()), batches)
    records = _time(timed, "record", encode_entry, entries)
    _time(timed, "checksum", lambda record: zlib.crc32(record, 1), records)


def _time(timed: dict[str, str], name: str, work: Callable[[_In], _Out], items: Sequence[_In]) -> list[_Out]:
    least, outcome = float("inf"), []
    for _ in range(RUNS):
        start = time.thread_time()
        outcome = [work(item) for item in items]
        least = min(least, time.thread_time() - start)
    timed[name] = f"{least / (len(items) * BATCH) * 1e6:.1f}"
    return outcome


def _origin() -> Origin:
    ids = [uuid.UUID(int=number) for number in (1, 2, 3)]
    return Origin(ProjectId(ids[0]), SessionId(ids[1]), ParticipantId(ids[2]), now_ns())
