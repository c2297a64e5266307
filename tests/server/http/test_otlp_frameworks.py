"""What frameworks send in ways of their own: wrapped errors, tokens told twice, agents and tools by other names."""

import json
from typing import Any

import pytest

from .api import Api
from .spans import CALL, Tree, put, take

pytestmark = pytest.mark.xdist_group("http-otlp")


def export(api: Api, tree: Tree) -> Any:
    take(api, tree.export())
    return api.get(f"/v2/sessions/{tree.session_id}/export")


def test_an_error_that_is_quoted_by_the_one_raised_in_its_place_is_one(api: Api) -> None:
    tree = Tree()
    for number, message in enumerate(("Step failed: order 1042 is gone", "No tool worked", "order 1042 is gone"), 1):
        tree.add(number, number - 1, f"level {number}")
        tree.fail(number, message)
    traceback = "ValueError: order 1042 is gone\n\nThe above exception was the direct cause of the following exception"
    put(tree.spans[2].events[0], {"exception.stacktrace": traceback})
    exported = export(api, tree)
    assert [error["details"] for error in exported["errors"]] == ["order 1042 is gone"]


def test_an_error_of_a_few_letters_is_not_taken_for_a_quoted_one(api: Api) -> None:
    tree = Tree()
    for number, message in enumerate(("out of memory at last", "at last"), 1):
        tree.add(number, number - 1)
        tree.fail(number, message)
    assert len(export(api, tree)["errors"]) == 2


def test_an_error_of_the_openai_agents_sdk_says_what_went_wrong(api: Api) -> None:
    tree = Tree()
    span = tree.add(1, **{"error.type": "_OTHER"})
    span.status.code = 2
    span.status.message = str({"message": "Error running tool", "data": {"tool_name": "x", "error": "It's gone"}})
    (error,) = export(api, tree)["errors"]
    assert (error["error_type"], error["details"]) == ("Error", "It's gone")


def test_tokens_that_ag2_tells_beside_a_call_count_once(api: Api) -> None:
    tree = Tree()
    tree.add(1, 0, "invoke_agent clerk", **{"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "clerk"})
    tree.add(2, 1, "chat gpt-4o", **CALL)
    tokens = {name: value for name, value in CALL.items() if "usage" in name} | {"gen_ai.response.model": "gpt-4o"}
    tree.add(3, 1, "record_usage", **tokens, **{"ag2.span.type": "usage", "ag2.usage.kind": "model_call"})
    tree.add(4, 1, "record_usage", **tokens, **{"ag2.span.type": "usage", "ag2.usage.kind": "compaction"})
    export(api, tree)
    told = api.get(f"/v2/sessions/{tree.session_id}/stats")
    assert (told["llms"], told["prompt_tokens"], told["cost"]) == (2, 2000, "0.015"), "the summary is a call of its own"


def test_an_agent_of_crewai_is_called_by_its_role(api: Api) -> None:
    tree = Tree()
    tree.add(1, 0, "x", **{"openinference.span.kind": "AGENT", "crew_key": "1", "graph.node.id": "clerk"})
    schema, given = '{"type": "object", "properties": {"id": {}}}', '{"id": 7}'
    tool = {"openinference.span.kind": "TOOL", "tool.name": "find", "tool.parameters": schema, "input.value": given}
    tree.add(2, 1, "find.run", **tool)
    exported = export(api, tree)
    assert [agent["name"] for agent in exported["agents"]] == ["clerk"]
    assert exported["tools"][0]["params"] == {"id": 7}, "what it was called with, not what it may be called with"


def test_roles_that_are_members_of_an_enumeration_are_plain(api: Api) -> None:
    roles = ("MessageRole.SYSTEM", "MessageRole.TOOL_RESPONSE", "MessageRole.ASSISTANT")
    messages = json.dumps([{"role": role, "parts": [{"type": "text", "content": "x"}]} for role in roles])
    tree = Tree()
    tree.add(1, 0, "chat", **CALL, **{"gen_ai.input.messages": messages})
    prompt = export(api, tree)["llms"][0]["prompt"]
    assert [message["role"] for message in prompt] == ["system", "tool", "assistant"]
