"""What every event says of itself: which it is, of whom, and when. As numbers while it waits, as JSON on the wire.

The agent's thread pays for what `record` does. Writing out two ids and two times takes longer than the encoding of the
whole event, so it leaves that to whoever reads the record: it keeps 40 bytes in front of the JSON of the rest.
"""

from __future__ import annotations

import struct
from uuid import UUID

from . import _clock, _ids

_STAMP = struct.Struct("<16sQQQ")
SIZE = _STAMP.size
pack_stamp = _STAMP.pack
"""The participant (16 bytes), when the event was made (ns), the random bits of its id, when it was recorded (ns)."""
_HEAD = b'{"id":"%s","init_timestamp":"%s","end_timestamp":"%s","session_id":"%s","participant_id":"%s","sequence":%d,'


def complete(session: bytes, sequence: int, stamp: bytes, payload: bytes) -> bytes:
    """The event object of the protocol: what its stamp says, and its other fields as they are."""
    participant, made_ns, salt, ended_ns = _STAMP.unpack(stamp)
    texts = (
        _ids.to_text(_ids.to_number(made_ns, salt)),
        _clock.format_ns(made_ns),
        _clock.format_ns(ended_ns),
        str(UUID(bytes=session)),
        str(UUID(bytes=participant)),
    )
    return _HEAD % (*(text.encode() for text in texts), sequence) + payload[1:]
