"""What a decorator of SDK 0.4's kind is told: name, version, tags, cost, spec."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ._events import ActionEvent, ToolEvent
from ._log import logger
from ._plain import find_tags

Tags = Iterable[str] | Mapping[str, object] | str


class Traits:
    """The arguments of a decorator."""

    __slots__ = ("captures_request", "captures_response", "cost", "name", "spec", "tags", "version")

    def __init__(
        self,
        name: str | None = None,
        version: object = None,
        tags: Tags | None = None,
        cost: object = None,
        spec: object = None,
        captures_request: bool = True,
        captures_response: bool = True,
    ) -> None:
        self.name = name
        self.version = version
        self.tags = tags
        self.cost = cost
        self.spec = spec
        self.captures_request = captures_request
        self.captures_response = captures_response


def make_event(kind: str, label: str, traits: Traits, *, is_root: bool = False) -> ActionEvent | ToolEvent:
    """The event of a call of this kind. What has no field of its own is an attribute, called as SDK 0.4 calls it.

    The tags of a root are its session's.
    """
    event = ToolEvent(name=label) if kind == "tool" else ActionEvent(kind, name=label)
    facts = {
        "operation.version": traits.version,
        "agentops.tags": None if is_root else read_tags(traits.tags) or None,
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
