"""Ids in the addresses of requests."""

from agentops_server.domain.ids import SessionId, find_uuid
from agentops_server.errors import Invalid


def decode_session_id(text: str) -> SessionId:
    """The session that an address names; raise `Invalid` where that is no UUID."""
    if (found := find_uuid(text)) is None:
        raise Invalid("the session id in the address must be a UUID")
    return SessionId(found)
