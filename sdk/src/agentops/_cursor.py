"""How far a segment is delivered, and the bytes that say so in a file beside it."""

from __future__ import annotations

import struct
import zlib

_NUMBERS = struct.Struct("<QQQQQI")
_LAG = struct.Struct("<16sQ")
_CHECKSUM = struct.Struct("<I")


class Cursor:
    """How far a segment is delivered (bytes), and the events that were sent, acknowledged and rejected on the way.

    `lags` names the sessions that stayed behind, each with the offset of its first record that is not settled; what
    other sessions have before `offset` is settled. `dropped` are settled events whose records are not in the file any
    more, because it was compacted.
    """

    __slots__ = ("acknowledged", "dropped", "lags", "offset", "rejected", "sent")

    def __init__(
        self, offset: int = 0, sent: int = 0, acknowledged: int = 0, rejected: int = 0, dropped: int = 0
    ) -> None:
        self.offset: int = offset
        self.sent: int = sent
        self.acknowledged: int = acknowledged
        self.rejected: int = rejected
        self.dropped: int = dropped
        self.lags: dict[bytes, int] = {}

    def encode(self) -> bytes:
        counts = (self.sent, self.acknowledged, self.rejected, self.dropped)
        numbers = _NUMBERS.pack(self.offset, *counts, len(self.lags))
        data = numbers + b"".join(_LAG.pack(session, offset) for session, offset in self.lags.items())
        return data + _CHECKSUM.pack(zlib.crc32(data))

    @classmethod
    def decode(cls, data: bytes) -> Cursor:
        """A damaged cursor starts again from 0: the server ignores what it has, and nothing is left out.

        What a longer cursor left behind this one is not looked at.
        """
        if len(data) < _NUMBERS.size + _CHECKSUM.size:
            return cls()
        *numbers, lags = _NUMBERS.unpack_from(data)
        end = _NUMBERS.size + lags * _LAG.size
        if end + _CHECKSUM.size > len(data) or _CHECKSUM.unpack_from(data, end)[0] != zlib.crc32(data[:end]):
            return cls()
        cursor = cls(*numbers)
        cursor.lags.update(_LAG.iter_unpack(data[_NUMBERS.size : end]))
        return cursor

    @property
    def settled(self) -> int:
        """Nothing before this offset is needed any more."""
        return min(self.offset, *self.lags.values()) if self.lags else self.offset

    def is_through(self, size: int) -> bool:
        """True when nothing up to `size` waits."""
        return self.offset >= size and not self.lags
