"""What every event says of itself: which it is, of whom, and when. As numbers while it waits, as JSON on the wire.

The agent's thread pays for what `record` does. Writing out two ids and two times takes longer than the encoding of the
whole event, so it leaves that to whoever reads the record: it keeps 40 bytes in front of the JSON of the rest.
"""

from __future__ import annotations

from uuid import UUID

from . import _clock, _ids

Stamp = tuple[bytes, int, int, int]
"""The participant (16 bytes), when the event was made (ns), the random bits of its id, when it was recorded (ns)."""
_HEAD = b'{"id":"%s","init_timestamp":"%s","end_timestamp":"%s","session_id":"%s","participant_id":"%s","sequence":%d,'


def complete(session: bytes, sequence: int, stamp: Stamp, payload: bytes) -> bytes:
    """The event object of the protocol: what its stamp says, and its other fields as they are."""
    participant, made_ns, salt, ended_ns = stamp
    texts = (
        _ids.to_text(_ids.to_number(made_ns, salt)),
        _clock.format_ns(made_ns),
        _clock.format_ns(ended_ns),
        str(UUID(bytes=session)),
        str(UUID(bytes=participant)),
    )
    return _HEAD % (*(text.encode() for text in texts), sequence) + payload[1:]
