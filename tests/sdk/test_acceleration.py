"""What is compiled: it does what the Python does that it stands in for, and leaves to that what is not ordinary."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest.mock import Mock
from uuid import UUID, uuid4

import pytest

import agentops
from agentops import ActionEvent, Event, LLMEvent, Session, ToolEvent, _context, _ids, _mapping
from agentops._records import iter_records

from .test_records import Bytes

SESSION, PARTICIPANT = uuid4(), str(uuid4())


class Stores:
    """What a Taker has around it: where lines go, and what it asks."""

    def __init__(self, native: ModuleType, tmp_path: Path, size: int = 1 << 20) -> None:
        self.path = tmp_path / "stored"
        self.path.write_bytes(bytes(size))
        with self.path.open("r+b") as file:
            self.memory = native.Memory(_mapping.Mapping(file.fileno(), size), 0, 0)
        self.stores: dict[bytes, Any] = {SESSION.bytes: self.memory.write}
        self.counts = dict.fromkeys(("llms", "tools", "actions", "errors"), 0)
        self.returned: list[int] = []
        self.agents: dict[str, UUID] = {}
        self.take = Mock(side_effect=AssertionError("an ordinary event is not for Python"))
        self.look, self.keep = Mock(return_value=True), Mock(return_value=True)
        self.parts: dict[str, object] = {
            "take": self.take,
            "look": self.look,
            "keep": self.keep,
            "count_as": lambda _kind: "actions",
            "now_ns": agentops._clock.now_ns,
            "uuid": UUID,
            "agents": self.agents,
            "stores": self.stores,
            "key": SESSION.bytes,
            "session_id": SESSION,
            "participant": PARTICIPANT,
            "sequence": native.Counter(1),
            "returned": self.returned,
            "counts": self.counts,
            "most_bytes": 100_000,
            "often_ns": 10**12,
            "about": f'],"session_id":"{SESSION}","participant_id":"{PARTICIPANT}","event_type":'.encode(),
        }
        self.taker = native.Taker(**self.parts)

    def read(self) -> list[dict[str, Any]]:
        """What is stored; nothing else is there."""
        data, end = self.path.read_bytes(), self.memory.tell()
        assert not data[end:].strip(b"\0")
        data = data[:end]
        return [json.loads(record.payload) for record in iter_records(Bytes(data), len(data), 500)]


@pytest.fixture
def stores(native: ModuleType, tmp_path: Path) -> Iterator[Stores]:
    stores = Stores(native, tmp_path)
    yield stores
    stores.memory.close()


def test_ordinary_events_are_kept_without_python(stores: Stores) -> None:
    agent, parent = uuid4(), uuid4()
    stores.agents["Researcher"] = agent
    tokens = _context.parent.set(parent)
    events = [
        LLMEvent(prompt=[{"role": "user", "content": "Hi"}], completion="Hello", prompt_tokens=3, agent_id=agent),
        ToolEvent(name="search", params={"q": "naïve…"}, agent_id="Researcher"),
        ActionEvent("walk", returns=[1.5, None, True], agent_id=agent),
    ]
    _context.parent.reset(tokens)
    assert all(stores.taker(event) for event in events)
    stores.taker.settle()
    assert stores.counts == {"llms": 1, "tools": 1, "actions": 1, "errors": 0}
    assert not stores.keep.called
    llm, tool, action = stores.read()
    assert [event["sequence"] for event in (llm, tool, action)] == [1, 2, 3]
    assert {event["agent_id"] for event in (llm, tool, action)} == {str(agent)}
    assert {event["parent_id"] for event in (llm, tool, action)} == {str(parent)}
    assert [event["id"] for event in (llm, tool, action)] == [str(event.id) for event in events]
    assert (llm["prompt"], llm["completion"], llm["prompt_tokens"]) == (events[0].prompt, "Hello", 3)  # type: ignore[attr-defined]
    assert (tool["params"], action["returns"], action["event_type"]) == ({"q": "naïve…"}, [1.5, None, True], "walk")
    assert [event.recorded for event in events] == [(SESSION.bytes, PARTICIPANT, number) for number in (1, 2, 3)]
    assert {event.session_id for event in events} == {SESSION}


def unordinary() -> dict[str, Callable[[Stores], object]]:
    recorded, with_more = LLMEvent(), LLMEvent()
    recorded.recorded, with_more.more = (SESSION.bytes, PARTICIPANT, 1), {"attributes": {}}
    damaged = LLMEvent()
    del damaged.prompt
    return {
        "no event": lambda _: "a text",
        "another class": lambda _: Event("walk"),
        "a class of one's own": lambda _: type("Mine", (LLMEvent,), {})(),
        "recorded": lambda _: recorded,
        "with more": lambda _: with_more,
        "without an attribute": lambda _: damaged,
        "with an id": lambda _: LLMEvent(id=uuid4()),
        "with a beginning": lambda _: LLMEvent(init_timestamp="2026-11-30T10:00:00Z"),
        "with an end": lambda _: LLMEvent(end_timestamp="2026-11-30T10:00:00Z"),
        "with a strange value": lambda _: LLMEvent(params={1: 2}),
        "of a strange type": lambda _: LLMEvent(event_type=agentops.EventType.LLM),
        "too long": lambda _: LLMEvent(prompt="x" * 100_000),
        "too long in all": lambda _: LLMEvent(prompt=["x" * 60_000] * 2),
        "of nobody known": lambda _: LLMEvent(agent_id="Nobody"),
        "of no agent": lambda _: LLMEvent(agent_id=5),  # type: ignore[arg-type]
        "below a text": lambda _: _below("01900000-0000-7000-8000-000000000001"),
        "where numbers wait": lambda stores: (stores.returned.append(4), LLMEvent())[1],
    }


def _below(parent: str) -> LLMEvent:
    event = LLMEvent()
    event.parent_id = parent
    return event


@pytest.mark.parametrize("name", unordinary())
def test_what_is_not_ordinary_is_for_python(stores: Stores, name: str) -> None:
    event = unordinary()[name](stores)
    stores.take.side_effect = None
    stores.take.return_value = "what Python says"
    assert stores.taker(event) == "what Python says"
    stores.take.assert_called_once_with(event)
    assert (stores.memory.tell(), stores.read()) == (0, [])
    stores.returned.clear()
    assert stores.taker(LLMEvent()) is True
    assert [event["sequence"] for event in stores.read()] == [1]  # no number was used up


def test_what_finds_no_room_is_kept_by_python(native: ModuleType, tmp_path: Path) -> None:
    stores = Stores(native, tmp_path, size=4096)
    assert stores.taker(LLMEvent(prompt="x" * 3000))
    event = LLMEvent(prompt="y" * 3000)
    assert stores.taker(event)
    assert len(stores.read()) == 1
    [(line, number)] = [call.args for call in stores.keep.call_args_list]
    assert number == 2
    [completed] = [json.loads(record.payload) for record in iter_records(Bytes(line), len(line), 500)]
    assert completed["prompt"] == event.prompt
    assert event.recorded == (SESSION.bytes, PARTICIPANT, 2)
    stores.stores.clear()
    stores.keep.return_value = False
    refused = LLMEvent()
    assert stores.taker(refused) is False
    stores.taker.settle()
    assert (refused.recorded, refused.session_id, stores.counts["llms"]) == (None, None, 2)
    stores.memory.close()


def test_errors_of_what_it_asks_pass_through(stores: Stores) -> None:
    stores.look.side_effect = KeyboardInterrupt
    with pytest.raises(KeyboardInterrupt):
        stores.taker(LLMEvent())
    stores.stores.clear()
    stores.keep.side_effect = KeyboardInterrupt
    with pytest.raises(KeyboardInterrupt):
        stores.taker(LLMEvent())
    stores.taker.settle()
    assert stores.counts["llms"] == 0


def test_events_of_many_types_are_all_counted(stores: Stores) -> None:
    """Also those whose type is the same text, but not the same object."""
    for number in range(30):
        stores.taker(ActionEvent(event_type=f"walk {number % 7}"))
        stores.taker(LLMEvent(event_type="".join(["ll", "ms"])))
    stores.taker.settle()
    stores.taker.settle()
    assert stores.counts == {"llms": 30, "tools": 0, "actions": 30, "errors": 0}


def test_what_is_taken_while_others_are_counted_counts_too(native: ModuleType, stores: Stores) -> None:
    def count_as(_kind: str) -> str:
        if len(stores.read()) < 5:
            taker(ActionEvent(event_type="run"))
        return "actions"

    taker = native.Taker(**stores.parts | {"count_as": count_as})
    taker(ActionEvent(event_type="walk"))
    for _ in range(5):
        taker.settle()
    assert stores.counts["actions"] == 5


def test_a_count_that_fails_is_said(native: ModuleType, stores: Stores) -> None:
    taker = native.Taker(**stores.parts | {"count_as": Mock(side_effect=KeyError("walk"))})
    taker(ActionEvent(event_type="walk"))
    with pytest.raises(KeyError):
        taker.settle()


def test_another_process_takes_nothing(stores: Stores) -> None:
    stores.look.return_value = False
    assert stores.taker(LLMEvent()) is False
    assert (stores.memory.tell(), stores.take.called) == (0, False)


@pytest.mark.parametrize("name", ["take", "stores", "counts", "about", "most_bytes", "sequence"])
def test_a_part_that_is_missing_or_wrong_is_said_at_once(native: ModuleType, stores: Stores, name: str) -> None:
    with pytest.raises(TypeError):
        native.Taker(**{key: value for key, value in stores.parts.items() if key != name})
    if name != "take":
        with pytest.raises(TypeError):
            native.Taker(**stores.parts | {name: ()})


def test_memory_is_a_mapping(native: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(bytes(8192))
    with path.open("r+b") as file:
        with pytest.raises(ValueError, match="not in the mapping"):
            native.Memory(_mapping.Mapping(file.fileno(), 8192), 0, 9000)
        memory = native.Memory(_mapping.Mapping(file.fileno(), 8192), 4096, 10)
    assert (len(memory), memory.start, memory.tell()) == (8192, 4096, 10)
    store = memory.write
    assert (store(b"abc"), memory.tell()) == (3, 13)
    with pytest.raises(ValueError, match="no room"):
        store(bytes(8192))
    with pytest.raises(TypeError):
        store("text")
    assert memory.fill() == 13
    with pytest.raises(ValueError, match="no room"):
        store(b"d")
    memory.close()
    memory.close()
    for use in (lambda: store(b"d"), memory.tell):
        with pytest.raises(ValueError, match="room|closed"):
            use()
    assert path.read_bytes()[8:16] == b"\0\0abc\0\0\0"


def test_nothing_is_held_longer_than_needed(stores: Stores) -> None:
    prompt, agent, names = ["a prompt of its own"], uuid4(), {"a name of its own": 1}
    stores.taker(LLMEvent(prompt=prompt, agent_id=agent, params=names))
    gc.collect()
    objects = [prompt, names, None, SESSION, PARTICIPANT, "llms"]
    before = [sys.getrefcount(each) for each in objects], len(gc.get_objects())
    for _ in range(500):
        assert stores.taker(LLMEvent(prompt=prompt, agent_id=agent, params=names))
        LLMEvent(id=agent, init_timestamp="then")
        stores.memory.tell()
    gc.collect()
    after = [sys.getrefcount(each) for each in objects], len(gc.get_objects())
    assert all(abs(now - then) < 100 for now, then in zip(after[0], before[0], strict=True))
    assert abs(after[1] - before[1]) < 100


def test_a_taker_goes_with_its_circle(native: ModuleType, stores: Stores) -> None:
    class Watched:
        def __call__(self, *_: object) -> bool:
            return True

    watched = Watched()
    taker = native.Taker(**stores.parts | {"look": watched})
    watched.taker = taker  # type: ignore[attr-defined]
    gone = Mock()
    from weakref import finalize

    finalize(watched, gone)
    del watched, taker
    gc.collect()
    assert gone.called


def test_threads_share_one_count(stores: Stores) -> None:
    def record() -> None:
        for number in range(200):
            stores.taker(LLMEvent(prompt="x" * number, agent_id=uuid4()))

    threads = [threading.Thread(target=record) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [event["sequence"] for event in stores.read()] == list(range(1, 1001))
    stores.taker.settle()
    assert stores.counts["llms"] == 1000


def test_a_session_uses_it(start: Callable[..., Session]) -> None:
    session = start()
    recorded = 0
    while session._wants_fast_path:  # until the worker has imported what it needs
        session.record(LLMEvent())
        recorded += 1
        time.sleep(0.01)
    session.record(LLMEvent())
    assert type(session._fast_path).__name__ == "Taker"
    assert session.event_counts["llms"] == recorded + 1
    session.record(LLMEvent())
    session.begin_participation()  # as in the child of a fork, which counts on
    assert session.event_counts["llms"] == recorded + 2


def test_a_session_that_began_before_it_was_loaded_goes_on_in_python(
    start: Callable[..., Session], native: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(_ids, "count_from", count)
        session = start()
    while session._wants_fast_path:
        session.record(LLMEvent())
        time.sleep(0.01)
    assert type(session._fast_path).__name__ == "function"
    before = session.event_counts["llms"]
    session.record(LLMEvent())
    assert session.event_counts["llms"] == before + 1
    assert not isinstance(session._sequence, native.Counter)


SUBINTERPRETER = """
import _testcapi
_testcapi.run_in_subinterp('''
try:
    import agentops._native
except ImportError as error:
    print(error, flush=True)
''')
"""


def test_another_interpreter_has_none() -> None:
    if not find_spec("_testcapi"):
        pytest.skip("this Python was built without _testcapi, which makes interpreters")
    done = subprocess.run([sys.executable, "-c", SUBINTERPRETER], capture_output=True, text=True, check=True)
    assert done.stdout == "agentops._native is for the main interpreter only\n"


PROGRAM = """
import time
import agentops
from agentops import _acceleration
{before}
session = agentops.init(api_key="a", endpoint="http://127.0.0.1:9", max_wait_time=0)
while session._wants_fast_path:
    session.record(agentops.LLMEvent(prompt="hi"))
    time.sleep(0.01)
print(type(session._fast_path).__name__, _acceleration.native is not None, agentops.LLMEvent(prompt="hi").prompt)
"""
PATCH = """
_acceleration.load()
real = agentops.LLMEvent.__init__
def init(self, *args, prompt=None, **kwargs):
    real(self, *args, prompt=f"patched {prompt}", **kwargs)
agentops.LLMEvent.__init__ = init
"""
ANOTHER = "_acceleration.VERSION = -1"


@pytest.mark.parametrize(
    ("variable", "before", "printed"),
    [
        ("0", "", "Taker True hi"),
        ("1", "", "function False hi"),
        ("0", ANOTHER, "function False hi"),
        ("0", PATCH, "Taker True patched hi"),
    ],
    ids=["compiled", "switched off", "built from another source", "a class that somebody has changed"],
)
def test_who_may_use_it(tmp_path: Path, variable: str, before: str, printed: str) -> None:
    env = {"AGENTOPS_PURE": variable, "AGENTOPS_SPOOL_DIR": str(tmp_path), "HOME": str(tmp_path)}
    program = PROGRAM.format(before=before)
    done = subprocess.run([sys.executable, "-c", program], env=env, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == printed
