"""The ids of the spans in an OTLP request, read from its bytes. No more of OTLP is decoded, and no library is needed.

Protocol Buffers encoding, https://protobuf.dev/programming-guides/encoding/. The path to a span, from
opentelemetry/proto/trace/v1/trace.proto: resource_spans (1), scope_spans (2), spans (2), span_id (2).
"""

from collections.abc import Iterator

_VARINT, _FIXED64, _LENGTH, _FIXED32 = 0, 1, 2, 5
_PATH = (1, 2, 2)
_SPAN_ID = 2


def iter_span_ids(body: bytes) -> Iterator[bytes]:
    """The id of each span. ValueError: these are not the bytes of an OTLP request."""
    messages = [memoryview(body)]
    for number in _PATH:
        messages = [inner for message in messages for inner in _iter_fields(message, number)]
    for span in messages:
        yield bytes(next(_iter_fields(span, _SPAN_ID)))


def _iter_fields(message: memoryview, wanted: int) -> Iterator[memoryview]:
    """The length-delimited fields with this number."""
    at = 0
    while at < len(message):
        tag, at = _read_varint(message, at)
        number, kind = tag >> 3, tag & 7
        if kind == _VARINT:
            _, at = _read_varint(message, at)
        elif kind == _FIXED64:
            at += 8
        elif kind == _FIXED32:
            at += 4
        elif kind == _LENGTH:
            length, at = _read_varint(message, at)
            if number == wanted:
                yield message[at : at + length]
            at += length
        else:
            raise ValueError(f"no field begins with {tag}")


def _read_varint(message: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while at < len(message):
        byte = message[at]
        value |= (byte & 0x7F) << shift
        at += 1
        if byte < 0x80:
            return value, at
        shift += 7
    raise ValueError("the message is cut short")
