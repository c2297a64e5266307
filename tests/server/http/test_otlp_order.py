"""Spans come in any order and in any number of exports: in the end all of it is exact."""

import itertools
from typing import Any

import pytest

from .api import Api
from .spans import CALL, Tree, take

pytestmark = pytest.mark.xdist_group("http-otlp")


def stats(api: Api, tree: Tree) -> Any:
    return api.get(f"/v2/sessions/{tree.session_id}/stats")


@pytest.mark.parametrize("order", list(itertools.permutations([1, 2, 3, 4])))
def test_of_nested_model_calls_the_innermost_counts_once(api: Api, order: tuple[int, ...]) -> None:
    tree = Tree()
    tree.add(1, 0, "root")
    tree.add(2, 1, "outer", **CALL)
    tree.add(3, 2, "request")
    tree.add(4, 3, "inner", **CALL)
    for number in order:
        take(api, tree.export(number))
    told = stats(api, tree)
    assert (told["llms"], told["prompt_tokens"], told["cost"]) == (1, 1000, "0.0075")
    assert told["cost_is_lower_bound"] is False
    exported = api.get(f"/v2/sessions/{tree.session_id}/export")
    assert [event["name"] for event in exported["llms"]] == ["inner"]
    assert {event["name"]: event["kind"] for event in exported["actions"]}["outer"] == "chain"


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 2, 1), (2, 3, 1)])
def test_an_error_that_passes_through_several_spans_is_one(api: Api, order: tuple[int, ...]) -> None:
    tree = Tree()
    for number in (1, 2, 3):
        tree.add(number, number - 1, f"level {number}")
        tree.fail(number, "boom")
    for number in order:
        take(api, tree.export(number))
    exported = api.get(f"/v2/sessions/{tree.session_id}/export")
    (error,) = exported["errors"]
    names = {event["id"]: event["name"] for event in exported["actions"]}
    assert names[error["trigger_event_id"]] == "level 3"
    assert (error["error_type"], error["details"]) == ("ValueError", "boom")


def test_the_same_error_of_two_siblings_is_two(api: Api) -> None:
    tree = Tree()
    tree.add(1)
    for number in (2, 3):
        tree.add(number, 1)
        tree.fail(number, "429")
    take(api, tree.export())
    assert stats(api, tree)["errors"] == 2


@pytest.mark.parametrize("order", list(itertools.permutations([1, 2, 3])))
def test_spans_belong_to_the_nearest_agent_above(api: Api, order: tuple[int, ...]) -> None:
    tree = Tree()
    tree.add(1, 0, "invoke_agent Boss", **{"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "Boss"})
    tree.add(2, 1, "invoke_agent Clerk", **{"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "Clerk"})
    tree.add(3, 2, "execute_tool find", **{"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "find"})
    for number in order:
        take(api, tree.export(number))
    exported = api.get(f"/v2/sessions/{tree.session_id}/export")
    agents = {agent["id"]: agent["name"] for agent in exported["agents"]}
    assert sorted(agents.values()) == ["Boss", "Clerk"]
    assert [agents[event["agent_id"]] for event in exported["tools"]] == ["Clerk"]
    assert {event["name"]: agents[event["agent_id"]] for event in exported["actions"]} == {
        "Boss": "Boss",
        "Clerk": "Clerk",
    }


def test_spans_that_are_each_others_parents_are_stored_as_they_are(api: Api) -> None:
    tree = Tree()
    tree.add(1, 2, "a", **CALL)
    tree.add(2, 1, "b", **CALL)
    tree.add(3, 3, "c", **CALL)
    take(api, tree.export())
    take(api, tree.export(2))
    assert stats(api, tree)["events"] == 3
