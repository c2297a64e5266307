"""A signal comes in the middle of a call of ours, and its handler ends sessions, records, or raises."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from agentops._records import EVENT, iter_records, pack
from agentops._segment import FileSegment
from tests.sdk.recording_server import RecordingServer

from .hosting import Hosting

SESSION = bytes(16)
BIG, SMALL = pack(EVENT, SESSION, 1, b"1" * 1000), pack(EVENT, SESSION, 2, b"2")


def interrupt_after_write(monkeypatch: pytest.MonkeyPatch, handler: object) -> None:
    """Run a handler right after the next write, as the interpreter does before the next instruction."""
    write = os.pwrite

    def write_and_handle(descriptor: int, data: bytes, offset: int) -> int:
        written = write(descriptor, data, offset)
        monkeypatch.setattr(os, "pwrite", write)
        handler()  # type: ignore[operator]
        return written

    monkeypatch.setattr(os, "pwrite", write_and_handle)


@pytest.mark.parametrize(("first", "second"), [(BIG, SMALL), (SMALL, BIG)], ids=["big first", "small first"])
def test_a_record_within_a_record(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, first: bytes, second: bytes) -> None:
    segment = FileSegment.create(tmp_path)
    seen: list[bytes] = []

    def handle() -> None:
        segment.append(second)
        # The worker delivers now, as far as the segment says that it goes.
        seen.extend(pack(EVENT, SESSION, r.sequence, r.payload) for r in iter_records(segment, segment.size))

    interrupt_after_write(monkeypatch, handle)
    segment.append(first)
    assert seen == [first, second]
    assert segment.size == len(first) + len(second)
    segment.close()


def test_a_record_that_is_broken_off(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    segment = FileSegment.create(tmp_path)

    def handle() -> None:
        raise KeyboardInterrupt

    interrupt_after_write(monkeypatch, handle)
    with pytest.raises(KeyboardInterrupt):
        segment.append(BIG)
    segment.append(SMALL)
    assert segment.size == len(BIG) + len(SMALL)
    assert [record.sequence for record in iter_records(segment, segment.size)] == [1, 2]
    segment.close()


def test_a_signal_while_the_session_ends(hosting: Hosting, recorder: RecordingServer) -> None:
    """The process dies in the handler, so what was interrupted never goes on."""
    source = """
session = agentops.init()
session.record(ActionEvent())
append = session._append
def interrupted(kind, payload):
    session._append = append
    os.kill(os.getpid(), signal.SIGTERM)
    return append(kind, payload)
session._append = interrupted
sys.exit(0)
"""
    assert hosting.run(source).code == -15
    ((session_id, events),) = recorder.events.items()
    assert len(events) == 1
    assert recorder.merged(session_id)["end_state_reason"] == "Signal SIGTERM detected"


@pytest.mark.parametrize("handler", ["lambda *a: None", "signal.default_int_handler"], ids=["returns", "raises"])
def test_signals_at_any_moment(hosting: Hosting, recorder: RecordingServer, handler: str) -> None:
    """Hundreds of interrupts while a program records: what was recorded arrives, in order, once."""
    source = f"""
sys.setswitchinterval(0.0001)  # or the thread that interrupts would hardly have a turn
agentops.init(auto_start_session=False, flush_interval=1)
signal.signal(signal.SIGINT, {handler})
session = agentops.start_session()
done = threading.Event()
def interrupt():
    while not done.wait(0.001):
        os.kill(os.getpid(), signal.SIGINT)
thread = threading.Thread(target=interrupt)
recorded = []
try:
    thread.start()
except KeyboardInterrupt:
    pass
interrupts = 0
numbers = iter(range(10000))
def record_all():
    global interrupts
    while True:
        try:
            for number in numbers:
                event = ActionEvent(params=number)
                session.record(event)
                recorded.append(str(event.id))
            return
        except KeyboardInterrupt:
            interrupts += 1
while True:
    try:
        record_all()
        break
    except KeyboardInterrupt:  # right after the last one
        pass
while True:
    try:
        while not done.is_set() or thread.is_alive():
            try:
                done.set(); thread.join()
            except KeyboardInterrupt:
                pass
        break
    except KeyboardInterrupt:
        pass
print(interrupts, *recorded)
"""
    code, out, _ = hosting.run(source)
    assert code == 0
    hosting.deliver()
    interrupts, *recorded = out.split()
    if handler.endswith("default_int_handler"):
        assert int(interrupts) > 20
    (arrived,) = recorder.arrivals.values()
    assert len(arrived) == len(set(arrived))
    kept = set(recorded)
    assert [event_id for event_id in arrived if event_id in kept] == recorded
    assert len(recorded) > 100
