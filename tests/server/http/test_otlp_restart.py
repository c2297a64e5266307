"""A trace whose parts come before and after a restart, also by ``kill -9``, is as exact as one that comes at once."""

from collections.abc import Callable

import pytest

from tests.serving import Server

from .api import Api
from .spans import CALL, Tree, take

pytestmark = pytest.mark.xdist_group("http-otlp")


def kill(server: Server) -> None:
    server.kill9()
    server.start()


@pytest.mark.parametrize("last", [(1, 2, 3, 4), (4, 3, 2, 1), (2, 4, 1, 3)])
@pytest.mark.parametrize("again", [Server.restart, kill])
def test_a_trace_goes_on_after_a_restart(
    mortal_server: Server, again: Callable[[Server], None], last: tuple[int, ...]
) -> None:
    tree, api = Tree(), Api(mortal_server.url, mortal_server.api_key)
    tree.add(1, 0, "root")
    tree.add(2, 1, "invoke_agent Ada", **{"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "Ada"})
    tree.add(3, 2, "outer", **CALL)
    tree.add(4, 3, "inner", **CALL)
    for number in (1, 3, 4):
        tree.fail(number, "boom")
    take(api, tree.export(3))
    again(mortal_server)
    take(api, tree.export(4))
    again(mortal_server)
    take(api, tree.export(*last))

    exported = api.get(f"/v2/sessions/{tree.session_id}/export")
    assert [event["name"] for event in exported["llms"]] == ["inner"]
    assert exported["stats"]["cost"] == "0.0075"
    names = {event["id"]: event["name"] for event in exported["actions"] + exported["llms"]}
    assert [names[error["trigger_event_id"]] for error in exported["errors"]] == ["inner"]
    (ada,) = exported["agents"]
    owners = {event["name"]: event["agent_id"] for event in exported["actions"] + exported["llms"]}
    assert owners == {"root": None, "Ada": ada["id"], "outer": ada["id"], "inner": ada["id"]}
