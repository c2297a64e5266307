"""What is remembered of sessions holds until they change."""

import uuid

import pytest

from agentops_server.domain.ids import ProjectId, SessionId
from agentops_server.storage.warehouse import remembered
from agentops_server.storage.warehouse.remembered import Remembered, Versions

PROJECT, STRANGER = ProjectId(uuid.uuid4()), ProjectId(uuid.uuid4())
ONE, OTHER, THIRD = (SessionId(uuid.uuid4()) for _ in range(3))


def test_a_value_is_found_until_its_session_changes() -> None:
    versions = Versions()
    values: Remembered[str] = Remembered(versions)
    values.keep(PROJECT, {ONE: "one", OTHER: "other"}, versions.now)
    assert values.find(PROJECT, [ONE, OTHER, THIRD]) == {ONE: "one", OTHER: "other"}
    versions.mark([(PROJECT, ONE)])
    assert values.find(PROJECT, [ONE, OTHER]) == {OTHER: "other"}
    assert values.find_old(PROJECT, [ONE, OTHER, THIRD]) == ["one", "other"]


def test_a_value_of_one_project_is_none_of_another() -> None:
    versions = Versions()
    values: Remembered[str] = Remembered(versions)
    values.keep(PROJECT, {ONE: "one"}, versions.now)
    assert values.find(STRANGER, [ONE]) == {}
    versions.mark([(STRANGER, ONE)])
    assert values.find(PROJECT, [ONE]) == {ONE: "one"}


def test_a_change_while_it_was_asked_for_makes_it_old() -> None:
    versions = Versions()
    values: Remembered[str] = Remembered(versions)
    since = versions.now
    versions.mark([(PROJECT, ONE)])
    values.keep(PROJECT, {ONE: "asked for before the change, and perhaps without it"}, since)
    assert values.find(PROJECT, [ONE]) == {}


def test_any_session_may_have_changed() -> None:
    versions = Versions()
    values: Remembered[str] = Remembered(versions)
    values.keep(PROJECT, {ONE: "one"}, versions.now)
    versions.mark_all()
    assert values.find(PROJECT, [ONE]) == {}
    values.keep(PROJECT, {ONE: "one"}, versions.now)
    assert values.find(PROJECT, [ONE]) == {ONE: "one"}


def test_of_a_change_that_is_forgotten_nothing_older_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "MOST_CHANGED", 2)
    versions = Versions()
    values: Remembered[str] = Remembered(versions)
    values.keep(PROJECT, {THIRD: "before all of them"}, versions.now)
    versions.mark([(PROJECT, ONE)])
    values.keep(PROJECT, {OTHER: "after the first"}, versions.now)
    for _ in range(2):
        versions.mark([(PROJECT, SessionId(uuid.uuid4()))])
    assert values.find(PROJECT, [OTHER, THIRD]) == {OTHER: "after the first"}
    versions.mark([(PROJECT, SessionId(uuid.uuid4()))])
    assert values.find(PROJECT, [OTHER, THIRD]) == {}


def test_what_was_asked_for_longest_ago_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "MOST_REMEMBERED", 2)
    versions = Versions()
    values: Remembered[int] = Remembered(versions)
    values.keep(PROJECT, {ONE: 1, OTHER: 2}, versions.now)
    assert values.find(PROJECT, [ONE]) == {ONE: 1}
    values.keep(PROJECT, {THIRD: 3}, versions.now)
    assert values.find(PROJECT, [ONE, OTHER, THIRD]) == {ONE: 1, THIRD: 3}
