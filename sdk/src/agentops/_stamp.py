"""What an event says of itself: which it is, and when. As numbers while it waits, as text on the wire.

The agent's thread pays for what `record` does. Writing out an id and two times takes longer than the encoding of the
whole event, so the fast path leaves that to whoever reads the record. It keeps a *line*: the JSON of the event, which
begins with numbers, and a newline. So an event is on the disk as the encoder gives it, and nothing is put together.
"""

from __future__ import annotations

import functools
import re
from uuid import UUID

from . import _clock, _ids

LINE_START = b'{"n":['
"""Then come the sequence number, when the event was made (ns), the salt of its id, when it was recorded (ns), and the
session's id."""
MOST_HEAD_BYTES = 160
"""Its numbers and its session are within so many."""
_SESSION_BYTES = len(b'],"session_id":"",') + 36


@functools.cache
def _session() -> re.Pattern[bytes]:
    return re.compile(rb'\],"session_id":"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})",')


@functools.cache
def _head() -> re.Pattern[bytes]:
    """How every line begins. As long as this is, what somebody recorded does not look like it."""
    return re.compile(re.escape(LINE_START) + rb",".join([rb"-?\d{1,20}"] * 4) + _session().pattern)


def find_line(data: bytes, start: int) -> int:
    """Where the next line begins; -1 if none does."""
    found = _head().search(data, start)
    return -1 if found is None else found.start()


def complete(line: bytes) -> tuple[bytes, int, bytes] | None:
    """Session id (16 bytes), sequence number, and the event object of the protocol; None for what is not a whole line.

    What a kill tears off is missing at the end. What a power cut kept from the disk reads as NUL, which JSON never
    holds. A line that lost its end goes on with the next one.
    """
    end = line.find(b"]", 0, MOST_HEAD_BYTES)  # of the numbers
    session = _read_session(line[end : end + _SESSION_BYTES])
    if session is None or not line.endswith(b"}\n") or b"\0" in line:
        return None
    if line.find(LINE_START, 1) >= 0 and find_line(line, 1) >= 0:
        return None
    try:
        sequence, made_ns, salt, ended_ns = map(int, line[len(LINE_START) : end].split(b","))
        head = (
            f'{{"id":"{_ids.to_text(_ids.to_number(made_ns, salt))}","init_timestamp":"{_clock.format_ns(made_ns)}",'
            f'"end_timestamp":"{_clock.format_ns(ended_ns)}","sequence":{sequence}'
        )
    except (ValueError, OverflowError, OSError):  # they are damaged
        return None
    return session, sequence, head.encode() + line[end + 1 : -1]


@functools.lru_cache(maxsize=64)
def _read_session(text: bytes) -> bytes | None:
    """What comes behind the numbers, for most lines of a segment the same: its 16 bytes; None for anything else."""
    found = _session().fullmatch(text)
    return None if found is None else UUID(found[1].decode()).bytes
