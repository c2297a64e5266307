"""What the first page of the documentation promises, in its own words and code, against the whole of the product."""

import json
import subprocess
import sys
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.acting import acting, agent_env, assert_has_once
from tests.provision import client_python
from tests.serving import Reader, Server

pytestmark = pytest.mark.xdist_group("mission")
HERE = Path(__file__).parent


def test_the_documented_export_example_runs_as_it_stands(server: Server, reader: Reader, tmp_path: Path) -> None:
    with acting(agent_env(server.url, server.api_key, tmp_path)) as actor:
        session_id = actor.do("init")["session_id"]
        actor.record(2)
        actor.do("end", state="Success")
    code = (HERE / "export_example.txt").read_text()
    code = code.replace("https://api.agentops.ai", server.url).replace("your-api-key", server.api_key)
    code = code.replace("your-session-id", session_id)
    show = "\nimport json; print(json.dumps([stats, session_data]))"
    # It imports requests, which none of our packages needs; the old client's environment has it.
    done = subprocess.run([client_python("0.3.26"), "-c", code + show], capture_output=True, text=True, check=True)
    stats, export = json.loads(done.stdout)
    assert stats == reader.stats(session_id)
    assert export == reader.export(session_id)
    assert (stats["llms"], stats["cost"], len(export["llms"])) == (2, "0.015", 2)


@pytest.fixture(scope="module")
def says(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What every_method.py saw, run once."""
    env = agent_env(server.url, server.api_key, tmp_path_factory.mktemp("spool"))
    command = [sys.executable, str(HERE / "every_method.py")]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=90, check=False)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert len(lines) == 1, f"the SDK wrote to stdout: {lines}"
    return {**json.loads(lines[0]), "stderr": done.stderr}


def test_calls_without_a_session_warn_and_change_nothing(says: Any, reader: Reader) -> None:
    assert says["init_without_session"] is None
    warnings = [line for line in says["stderr"].splitlines() if "start_session" in line or "init()" in line]
    assert len(warnings) >= 5
    assert "nobody's" not in json.dumps(reader.export(says["session_id"]))


def test_tags_keep_their_order_and_drop_doubles(says: Any, reader: Reader) -> None:
    assert says["tags_added"] == ["one", "two", "three", "four"]
    assert says["tags_set"] == ["set", "again", "last"]
    assert reader.session(says["session_id"])["tags"] == ["set", "again", "last"]
    found = reader.get("/v2/sessions", tag="again")["sessions"]
    assert [session["session_id"] for session in found] == [says["session_id"]]


def test_a_session_is_found_by_its_id_as_uuid_and_as_text(says: Any) -> None:
    assert says["session_id_is_uuid"]
    assert says["found_by_str"]
    assert says["found_by_uuid"]


def test_end_session_returns_the_total_cost_as_a_decimal_string(says: Any, reader: Reader) -> None:
    assert says["cost"] == reader.stats(says["session_id"])["cost"] == "0.0075"
    Decimal(says["cost_of_an_unknown_state"])


def test_an_unknown_end_state_warns_and_leaves_the_session_open(says: Any) -> None:
    assert says["still_running"]
    assert "Splendid" in says["stderr"]
    assert not says["running_after_the_end"]


def test_analytics_have_their_keys_and_do_not_end_the_session(says: Any) -> None:
    for analytics in (says["running_analytics"], says["final_analytics"]):
        counts = {name: analytics[name] for name in ("LLM calls", "Tool calls", "Actions", "Errors")}
        assert counts == {"LLM calls": 2, "Tool calls": 1, "Actions": 1, "Errors": 1}
        assert isinstance(analytics["Duration"], str)
        assert Decimal(analytics["Cost"]) == Decimal("0.0075")
    assert says["end_timestamp_while_running"] is None


def test_the_session_has_all_its_properties(says: Any, reader: Reader) -> None:
    session = reader.session(says["session_id"])
    assert session["session_id"] == says["session_id"]
    assert session["project_id"] == says["project_id"]
    assert datetime.fromisoformat(session["init_timestamp"]) == datetime.fromisoformat(says["init_timestamp"])
    assert datetime.fromisoformat(session["end_timestamp"]) == datetime.fromisoformat(says["end_timestamp"])
    assert (session["end_state"], session["end_state_reason"]) == ("Failure", "as planned")
    assert session["is_running"] is False
    assert session["video"] == "https://videos.example/run.mp4"
    assert {"SDK", "OS", "CPU", "RAM", "Disk", "Installed Packages"} <= set(session["host_env"])
    assert session["host_env"]["Project Working Directory"] == {"Project Working Directory": str(Path.cwd())}
    assert says["session_url"].endswith(f"/sessions/{says['session_id']}")


def test_the_export_holds_every_event_with_its_values(says: Any, reader: Reader) -> None:
    export = reader.export(says["session_id"])
    assert set(export) == {"session", "stats", "actions", "llms", "tools", "errors", "agents"}
    call = next(row for row in export["llms"] if row["id"] == says["ids"]["call"])
    assert len(export["llms"]) == 2
    assert call["agent_id"] == says["ids"]["agent"]
    assert (call["model"], call["prompt_tokens"], call["completion_tokens"]) == ("gpt-4o", 1000, 500)
    assert "added after record()" not in json.dumps(call)
    assert "What now?" in json.dumps(call["prompt"])
    assert "This." in json.dumps(call["completion"])
    (action,) = export["actions"]
    assert (action["action_type"], action["params"], action["returns"]) == ("plan", {"depth": 2}, ["a", "b"])
    (tool,) = export["tools"]
    assert (tool["name"], tool["params"], tool["returns"]) == ("search", {"query": "q"}, {"hits": 3})
    (error,) = export["errors"]
    assert (error["error_type"], error["trigger_event_id"]) == ("KeyError", says["ids"]["tool"])
    assert error["trigger_event_type"] == "tools"
    assert "KeyError" in error["logs"]
    assert [agent["name"] for agent in export["agents"]] == ["Planner"]


def test_the_api_refuses_with_a_message_and_tells_nobody_what_exists(server: Server, says: Any, reader: Reader) -> None:
    path = f"/v2/sessions/{says['session_id']}/stats"
    stranger = Reader(server.url, "00000000-0000-4000-8000-000000000000")
    nobody = reader.ask("/v2/sessions/00000000-0000-4000-8000-000000000000/export")
    malformed = reader.ask("/v2/sessions/not-a-uuid/stats")
    answers = {401: stranger.ask(path), 404: nobody, 422: malformed}
    for status, (answered, body) in answers.items():
        assert answered == status
        assert body["message"]


def test_an_actor_and_its_api_agree(server: Server, reader: Reader, tmp_path: Path) -> None:
    with acting(agent_env(server.url, server.api_key, tmp_path)) as actor:
        session_id = actor.do("init")["session_id"]
        ids = actor.record(7)
        assert actor.do("end", state="Success")["cost"] == "0.0525"
    assert_has_once(reader, session_id, ids)


def test_lists_come_page_by_page_and_whole(server: Server, reader: Reader, tmp_path: Path) -> None:
    for _ in range(2):
        with acting(agent_env(server.url, server.api_key, tmp_path)) as actor:
            session_id = actor.do("init")["session_id"]
            actor.record(3)
            actor.do("end", state="Success")
    for path, key, count in (("/v2/sessions", "sessions", 2), (f"/v2/sessions/{session_id}/events", "events", 3)):
        whole = reader.get(path)[key]
        assert len(whole) >= count
        assert reader.pages(path, key, limit="1") == whole
