"""The callback handlers of LangChain, with the published package, a scripted endpoint and a real server."""

from __future__ import annotations

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
MODES = ("alone", "beside", "within")
IN_EVERY_MODE = pytest.mark.parametrize("mode", MODES)
LANGCHAIN = frameworks_python("langchain")


class Ran:
    """The sessions of one run of the program, as exported."""

    def __init__(self, reader: Reader, told: dict[str, Any]) -> None:
        self.captured: dict[str, str] = told["captured"]
        self.sessions = {step: reader.export(session_id) for step, session_id in told["sessions"].items()}


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Ran]]:
    folder = tmp_path_factory.mktemp("langchain")
    server = Server(folder)
    server.start()
    with scripted_models() as models:
        yield {mode: run(mode, server, models, folder / mode) for mode in MODES}
    server.stop()


def run(mode: str, server: Server, models: str, folder: Path) -> Ran:
    env = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    env |= {"AGENTOPS_API_KEY": server.api_key, "AGENTOPS_API_ENDPOINT": server.url, "SCRIPTED_MODELS": models}
    env |= {"AGENTOPS_SPOOL_DIR": str(folder), "AGENTOPS_STRICT": "1", "LANGSMITH_TRACING": "false"}
    env |= {"PYTHONPATH": os.pathsep.join([str(ROOT / "sdk" / "src"), str(ROOT)])}
    command = [str(LANGCHAIN), "-m", "tests.sdk.langchain_program", mode]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=170, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    assert "AGENTOPS_STRICT" not in done.stderr, done.stderr
    return Ran(Reader(server.url, server.api_key), json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize(
    ("mode", "captured"), [("alone", set()), ("beside", {"OpenAI"}), ("within", {"OpenAI", "LangChain"})]
)
def test_the_modes_are_what_they_say(runs: dict[str, Ran], mode: str, captured: set[str]) -> None:
    assert set(runs[mode].captured) == captured


@IN_EVERY_MODE
@pytest.mark.parametrize(("step", "count"), [("invoke", 1), ("stream", 1), ("agent", 2), ("asynchronous", 4)])
def test_calls_of_models_are_counted_once_whoever_else_captures(
    runs: dict[str, Ran], mode: str, step: str, count: int
) -> None:
    session = runs[mode].sessions[step]
    assert [call["prompt_tokens"] for call in session["llms"]] == [120] * count
    assert [call["completion_tokens"] for call in session["llms"]] == [30] * count
    assert {call["model"] for call in session["llms"]} == {"gpt-4o"}
    assert all(call["cost"] is not None for call in session["llms"])
    assert session["errors"] == []


@IN_EVERY_MODE
@pytest.mark.parametrize(("step", "count"), [("agent", 1), ("asynchronous", 1)])
def test_tools_are_counted_once(runs: dict[str, Ran], mode: str, step: str, count: int) -> None:
    tools = runs[mode].sessions[step]["tools"]
    assert [tool["name"] for tool in tools] == ["look_up_order"] * count
    assert tools[0]["params"] == ARGUMENTS
    assert "order 1042 is on its way" in str(tools[0]["returns"])


@IN_EVERY_MODE
def test_a_refused_call_is_one_error(runs: dict[str, Ran], mode: str) -> None:
    session = runs[mode].sessions["refused"]
    (call,), (error,) = session["llms"], session["errors"]
    assert error["trigger_event_id"] == call["id"]
    assert session["session"]["end_state"] == "Success"


def test_a_call_has_what_langchain_tells_of_it(runs: dict[str, Ran]) -> None:
    (call,) = runs["alone"].sessions["invoke"]["llms"]
    assert call["prompt"] == [{"role": "user", "content": "Where is order 1042?"}]
    assert call["completion"] == {"role": "assistant", "content": ANSWER}
    (streamed,) = runs["alone"].sessions["stream"]["llms"]
    assert streamed["completion"]["content"] == ANSWER
    asking, answering = runs["alone"].sessions["agent"]["llms"]
    assert asking["completion"]["tool_calls"][0]["function"] == {
        "name": "look_up_order",
        "arguments": json.dumps(ARGUMENTS),
    }
    assert [message["role"] for message in answering["prompt"]] == ["user", "assistant", "tool"]


@pytest.mark.parametrize("mode", ["alone", "beside"])
def test_an_agent_is_a_tree(runs: dict[str, Ran], mode: str) -> None:
    session = runs[mode].sessions["agent"]
    rows = {row["id"]: row for kind in ("llms", "tools", "actions") for row in session[kind]}
    (root,) = [row for row in rows.values() if row["parent_id"] is None]
    assert (root["kind"], root["name"]) == ("chain", "clerk")
    assert all(row["parent_id"] in rows for row in rows.values() if row is not root)
    (operation,) = [row for row in session["actions"] if row["kind"] == "operation"]
    assert operation["parent_id"] == session["tools"][0]["id"], "what a tool does is below it"
    assert {rows[call["parent_id"]]["kind"] for call in session["llms"]} == {"chain"}


def test_what_is_recorded_between_two_chunks_is_not_below_the_call(runs: dict[str, Ran]) -> None:
    between = [row for row in runs["alone"].sessions["stream"]["actions"] if row["kind"] == "between"]
    assert between
    assert {row["parent_id"] for row in between} == {None}


@pytest.mark.parametrize("mode", ["alone", "beside"])
def test_a_tool_that_fails_is_one_error_of_the_tool(runs: dict[str, Ran], mode: str) -> None:
    session = runs[mode].sessions["failing_tool"]
    (tool,), (error,) = session["tools"], session["errors"]
    assert (error["error_type"], error["trigger_event_id"]) == ("LookupError", tool["id"])


@pytest.mark.parametrize("mode", ["alone", "beside"])
def test_retrievers_and_models_that_nobody_captures(runs: dict[str, Ran], mode: str) -> None:
    (row,) = runs[mode].sessions["retriever"]["actions"]
    assert (row["kind"], row["params"]) == ("retriever", {"query": "orders"})
    assert row["returns"][0]["page_content"] == "about orders"
    calls = runs[mode].sessions["fake_model"]["llms"]
    assert [call["completion"] for call in calls] == ["text", *[{"role": "assistant", "content": "chat"}] * 3]


PATHS = """
import agentops
from agentops.partners.langchain_callback_handler import AsyncLangchainCallbackHandler, LangchainCallbackHandler
from agentops.integration.callbacks import langchain
assert agentops.LangchainCallbackHandler is LangchainCallbackHandler is langchain.LangchainCallbackHandler
assert agentops.AsyncLangchainCallbackHandler is AsyncLangchainCallbackHandler
handler = LangchainCallbackHandler(api_key="a-key", endpoint="http://127.0.0.1:1", tags=["x"], max_wait_time=0)
(session,) = agentops.Client().sessions
assert handler.current_session_ids == [str(session.session_id)]
assert session.tags == ["langchain", "sync", "x"], session.tags
assert session.config.endpoint == "http://127.0.0.1:1"
AsyncLangchainCallbackHandler()
assert agentops.Client().session_count == 1
"""


def test_the_handlers_have_their_paths_and_begin_a_session(tmp_path: Path) -> None:
    env = {**os.environ, "PYTHONPATH": str(ROOT / "sdk" / "src"), "AGENTOPS_SPOOL_DIR": str(tmp_path)}
    done = subprocess.run([str(LANGCHAIN), "-c", PATHS], env=env, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr


def test_without_langchain_the_name_says_what_is_missing() -> None:
    import agentops

    with pytest.raises(AttributeError, match="needs langchain-core"):
        agentops.LangchainCallbackHandler  # noqa: B018
