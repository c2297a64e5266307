"""One session in several processes, against the real server: figures, tags, start, and whose end stands."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.sdk import program
from tests.serving import Reader, Server

from .membership import Member, agent_env

pytestmark = pytest.mark.xdist_group("shared")
Join = Callable[[], Member]


@pytest.fixture
def join(server: Server, tmp_path: Path) -> Iterator[Join]:
    """Starts members; each has a spool of its own, so that none delivers for another."""
    members: list[Member] = []

    def start() -> Member:
        members.append(Member(agent_env(server, tmp_path / str(len(members)))))
        return members[-1]

    yield start
    for member in members:
        member.kill()


@pytest.mark.parametrize("call", ["agentops.init", "agentops.start_session"])
@pytest.mark.parametrize("kind", ["str", "__import__('uuid').UUID"], ids=["str", "UUID"])
@pytest.mark.parametrize("has_ended", [False, True], ids=["running", "ended"])
def test_three_processes_contribute(join: Join, reader: Reader, call: str, kind: str, has_ended: bool) -> None:
    members = [join(), join(), join()]
    session_id = members[0].init("default_tags=['a', 'all']")
    started = members[0].do(f"agentops.get_session('{session_id}').init_timestamp")
    ids = members[0].do("record('llm', 'tool', 'error')")
    if has_ended:
        assert members[0].do("agentops.end_session('Success', 'first')") == "0.0075"
    for number, member in enumerate(members[1:]):
        tags = "default_tags" if call.endswith("init") else "tags"
        shared = f"inherited_session_id={kind}('{session_id}'), {tags}=['all', '{number}']"
        assert member.do(f"{call}({shared}).session_id") == session_id
        ids += member.do("record('llm', 'action')")
        member.do("agentops.add_tags('more')")
        member.do("agentops.flush(30)")
    analytics = [member.do(f"session_of('{session_id}').get_analytics()") for member in members]
    assert analytics[0] == analytics[1] == analytics[2] | {"Duration": analytics[0]["Duration"]}
    counts = {"LLM calls": 3, "Tool calls": 1, "Actions": 2, "Errors": 1, "Cost": "0.0225"}
    assert {name: analytics[0][name] for name in counts} == counts
    export = reader.export(session_id)
    rows = [row["id"] for kind in ("llms", "tools", "actions", "errors") for row in export[kind]]
    assert sorted(rows) == sorted(ids)
    session = reader.session(session_id)
    assert session["tags"] == ["a", "all", "0", "more", "1"]
    assert same_moment(session["init_timestamp"], started)
    assert session["is_running"] is not has_ended
    assert session["end_state"] == ("Success" if has_ended else "Indeterminate")


def same_moment(one: str, other: str) -> bool:
    return datetime.fromisoformat(one) == datetime.fromisoformat(other)


def test_a_forked_child_contributes(join: Join, reader: Reader) -> None:
    member = join()
    session_id = member.init()
    ids = member.do("record('llm')")
    assert member.do("fork(lambda: record('llm', 'tool'))") == 0
    assert member.do("fork(lambda: fork(lambda: record('action')))") == 0
    ids += member.do("record('llm')")
    assert reader.session(session_id)["is_running"], "the children left, the parent goes on"
    analytics = member.do(f"session_of('{session_id}').get_analytics()")
    assert {name: analytics[name] for name in ("LLM calls", "Tool calls", "Actions", "Cost")} == {
        "LLM calls": 3,
        "Tool calls": 1,
        "Actions": 1,
        "Cost": "0.0225",
    }
    assert member.do("agentops.end_session('Success')") == "0.0225"
    assert {row["id"] for row in reader.export(session_id)["llms"]} >= set(ids)


def test_a_session_ends_with_the_last_of_its_forked_processes(join: Join, reader: Reader) -> None:
    member = join()
    session_id = member.init()
    member.do("record('llm')")
    assert member.do("fork(lambda: record('llm'))") == 0
    member.leave()
    session = reader.session(session_id)
    assert (session["is_running"], session["end_state"]) == (False, "Indeterminate")
    assert "without a call of end_session" in session["end_state_reason"]


ENDS: dict[str, tuple[list[str], tuple[bool, str, str | None]]] = {
    "explicit, then implicit": (["Success first", "leave", "leave"], (False, "Success", "first")),
    "implicit, then explicit": (["leave", "Failure second", "leave"], (False, "Failure", "second")),
    "explicit while others run": (["Success first"], (False, "Success", "first")),
    "two explicit": (["Success first", "Failure second"], (False, "Failure", "second")),
    "two explicit, an implicit": (["Failure first", "Success second", "leave"], (False, "Success", "second")),
    "explicit Indeterminate": (["Indeterminate first", "leave"], (False, "Indeterminate", "first")),
    "some implicit": (["leave", "leave"], (True, "Indeterminate", None)),
    "all implicit": (["leave"] * 3, (False, "Indeterminate", "without a call of end_session")),
    "a signal": (["leave", "SIGTERM"], (False, "Failure", "Signal SIGTERM detected")),
    "a signal after an explicit end": (["Success first", "SIGTERM"], (False, "Failure", "Signal SIGTERM detected")),
}


@pytest.mark.parametrize(("ends", "expected"), ENDS.values(), ids=list(ENDS))
def test_whose_end_stands(join: Join, reader: Reader, ends: list[str], expected: tuple[bool, str, str | None]) -> None:
    members = [join(), join(), join()]
    session_id = members[0].init()
    for member in members[1:]:
        member.init(f"inherited_session_id='{session_id}'")
    for member, end in zip(members, ends, strict=False):
        end_as(member, end)
    session: dict[str, Any] = reader.session(session_id)
    running, state, reason = expected
    assert (session["is_running"], session["end_state"]) == (running, state)
    assert (session["end_timestamp"] is None) == running
    assert session["end_state_reason"] is None if reason is None else reason in session["end_state_reason"]


def end_as(member: Member, end: str) -> None:
    if end == "leave":
        member.leave()
    elif end == "SIGTERM":
        member.process.send_signal(signal.SIGTERM)
        assert program.finish(member.process)[0] == -signal.SIGTERM
    else:
        state, reason = end.split()
        member.do(f"agentops.end_session('{state}', '{reason}')")


def test_the_earliest_start_stands_whoever_is_heard_first(join: Join, reader: Reader) -> None:
    """The first process cannot deliver until the second has: its session is older, and that is what counts."""
    first, second = join(), join()
    session_id = first.do("agentops.init(flush_interval=3600000).session_id")
    started = first.do(f"session_of('{session_id}').init_timestamp")
    second.init(f"inherited_session_id='{session_id}'")
    first.do("agentops.flush(30)")
    assert same_moment(reader.session(session_id)["init_timestamp"], started)
