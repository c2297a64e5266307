"""Bodies of ingest requests for tests."""

import json
import uuid
from typing import Any

from agentops_server.domain.batch import Batch, DropReason
from agentops_server.wire.v2.events import decode_events
from tests.server.making import make_origin

ORIGIN = make_origin()
ID = "5f0d7e3c-1c55-4b5e-9c0a-3f6c1b6f0a11"
GOOD = {"id": "0193c4a0-5b7e-7c33-8f10-2b9d4e6a7c01", "event_type": "actions"}


def wire_event(**given: Any) -> dict[str, Any]:
    return {"id": str(uuid.uuid4()), "event_type": "actions", **given}


def decode(*events: Any) -> Batch:
    """The batch of these events, each a JSON value or the JSON text of one."""
    texts = [event if isinstance(event, bytes) else json.dumps(event).encode() for event in events]
    return decode_events(b'{"events": [%s]}' % b", ".join(texts), ORIGIN)


def drop_reason(event: Any) -> DropReason:
    """Why the event is dropped from between two good neighbours, which must stay."""
    batch = decode(GOOD, event, GOOD)
    assert [str(kept.id) for kept in batch.events] == [GOOD["id"]] * 2
    (drop,) = batch.drops
    assert drop.index == 1
    assert drop.message
    return drop.reason
