"""What a decorator of SDK 0.4's kind is told: name, version, tags, cost, spec."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from ._events import ActionEvent, ToolEvent
from ._log import logger
from ._plain import find_tags

Tags = Iterable[str] | Mapping[str, object] | str


class Traits(NamedTuple):
    """The arguments of a decorator."""

    name: str | None = None
    version: object = None
    tags: Tags | None = None
    cost: object = None
    spec: object = None
    captures_request: bool = True
    captures_response: bool = True


def make_event(kind: str, label: str, traits: Traits) -> ActionEvent | ToolEvent:
    """The event of a call of this kind. What has no field of its own is an attribute, called as SDK 0.4 calls it."""
    event = ToolEvent(name=label) if kind == "tool" else ActionEvent(kind, name=label)
    facts = {
        "operation.version": traits.version,
        "agentops.tags": read_tags(traits.tags) or None,
        f"agentops.{kind}.spec": traits.spec,
        "gen_ai.usage.total_cost": traits.cost,
    }
    attributes = {name: value for name, value in facts.items() if value is not None}
    if attributes:
        event.more = {"attributes": attributes}
    if traits.cost is not None:
        event.more = {**(event.more or {}), "cost": traits.cost}
    return event


def read_tags(tags: object) -> list[str]:
    """Tags as texts, see `find_tags`. What cannot mean tags is warned about."""
    found = find_tags(tags)
    if found is None:
        logger.warning("AgentOps: tags are a list of texts; this %s is none, and left out.", type(tags).__name__)
    return found or []


def warn_of_unknown(caller: str, unknown: Iterable[str]) -> None:
    """Say which keyword arguments are ignored."""
    names = ", ".join(unknown)
    if names:
        logger.warning("AgentOps: %s does not know the argument %s, and ignores it.", caller, names)
