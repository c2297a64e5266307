"""A program for SDK 0.4 gives the same sessions here as with the published client 0.4.21."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.provision import ROOT, client_python
from tests.serving import Reader, Server

pytestmark = pytest.mark.xdist_group("compat")
PROGRAM = Path(__file__).with_name("program_0_4.py")
OURS = {"PYTHONPATH": str(ROOT / "sdk" / "src")}

Sessions = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Sessions, Sessions]]:
    """The sessions of our run and of the published client's, by name, as exported."""
    server = Server(tmp_path_factory.mktemp("server"))
    server.start()
    ours = run(sys.executable, server, tmp_path_factory.mktemp("ours"), OURS)
    theirs = run(str(client_python("0.4.21")), server, tmp_path_factory.mktemp("theirs"), {})
    yield ours, theirs
    server.stop()


def run(python: str, server: Server, folder: Path, more: dict[str, str]) -> Sessions:
    reader = Reader(server.url, server.api_key)
    before = {row["session_id"] for row in reader.get("/v2/sessions")["sessions"]}
    env = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    env |= {"HTTPS_PROXY": "http://127.0.0.1:9", "HTTP_PROXY": "http://127.0.0.1:9", "NO_PROXY": "127.0.0.1"}
    env |= {
        "AGENTOPS_API_KEY": server.api_key,
        "AGENTOPS_API_ENDPOINT": server.url,
        "AGENTOPS_LOGGING_TO_FILE": "false",
    }
    env |= {"AGENTOPS_SPOOL_DIR": str(folder), **more}
    done = subprocess.run([python, str(PROGRAM)], env=env, capture_output=True, text=True, timeout=120, cwd=folder)
    assert done.returncode == 0, done.stderr
    ids = [row["session_id"] for row in reader.get("/v2/sessions")["sessions"] if row["session_id"] not in before]
    exports = [reader.export(session_id) for session_id in ids]
    return {export["session"]["name"]: export for export in exports}


def tree(session: dict[str, Any]) -> set[tuple[str, str, str | None]]:
    """Kind and name of each event, and the name of the one above."""
    rows = {row["id"]: row for kind in ("llms", "tools", "actions") for row in session[kind]}
    return {
        # `operation` is an alias of `task` in 0.4
        (row["kind"].replace("operation", "task"), row["name"], rows.get(row["parent_id"], {}).get("name"))
        for row in rows.values()
    }


def test_the_sessions_are_the_same(both: tuple[Sessions, Sessions]) -> None:
    ours, theirs = both
    assert set(ours) == set(theirs) == {"refund", "by hand"}
    for name in ours:
        mine, other = ours[name]["session"], theirs[name]["session"]
        # 0.4.21 ends a block with a StatusCode, which is no value of an attribute: its server never hears of it.
        assert (mine["end_state"], other["end_state"]) == (
            "Success",
            "Indeterminate" if name == "by hand" else "Success",
        )
        of_steps = {"w"}  # a span says no session's tags apart from its own; the event of a step does
        assert mine["tags"] == [tag for tag in other["tags"] if tag not in of_steps]


def test_the_events_are_the_same_tree(both: tuple[Sessions, Sessions]) -> None:
    ours, theirs = both
    assert (
        tree(ours["refund"])
        == tree(theirs["refund"])
        == {
            ("session", "refund", None),
            ("guardrail", "check", "refund"),
            ("workflow", "flow", "refund"),
            ("task", "step", "flow"),
            ("task", "fail", "refund"),
            ("agent", "Clerk", "refund"),
            ("task", "answer", "Clerk"),
            ("tool", "look_up", "answer"),
        }
    )
    assert [len(found["refund"]["errors"]) for found in both] == [1, 1]
    assert [agent["name"] for found in both for agent in found["refund"]["agents"]] == ["Clerk", "Clerk"]


def test_facts_are_called_the_same(both: tuple[Sessions, Sessions]) -> None:
    facts = []
    for found in both:
        rows = {row["name"]: row for kind in ("tools", "actions") for row in found["refund"][kind]}
        attributes = {name: row["attributes"] for name, row in rows.items()}
        facts.append(
            {
                "version": attributes["flow"]["operation.version"],
                "spec": attributes["check"]["agentops.guardrail.spec"],
                "cost": attributes["look_up"]["gen_ai.usage.total_cost"],
                "metadata": attributes["refund"]["trace.metadata.customer"],
                "returns": rows["look_up"]["returns"],
            }
        )
    assert facts[0] == facts[1]
    assert facts[0]["cost"] == "0.05"
