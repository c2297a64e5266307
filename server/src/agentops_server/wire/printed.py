"""What a program printed, as SDK 0.4 uploads it when a trace ends."""

from uuid import UUID, uuid5

import msgspec

from agentops_server.domain.event import Event
from agentops_server.domain.ids import EventId, SessionId
from agentops_server.errors import BadRequest
from agentops_server.wire.body import decode_body
from agentops_server.wire.otlp.origins import Sender

PRINTED = "log"
_MOST_DIGITS = 39


class _Body(msgspec.Struct):
    body: str = ""


def decode_trace_id(text: str) -> SessionId:
    """The session of a trace id, which SDK 0.4 sends as a decimal number.

    Raises:
        BadRequest: It is none.
    """
    is_number = text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS
    if not is_number or not 0 < int(text) < 1 << 128:
        raise BadRequest("the header Trace-Id must be the id of a trace as a decimal number")
    return SessionId(UUID(int=int(text)))


def decode_printed(body: bytes, session_id: SessionId, sender: Sender) -> tuple[Event, int]:
    """The text as an event of the session, and its size in bytes. The same text twice is one event.

    Raises:
        BadRequest: The body is not ``{"body": "<text>"}``.
    """
    text = decode_body(body, _Body).body
    event = Event(
        project_id=sender.project_id,
        session_id=session_id,
        id=EventId(uuid5(session_id, f"printed:{text}")),
        kind=PRINTED,
        event_type=PRINTED,
        init_ns=sender.received_ns,
        end_ns=sender.received_ns,
        received_ns=sender.received_ns,
        name="printed by the program",
        logs_json=msgspec.json.encode(text).decode(),
    )
    return event, len(text.encode())
