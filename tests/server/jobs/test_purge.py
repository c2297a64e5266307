"""Deletion that is not undone by anything: work on its way, a kill in between, jobs that knew the session before."""

import time

from agentops_server.domain.batch import Batch
from agentops_server.domain.ids import SessionId
from agentops_server.domain.retention import Tombstone
from agentops_server.ingest.work import Work
from agentops_server.storage.control.tombstones import Tombstones
from agentops_server.storage.warehouse.sessions import find_session
from agentops_server.storage.warehouse.totals import sum_events, totals_row
from tests.server.making import make_event, make_origin, make_update

from .keeping import House, image


def count(house: House, session_id: SessionId) -> int:
    return sum_events(house.warehouse, house.project.id, [session_id])[session_id].events


def bury(house: House, session_id: SessionId) -> Tombstone:
    return Tombstone(house.project.id, session_id, time.time_ns())


def test_what_lies_in_the_journal_when_a_session_is_deleted_is_not_loaded(house: House) -> None:
    gone, kept = house.open_session(), house.open_session()
    origins = [make_origin(project_id=house.project.id, session_id=each) for each in (gone, kept, gone)]
    with house.writer.held():
        events = [make_event(origin) for origin in origins]
        house.pipeline.run(Batch(events=events)).result()
        house.writer.accept(Work(updates=[make_update(origins[0], tags=("late",))])).result()
        house.writer.accept(Work(updates=[make_update(origins[1], tags=("kept",))])).result()
        house.tombstones.add([bury(house, gone)])
    assert (count(house, gone), count(house, kept)) == (0, 1)
    late, living = (find_session(house.warehouse, house.project.id, each) for each in (gone, kept))
    assert late is not None
    assert living is not None
    assert (late.tags, living.tags) == ((), ("kept",))


def test_a_deletion_that_was_killed_after_its_tombstone_is_finished(house: House) -> None:
    session, kept = house.open_session(), house.open_session()
    house.record(session, prompt_json=image())
    event = house.record(kept, prompt_json=image())
    assert count(house, session) == 1
    house.control.add_tombstones([bury(house, session)])
    house.purge.run()
    assert count(house, session) == 0
    assert find_session(house.warehouse, house.project.id, session) is None
    assert house.list_objects() == set(event.objects)
    assert count(house, kept) == 1


def test_totals_that_a_job_writes_after_the_deletion_go_with_the_purge(house: House) -> None:
    session = house.open_session()
    house.record(session)
    totals = sum_events(house.warehouse, house.project.id, [session])[session]
    house.deletion.delete_sessions(house.project.id, [session])
    row = totals_row(house.project.id, totals, version=1, as_of_ns=1)
    house.writer.submit(Work(totals=[row])).result()
    kept = "SELECT 1 FROM session_totals WHERE session_id = {session_id:UUID}"
    parameters = {"project_id": house.project.id, "session_id": session}
    assert house.warehouse.query(kept, parameters)
    house.purge.run()
    assert house.warehouse.query(kept, parameters) == b""


def test_every_version_in_every_partition_goes(house: House) -> None:
    session = house.open_session()
    event = house.record(session, received_ns=time.time_ns() - 90 * 24 * 3600 * 10**9)
    for name in ("first", "second"):
        origin = make_origin(project_id=house.project.id, session_id=session, received_ns=time.time_ns())
        again = make_event(origin, id=event.id, name=name, replaces=True)
        house.pipeline.run(Batch(events=[again])).result()
    parts = "SELECT count() AS rows FROM events WHERE session_id = {session_id:UUID}"
    parameters = {"project_id": house.project.id, "session_id": session}
    assert house.warehouse.query(parts, parameters) != b'{"rows":0}\n'
    assert house.deletion.delete_sessions(house.project.id, [session]) == [session]
    assert house.warehouse.query(parts, parameters) == b'{"rows":0}\n'
    assert house.deletion.delete_sessions(house.project.id, [session]) == []


def test_tombstones_of_another_process_are_learnt(house: House) -> None:
    session = house.open_session()
    other = Tombstones(house.control)
    other.add([bury(house, session)])
    assert not house.tombstones.has(house.project.id, session)
    house.tombstones.refresh()
    assert house.tombstones.has(house.project.id, session)
