"""What dead processes left: found, delivered in order and deleted, however much it is."""

from __future__ import annotations

from pathlib import Path

import pytest

import agentops
from agentops import ActionEvent, Client, Configuration, _adoption
from agentops._records import CREATE, EVENT, pack
from agentops._segment import FileSegment
from agentops._spool import make_private

from .recording_server import Fault, RecordingServer

SESSION = bytes(range(16))
SESSION_ID = "00010203-0405-0607-0809-0a0b0c0d0e0f"


@pytest.fixture
def directory(server: RecordingServer, spool_dir: Path) -> Path:
    return make_private(Configuration(api_key=server.key, endpoint=server.endpoint).spool_directory)


def leave(directory: Path, name: str, *records: bytes, settled: bool = False) -> None:
    """A segment of a dead process, under a name that says when it is adopted."""
    segment = FileSegment.create(directory)
    for record in records:
        segment.append(record)
    if settled:
        segment.cursor.offset = segment.size
        segment.save_cursor()
        segment.path.with_suffix(".cursor").rename(directory / f"{name}.cursor")
    segment.path.rename(directory / f"{name}.seg")
    segment.close()


def introduce() -> bytes:
    start = "2026-01-01T00:00:00.000000+00:00"
    return pack(CREATE, SESSION, 0, f'{{"session_id":"{SESSION_ID}","init_timestamp":"{start}"}}'.encode())


def event(number: int) -> bytes:
    text = f'{{"id":"{number:032x}","event_type":"actions","params":{number}}}'
    return pack(EVENT, SESSION, number, text.encode())


@pytest.mark.parametrize("settled", [True, False], ids=["settled", "empty"])
def test_segments_without_anything_to_send_do_not_hide_the_others(
    server: RecordingServer, client: Client, directory: Path, settled: bool
) -> None:
    """More of them than are adopted at once, as a series of kills leaves them."""
    for number in range(_adoption.ADOPTED_AT_ONCE * 2):
        leave(directory, f"0{number:03}", *([introduce()] if settled else []), settled=settled)
    leave(directory, "1", introduce(), event(1))
    agentops.init(server.key, endpoint=server.endpoint, auto_start_session=False, max_wait_time=60_000)
    client.exit()
    assert list(directory.glob("*.seg")) == []
    assert [event["params"] for event in server.events[SESSION_ID].values()] == [1]


def test_the_order_of_many_segments_is_kept(server: RecordingServer, client: Client, directory: Path) -> None:
    count = _adoption.ADOPTED_AT_ONCE * 3 + 1
    for number in range(count):
        leave(directory, f"{number:03}", introduce(), event(number * 2), event(number * 2 + 1))
    server.fail("/v2/create_events", Fault(500), Fault(503))
    agentops.init(server.key, endpoint=server.endpoint, auto_start_session=False, max_wait_time=60_000)
    client.exit()
    assert [event["params"] for event in server.events[SESSION_ID].values()] == list(range(count * 2))
    assert list(directory.glob("*.seg")) == list(directory.glob("*.cursor")) == []


def test_one_that_records_while_it_adopts_delivers_both(
    server: RecordingServer, client: Client, directory: Path
) -> None:
    for number in range(40):
        leave(directory, f"{number:03}", introduce(), event(number))
    session = agentops.init(server.key, endpoint=server.endpoint, env_data_opt_out=True, max_wait_time=60_000)
    assert session is not None
    for number in range(40):
        session.record(ActionEvent(params=number))
    client.exit()
    for session_id in (SESSION_ID, str(session.session_id)):
        assert [event["params"] for event in server.events[session_id].values()] == list(range(40))
    assert list(directory.glob("*.seg")) == []
