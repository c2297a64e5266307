"""Tags that a person adds to sessions."""

import uuid
from typing import Any

import pytest

from .api import Api

pytestmark = pytest.mark.xdist_group("http-tagging")


def tag(api: Api, tags: list[str], *session_ids: str) -> Any:
    return api.post("/v2/sessions/tag", {"session_ids": session_ids, "tags": tags})


def test_tags_are_added_to_those_of_the_program(own: Api) -> None:
    one, other = own.start(tags=["a"]), own.start()
    assert tag(own, ["b", "a"], one.id, other.id) == {"tagged": 2, "missing": []}
    tag(own, ["c"], one.id)
    assert own.get(one.path)["tags"] == ["a", "b", "c"]
    assert own.get(other.path)["tags"] == ["b", "a"]
    assert [each["session_id"] for each in own.get("/v2/sessions?tag=c")["sessions"]] == [one.id]


def test_the_program_goes_on_with_its_own_tags(own: Api) -> None:
    run = own.start(tags=["a"])
    tag(own, ["mine"], run.id)
    run.update(tags=["b"])
    assert own.get(run.path)["tags"] == ["b", "mine"]


def test_a_person_neither_ends_nor_holds_up_a_session(own: Api) -> None:
    run = own.start(participant_id=str(uuid.uuid4()))
    tag(own, ["x"], run.id)
    assert own.get(run.path)["is_running"]


def test_sessions_of_others_are_missing(own: Api, api: Api) -> None:
    victim = api.start(tags=["theirs"])
    assert tag(own, ["x"], victim.id) == {"tagged": 0, "missing": [victim.id]}
    assert api.get(victim.path)["tags"] == ["theirs"]


@pytest.mark.parametrize(
    ("session_ids", "tags", "field"),
    [([], ["x"], "session_ids"), (["x"], ["x"], "session_ids"), ([str(uuid.UUID(int=1))], [" "], "tags")],
)
def test_what_cannot_be_meant_is_refused(own: Api, session_ids: list[str], tags: list[str], field: str) -> None:
    answer = own.ask("POST", "/v2/sessions/tag", {"session_ids": session_ids, "tags": tags})
    assert answer.status == 422
    assert field in answer.json()["message"]
