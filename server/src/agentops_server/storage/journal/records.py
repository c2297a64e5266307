"""The form of a record in a journal: its length and CRC-32 as two little-endian 32-bit numbers, then its bytes."""

import struct
import zlib
from collections.abc import Iterator

_HEADER = struct.Struct("<II")
# Not 0, so that zeros, which a file may hold after a power cut where nothing was written yet, are no record.
_SEED = 1
HEADER_BYTES = _HEADER.size


def frame(payload: bytes) -> bytes:
    """The header that goes before the payload."""
    return _HEADER.pack(len(payload), zlib.crc32(payload, _SEED))


def iter_records(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The whole and undamaged records from the beginning on: where each one ends, and its payload.

    It stops at the first that is not whole, which in a file is the place of a write that a crash interrupted.
    """
    start = 0
    while start + HEADER_BYTES <= len(data):
        size_bytes, checksum = _HEADER.unpack_from(data, start)
        end = start + HEADER_BYTES + size_bytes
        payload = data[start + HEADER_BYTES : end]
        if len(payload) < size_bytes or zlib.crc32(payload, _SEED) != checksum:
            return
        yield end, payload
        start = end


def next_record_bytes(data: bytes) -> int:
    """How long the record is that begins here, its header included; 0 where not even its header is whole."""
    return HEADER_BYTES + _HEADER.unpack_from(data)[0] if len(data) >= HEADER_BYTES else 0
