"""After a start the writer learns which sessions have events, and is not sure of any before."""

import uuid
from pathlib import Path

from agentops_server.domain.ids import SessionId
from agentops_server.ingest.work import Work
from agentops_server.ingest.writer import Writer
from agentops_server.jobs.recollect import Recollection
from agentops_server.storage.warehouse.port import Warehouse
from tests.server.making import make_event, make_origin

STRANGER = SessionId(uuid.uuid4())


def store(writer: Writer) -> SessionId:
    origin = make_origin(session_id=SessionId(uuid.uuid4()))
    writer.submit(Work(events=[make_event(origin)])).result()
    return origin.session_id


def test_what_an_earlier_process_stored_is_known_after_one_turn(warehouse: Warehouse, tmp_path: Path) -> None:
    earlier = Writer(warehouse, tmp_path / "journal")
    known = store(earlier)
    earlier.close()

    writer = Writer(warehouse, tmp_path / "journal")
    assert writer.seen.may_have([STRANGER])
    Recollection(warehouse, writer).run()
    assert writer.seen.may_have([known])
    assert not writer.seen.may_have([STRANGER])
    writer.close()


def test_what_comes_in_is_known_when_it_is_durable(warehouse: Warehouse, tmp_path: Path) -> None:
    writer = Writer(warehouse, tmp_path / "journal")
    Recollection(warehouse, writer).run()
    assert writer.seen.may_have([store(writer)])
    writer.close()
