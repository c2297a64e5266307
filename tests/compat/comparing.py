"""Compares what a published client recorded with what the server gives back."""

from datetime import datetime
from typing import Any

KEYS = {"llms": "llms", "tools": "tools", "actions": "actions", "errors": "errors", "apis": "actions"}
FIELDS = {
    "llms": ("prompt", "completion", "model", "prompt_tokens", "completion_tokens", "thread_id", "params", "returns"),
    "tools": ("name", "params", "returns", "logs"),
    "actions": ("action_type", "params", "returns", "logs", "screenshot"),
    "errors": ("error_type", "code", "details", "logs"),
    "apis": ("params", "returns"),
}


def find_row(export: dict[str, Any], fact: dict[str, Any]) -> dict[str, Any]:
    """The one row of the export with this event's id; an error without one (0.2) is found by its text."""
    rows = export[KEYS[fact["event_type"]]]
    same = [row for row in rows if row["id"] == fact["id"]] if "id" in fact else rows
    assert len(same) == 1, f"{fact['event_type']} {fact.get('id')} is there {len(same)} times"
    row: dict[str, Any] = same[0]
    return row


def assert_exported(export: dict[str, Any], fact: dict[str, Any]) -> None:
    """The event is there once, with every value that was put into it."""
    row = find_row(export, fact)
    names = FIELDS[fact["event_type"]]
    assert {name: row[name] for name in names} == {name: fact.get(name) for name in names}
    if "agent_id" in fact:
        assert row["agent_id"] == fact["agent_id"]
    for name in ("init_timestamp", "end_timestamp"):
        if fact.get(name):
            assert datetime.fromisoformat(row[name]) == datetime.fromisoformat(fact[name])
    if fact["event_type"] == "apis":
        assert row["kind"] == "apis"


def assert_decorated(export: dict[str, Any], expected: dict[str, Any]) -> None:
    """One event that the client made itself, for a decorated function: known by what it holds, not by its id."""
    rows = export[expected["event_type"]]
    facts = {name: value for name, value in expected.items() if name != "event_type"}
    assert [facts] == [found for row in rows if (found := {name: row[name] for name in facts}) == facts]


def count_rows(export: dict[str, Any]) -> int:
    return sum(len(export[kind]) for kind in ("llms", "tools", "actions", "errors"))
