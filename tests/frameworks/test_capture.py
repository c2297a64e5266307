"""Programs of published libraries, captured by `agentops.init()` alone, as the server shows them.

These are the libraries that every test run has; ``make matrix`` runs all of them.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.otlp.scripted_models import scripted_models
from tests.frameworks.expectation import judge
from tests.frameworks.matrix import TABLE, examine_once, find_expectation, read_results
from tests.frameworks.rendering import render
from tests.frameworks.running import ORDERS, run_program
from tests.provision import FRAMEWORKS
from tests.serving import Reader, Server

pytestmark = pytest.mark.xdist_group("frameworks")
IN_BOTH_ORDERS = pytest.mark.parametrize("order", ORDERS)


@pytest.fixture(scope="module")
def models() -> Iterator[str]:
    with scripted_models() as url:
        yield url


@IN_BOTH_ORDERS
@pytest.mark.parametrize("library", [*FRAMEWORKS, "openai_assistants"])
def test_a_library_is_captured_as_expected(library: str, order: str, server: Server, models: str) -> None:
    expected = find_expectation(library)
    session, captured = examine_once(library, order, server, models)
    problems = {aspect: problem for aspect, problem in judge(expected, session).items() if problem}
    assert problems.keys() == expected.lacks.keys(), problems
    assert set(expected.libraries or [expected.title]) <= captured.keys()


@IN_BOTH_ORDERS
def test_an_application_that_traces_itself(
    server: Server, reader: Reader, models: str, order: str, tmp_path: Path
) -> None:
    run = run_program("openai", "own_tracing", order, server, models, tmp_path)
    found = json.loads(run.printed.splitlines()[-1])
    assert found["spans"] == ["the application's own"], "it got nothing of ours"
    assert found["settings"] == []
    assert found["wrapped"] == [False] * 3
    assert not [module for module in found["modules"] if "agentops" in module or "opentelemetry" in module]
    first, second = (reader.export(session_id) for session_id in found["sessions"])
    (action,) = first["actions"]
    (call,) = first["llms"]
    assert call["parent_id"] == action["id"], "a call inside a recorded function is its child"
    assert len(second["llms"]) == 1, "each session has its own call, and none has the one after stop_instrumenting()"


@IN_BOTH_ORDERS
def test_agents_that_the_application_traces_itself(
    server: Server, reader: Reader, models: str, order: str, tmp_path: Path
) -> None:
    run = run_program("pydantic_ai", "own_agents", order, server, models, tmp_path)
    found = json.loads(run.printed.splitlines()[-1])
    silent, traced = (reader.export(session_id) for session_id in found["sessions"])
    assert found["spans"] == [], "its provider gets nothing of what we have switched on"
    assert ([tool["name"] for tool in silent["tools"]], len(silent["llms"])) == (["look_up_order"], 2)
    assert found["own_spans"].count("execute_tool look_up_order") == 2, "what it has switched on stays its own"
    assert (traced["tools"], len(traced["llms"])) == ([], 2)
    assert "the application traces it itself" in run.said


def test_the_table_is_what_the_results_say() -> None:
    assert TABLE.read_text() == render(read_results()), "python -m tests.frameworks.matrix --render writes it anew"
