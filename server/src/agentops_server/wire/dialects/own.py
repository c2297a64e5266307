"""This project's SDK: where a span that it captured belongs among what it recorded itself."""

from agentops_server.domain.ids import AgentId, EventId, find_uuid
from agentops_server.wire.dialects.attributes import Attributes

_LARGEST = (1 << 63) - 1


def find_parent(attributes: Attributes) -> EventId | None:
    """The event, which is no span, around a span without a parent."""
    found = find_uuid(attributes.find("agentops.parent.id"))
    return None if found is None else EventId(found)


def find_agent(attributes: Attributes) -> AgentId | None:
    """The agent of the context, by the id under which the SDK registered it."""
    found = find_uuid(attributes.find("agentops.agent.id"))
    return None if found is None else AgentId(found)


def find_sequence(attributes: Attributes) -> int:
    """The number of the span among what its process recorded in the session; 0 for none."""
    found = attributes.find("agentops.sequence")
    is_number = isinstance(found, int) and not isinstance(found, bool)
    return found if is_number and 0 <= found <= _LARGEST else 0
