"""What must hold of every case: an answer or a bad request, rows that can be stored, and no neighbour lost."""

import msgspec

from agentops_server.domain.batch import Batch
from agentops_server.domain.event import Event
from agentops_server.errors import ServerError
from agentops_server.ingest.normalise import normalise
from agentops_server.storage.warehouse.rows import EventRow, decode_rows, encode_rows, event_row
from agentops_server.wire.otlp import json_form, protobuf_form
from agentops_server.wire.otlp.answers import explain
from agentops_server.wire.otlp.decoding import decode_export
from agentops_server.wire.otlp.origins import Sender
from agentops_server.wire.v2.events import decode_events
from tests.server.fuzzing.cases import PROTOBUF, Case
from tests.server.making import NOON_NS, make_origin

ORIGIN = make_origin()
SENDER = Sender(ORIGIN.project_id, NOON_NS)


def check(case: Case) -> bool:
    """Read the case as the server does; whether it was taken, in whole or in part.

    Raises:
        AssertionError: A neighbour is lost, or what came of it cannot be stored.
        Exception: Anything else would have been an answer of the 5xx.
    """
    read = _read_events if case.path.startswith("/v2") else _read_export
    try:
        taken, refused = read(case)
    except ServerError as error:
        if error.status >= 500 or case.good:
            raise AssertionError(f"{error!r} for {case}") from error
        return False
    if case.items is not None:
        assert taken.keys() >= set(case.good), case
        assert len(taken) + refused == case.items, (len(taken), refused, case)
    events = [event for listed in taken.values() for event in listed]
    batch = Batch(events)
    normalise(batch)
    rows = [event_row(event) for event in batch.events]
    assert decode_rows(encode_rows(rows), EventRow) == rows, case
    for row in rows:
        for text in (row.prompt, row.completion, row.params, row.returns, row.tools, row.logs, row.details):
            assert not text or msgspec.json.decode(text) is not ..., case
    return True


def _read_events(case: Case) -> tuple[dict[str, list[Event]], int]:
    batch = decode_events(case.body, ORIGIN)
    taken: dict[str, list[Event]] = {}
    for place, event in enumerate(batch.events):
        taken.setdefault(str(event.id) if str(event.id) not in taken else str(place), []).append(event)
    return taken, len(batch.drops)


def _read_export(case: Case) -> tuple[dict[str, list[Event]], int]:
    form = protobuf_form if case.content_type == PROTOBUF else json_form
    decode = form.decode_logs if case.path == "/v1/logs" else form.decode_traces
    decoded = decode_export(decode(case.body), SENDER)
    explain(decoded.rejections)
    taken: dict[str, list[Event]] = {}
    for place, record in enumerate(decoded.spans):
        key = record.event.id.hex[:16]
        taken[key if key not in taken else str(place)] = [record.event, *record.errors.values()]
    others = [*(content.event for content in decoded.contents), *decoded.events]
    taken |= {f"other {place}": [event] for place, event in enumerate(others)}
    return taken, len(decoded.rejections)
