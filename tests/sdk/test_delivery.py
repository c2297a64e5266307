"""Faults of the server and of the way to it: nothing recorded is lost, and the order is kept."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import agentops
from agentops import ActionEvent, Session, _backoff, _courier, _delivery
from agentops._records import Record, read_window
from agentops._segment import FileSegment

from .recording_server import Fault, RecordingServer

Start = Callable[..., Session]
EVENTS = "/v2/create_events"
CREATE = "/v2/create_session"
UPDATE = "/v2/update_session"


@pytest.fixture(autouse=True)
def _short_backoff(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_backoff, "FIRST_SECONDS", 0.001)
    monkeypatch.setattr(_backoff, "CAP_SECONDS", 0.01)


def record(session: Session, count: int) -> list[str]:
    events = [ActionEvent(params=number) for number in range(count)]
    for event in events:
        session.record(event)
    return [str(event.id) for event in events]


@pytest.mark.parametrize(
    "fault",
    [
        Fault(500),
        Fault(502, b"<html>bad gateway</html>"),
        Fault(429, headers=(("Retry-After", "0"),)),
        Fault(200, b'{"status": "Succ', cut_at=10),
        Fault(200, b"surely not JSON"),
        Fault(302, headers=(("Location", "http://127.0.0.1:1/"),)),
        Fault(503, after_storing=True),
        Fault(200, b'{"x": 1}', cut_at=2, after_storing=True),
    ],
)
@pytest.mark.parametrize("path", [CREATE, EVENTS, UPDATE])
def test_a_failed_request_is_sent_again(start: Start, server: RecordingServer, fault: Fault, path: str) -> None:
    server.fail(path, fault, fault, fault)
    session = start(max_wait_time=20_000)
    ids = record(session, 3)
    assert session.end_session("Success") == "0.0075"
    assert list(server.events[str(session.session_id)]) == ids
    assert server.merged(session.session_id)["end_state"] == "Success"
    assert len(server.of(path)) >= 4


def test_order_is_kept_when_batches_fail(start: Start, server: RecordingServer) -> None:
    server.fail(EVENTS, *[Fault(500), Fault(503, after_storing=True)] * 3)
    session = start(max_queue_size=10, max_wait_time=20_000)
    ids = record(session, 100)
    assert session.flush()
    arrivals = server.arrivals[str(session.session_id)]
    assert list(dict.fromkeys(arrivals)) == ids
    assert len(arrivals) > len(ids)


def test_retry_after_is_honoured_even_by_a_flush(
    start: Start, server: RecordingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float | None] = []
    pause = _delivery.Delivery.pause

    def note(self: _delivery.Delivery, seconds: float, at_least_seconds: float | None = None) -> None:
        waits.append(at_least_seconds)
        pause(self, seconds, None if at_least_seconds is None else 0.01)

    monkeypatch.setattr(_delivery.Delivery, "pause", note)
    server.fail(EVENTS, Fault(429, headers=(("Retry-After", "7"),)), Fault(429), Fault(503))
    session = start(max_wait_time=20_000)
    record(session, 1)
    assert session.flush()
    assert waits == [7.0, None]


def test_an_expired_token_is_renewed(start: Start, server: RecordingServer) -> None:
    session = start()
    assert session.flush()
    server.tokens.clear()
    ids = record(session, 2)
    assert session.flush()
    assert list(server.events[str(session.session_id)]) == ids
    assert len(server.of("/v2/reauthorize_jwt")) == 1
    assert session.jwt in server.tokens


def test_a_server_that_lost_the_session_gets_it_again(start: Start, server: RecordingServer) -> None:
    session = start(default_tags=["kept"])
    assert session.flush()
    server.tokens.clear()
    server.sessions.clear()
    ids = record(session, 2)
    assert session.flush()
    assert list(server.events[str(session.session_id)]) == ids
    assert server.sessions[str(session.session_id)]["tags"] == ["kept"]


def test_a_refused_key_keeps_everything_and_says_so_once(
    start: Start, server: RecordingServer, warnings: Callable[[], list[str]]
) -> None:
    key, server.key = server.key, "another"
    session = start(api_key=key, max_wait_time=100)
    ids = record(session, 3)
    assert session.flush() is False
    assert session.flush() is False
    assert len(server.of(CREATE)) > 1
    assert [warning for warning in warnings() if "AGENTOPS_API_KEY" in warning][1:] == []
    server.key = key
    assert session.flush(20)
    assert list(server.events[str(session.session_id)]) == ids


def test_a_batch_that_is_too_large_is_split(start: Start, server: RecordingServer) -> None:
    server.largest_body = 3000
    session = start(max_wait_time=20_000)
    ids = record(session, 30)
    assert session.flush()
    assert list(server.events[str(session.session_id)]) == ids
    assert any(len(request.body["events"]) == 30 for request in server.of(EVENTS))


def test_a_rejected_event_is_kept_beside_the_spool(
    start: Start, server: RecordingServer, spool_dir: Path, warnings: Callable[[], list[str]]
) -> None:
    session = start()
    bad = ActionEvent(params="bad")
    server.rejected_ids.add(str(bad.id))
    session.record(bad)
    ids = record(session, 2)
    assert session.flush()
    assert list(server.events[str(session.session_id)]) == ids
    (rejected,) = spool_dir.rglob("*.rejected")
    line = json.loads(rejected.read_text())
    assert (line["reason"], line["payload"]["params"]) == ("not this one", "bad")
    assert any("not this one" in warning for warning in warnings())


def test_one_event_that_makes_the_batch_a_400_does_not_take_the_others_along(
    start: Start, server: RecordingServer, spool_dir: Path
) -> None:
    session = start(max_wait_time=20_000)
    assert session.flush()
    server.fail(EVENTS, Fault(400, b'{"message": "no"}'), Fault(400, b'{"message": "no"}'), Fault(400))
    record(session, 4)
    assert session.flush()
    # 4 refused, then 2 refused, then 1 refused; the other three arrive.
    assert len(server.events[str(session.session_id)]) == 3
    (rejected,) = spool_dir.rglob("*.rejected")
    assert len(rejected.read_text().splitlines()) == 1


def test_a_session_that_is_refused_does_not_stop_the_others(start: Start, server: RecordingServer) -> None:
    server.fail(CREATE, Fault(400, b'{"message": "not a session"}'))
    refused = start()
    record(refused, 2)
    assert refused.flush()
    second = agentops.start_session()
    assert second is not None
    ids = record(second, 2)
    assert second.flush()
    assert list(server.events) == [str(second.session_id)]
    assert list(server.events[str(second.session_id)]) == ids


def test_sessions_that_take_turns_share_no_batches_but_few_requests(start: Start, server: RecordingServer) -> None:
    sessions = [start(flush_interval=5000), agentops.start_session(), agentops.start_session()]
    assert agentops.flush(10)
    for number in range(60):
        session = sessions[number % 3]
        assert session is not None
        session.record(ActionEvent(params=number))
    assert agentops.flush(10)
    assert len(server.of(EVENTS)) < 30
    for index, session in enumerate(sessions):
        assert session is not None
        params = [event["params"] for event in server.events[str(session.session_id)].values()]
        assert params == list(range(index, 60, 3))


def test_a_server_that_comes_up_late_gets_everything(client: object, server: RecordingServer) -> None:
    server.close()
    session = agentops.init(
        server.key, endpoint=server.endpoint, max_wait_time=100, env_data_opt_out=True, default_tags=["late"]
    )
    assert session is not None
    ids = record(session, 1000)
    session.add_tags("more")
    assert session.flush() is False
    late = RecordingServer(server.port)
    try:
        late.key = server.key
        assert session.flush(30)
        assert list(late.events[str(session.session_id)]) == ids
        assert late.merged(session.session_id)["tags"] == ["late", "more"]
    finally:
        late.close()


def test_no_call_but_the_bounded_ones_waits_for_a_hanging_server(start: Start, server: RecordingServer) -> None:
    """Nothing here would return before the server is released, if it waited for it."""
    server.always["*"] = Fault(hang=True)
    session = start(max_wait_time=100)
    record(session, 50)
    session.add_tags("a")
    session.set_tags(["b"])
    session.create_agent("x")
    session.set_video("https://example.com/v.mp4")
    assert session.flush() is False
    assert session.end_session("Success") == "0.00"
    assert not server.released.is_set()


def test_threads_that_could_not_be_started_are_started_later(
    start: Start, server: RecordingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", refuse)
        session = start()
        ids = record(session, 20)
    ids += record(session, 3)
    pipeline: Any = session._pipeline
    assert pipeline._delivery.is_running
    assert pipeline._sync.is_announced
    assert session.flush()
    assert list(server.events[str(session.session_id)]) == ids


def test_segments_are_deleted_once_delivered(
    start: Start, server: RecordingServer, spool_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agentops._spool.SEGMENT_BYTES", 20_000)
    session = start()
    ids = record(session, 500)
    assert session.flush()
    assert list(server.events[str(session.session_id)]) == ids
    assert len(list(spool_dir.rglob("*.seg"))) == 1
    agentops.Client().close()
    assert list(spool_dir.rglob("*.seg")) == []
    assert json.loads(next(spool_dir.rglob("totals.json")).read_text()) == {
        "sent": 500,
        "acknowledged": 500,
        "rejected": 0,
        "refused": 0,
    }


def test_the_next_window_is_read_while_the_server_works(
    start: Start, server: RecordingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    offsets, was_ahead, is_ahead, answer_at_once = list[int](), list[bool](), threading.Event(), server.answer

    def read(segment: FileSegment, offset: int, end: int, limit_bytes: int) -> tuple[list[Record], int]:
        offsets.append(offset)
        if len(offsets) == 2:
            is_ahead.set()
        return read_window(segment, offset, end, limit_bytes)

    def answer(path: str, *request: Any) -> Any:
        if path == EVENTS:
            was_ahead.append(is_ahead.wait(5))
        return answer_at_once(path, *request)

    session = start(flush_interval=200)
    assert session.flush()  # the session is known
    monkeypatch.setattr(_courier, "WINDOW_BYTES", 3000)
    monkeypatch.setattr(_courier, "read_window", read)
    monkeypatch.setattr(server, "answer", answer)
    ids = record(session, 50)
    assert session.flush()
    assert set(was_ahead) == {True}
    assert server.arrivals[str(session.session_id)] == ids
    assert len(set(offsets)) == len(offsets) > 2


@pytest.mark.parametrize(("host", "encoding"), [("0.0.0.0", "gzip"), ("127.0.0.1", None), ("localhost", None)])
def test_what_leaves_the_machine_is_compressed(
    start: Start, server: RecordingServer, host: str, encoding: str | None
) -> None:
    """Within it that would cost more than it saves. The first address leads here, too, but is no loopback address."""
    session = start(endpoint=f"http://{host}:{server.port}", max_wait_time=20_000)
    event = ActionEvent(params="word " * 2000)
    session.record(event)
    session.end_session("Success")
    [request] = server.of(EVENTS)
    assert request.headers.get("content-encoding") == encoding
    assert (int(request.headers["content-length"]) < 1000) is (encoding == "gzip")
    assert server.events[str(session.session_id)][str(event.id)]["params"] == event.params
