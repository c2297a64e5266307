"""Programs of published libraries, captured by `agentops.init()` alone, as the server shows them."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.contract.otlp.scripted_models import ANSWER, ARGUMENTS, scripted_models
from tests.provision import ROOT, frameworks_python
from tests.serving import Reader, Server

pytestmark = pytest.mark.xdist_group("frameworks")
ORDERS = pytest.mark.parametrize("order", ["before", "after"])
TIMEOUT_S = 120


@pytest.fixture(scope="module")
def models() -> Iterator[str]:
    with scripted_models() as url:
        yield url


@pytest.fixture
def run(server: Server, models: str, tmp_path: Path) -> Any:
    def run_program(program: str, order: str) -> str:
        env = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
        env |= {"AGENTOPS_API_KEY": server.api_key, "AGENTOPS_API_ENDPOINT": server.url, "SCRIPTED_MODELS": models}
        env |= {"AGENTOPS_SPOOL_DIR": str(tmp_path), "AGENTOPS_STRICT": "1", "LANGSMITH_TRACING": "false"}
        env |= {"PYTHONPATH": os.pathsep.join([str(ROOT / "sdk/src"), str(ROOT)])}
        command = [str(frameworks_python()), "-m", f"tests.frameworks.programs.{program}", order]
        done = subprocess.run(
            command, env=env, capture_output=True, text=True, timeout=TIMEOUT_S, cwd=ROOT, check=False
        )
        assert done.returncode == 0, done.stderr
        assert "AGENTOPS_STRICT" not in done.stderr, done.stderr
        return done.stdout

    return run_program


@pytest.fixture
def capture(run: Any, reader: Reader) -> Any:
    return lambda program, order: reader.export(run(program, order).split()[-1])


@ORDERS
def test_openai(capture: Any, order: str) -> None:
    session = capture("openai_chat", order)
    calls = session["llms"]
    assert [call["model"] for call in calls] == ["gpt-4o"] * 4 + ["refused"]
    assert [call["prompt_tokens"] for call in calls[:4]] == [120] * 4, "the streamed one too"
    assert [call["completion_tokens"] for call in calls[:4]] == [30] * 4
    assert all(call["cost"] is not None for call in calls[:4])
    assert calls[0]["prompt"] == [{"role": "user", "content": "Where is order 1042?"}]
    assert calls[0]["completion"]["content"] == ANSWER
    assert calls[1]["completion"]["content"] == ANSWER
    assert calls[2]["completion"]["tool_calls"][0]["function"]["name"] == "look_up_order"
    assert len(session["errors"]) == 1
    assert session["errors"][0]["trigger_event_id"] == calls[4]["id"]
    assert session["stats"]["prompt_tokens"] == 480


@ORDERS
def test_anthropic(capture: Any, order: str) -> None:
    session = capture("anthropic_messages", order)
    calls = session["llms"]
    assert [call["model"] for call in calls] == ["claude-sonnet-4-5"] * 3, "each once, though the library traces itself"
    assert [call["prompt_tokens"] for call in calls] == [120] * 3, "70 uncached, 40 read from the cache, 10 written"
    assert [call["completion_tokens"] for call in calls] == [30] * 3
    assert all(call["completion"]["content"] == ANSWER for call in calls)


@ORDERS
@pytest.mark.parametrize("program", ["langchain_agent", "openai_agents"])
def test_agent_with_a_tool(capture: Any, program: str, order: str) -> None:
    session = capture(program, order)
    assert len(session["llms"]) == 2, [call["name"] for call in session["llms"]]
    assert [call["prompt_tokens"] for call in session["llms"]] == [120] * 2
    (tool,) = session["tools"]
    assert tool["name"] == "look_up_order"
    assert tool["params"] == ARGUMENTS
    assert "order 1042 is on its way" in str(tool["returns"])
    ids = {row["id"] for kind in ("llms", "tools", "actions") for row in session[kind]}
    orphans = [row for kind in ("llms", "tools") for row in session[kind] if row["parent_id"] not in ids]
    assert orphans == []
    assert "clerk" in {agent["name"] for agent in session["agents"]}
    assert session["errors"] == []


@ORDERS
def test_an_application_that_traces_itself(run: Any, reader: Reader, order: str) -> None:
    found = json.loads(run("own_tracing", order).splitlines()[-1])
    assert found["spans"] == ["the application's own"], "it got nothing of ours"
    assert found["settings"] == []
    assert found["wrapped"] == [False] * 3
    assert not [module for module in found["modules"] if "agentops" in module or "opentelemetry" in module]
    first, second = (reader.export(session_id) for session_id in found["sessions"])
    (action,) = first["actions"]
    (call,) = first["llms"]
    assert call["parent_id"] == action["id"], "a call inside a recorded function is its child"
    assert len(second["llms"]) == 1, "each session has its own call, and none has the one after stop_instrumenting()"
