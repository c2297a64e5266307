"""Spans for peers, over OTLP/HTTP, which all of them take: traces of a hundred, and a large one, of 3 KB each."""

import random
import struct
import time
from collections.abc import Iterator

from benchmarks.server.load import Events

SPANS_PER_TRACE = 100
BATCH_SPANS = 100
NS = 1_000_000_000
# One span in a thousand has it, and no other text does.
RARE_WORD = "needleneedle"


def iter_bodies(spans: int, large: int) -> Iterator[bytes]:
    """Export requests with so many spans in all, after a trace of `large` spans."""
    maker = random.Random(1)
    events, now_ns = Events(), time.time_ns()
    batch: list[bytes] = []
    for trace, size in enumerate([large, *[SPANS_PER_TRACE] * ((spans - large) // SPANS_PER_TRACE)]):
        began_ns = now_ns - 6 * 86_400 * NS + trace * 6 * 86_400 * NS * SPANS_PER_TRACE // spans
        for place in range(size):
            batch.append(_span(maker, events, trace, place, began_ns))
            if len(batch) == BATCH_SPANS:
                yield _body(batch)
                batch = []
    if batch:
        yield _body(batch)


def trace_id(trace: int) -> bytes:
    """The id of a trace by its number; the large one has the first."""
    return (trace + 1).to_bytes(16, "big")


def _span(maker: random.Random, events: Events, trace: int, place: int, began_ns: int) -> bytes:
    """A span as protobuf. It is written out by hand, so that the senders leave the machine to the servers."""
    prompt, completion = events.texts()
    if (trace * SPANS_PER_TRACE + place) % 1000 == 7:
        prompt += f" {RARE_WORD}"
    start_ns = began_ns + place * 1_000_000
    end_ns = start_ns + maker.randrange(NS // 10, 4 * NS)
    first = ((trace << 24) + 1).to_bytes(8, "big")
    kind, name = (b"AGENT", b"agent") if place == 0 else (b"LLM", b"llm")
    attributes = (
        _text(b"openinference.span.kind", kind),
        _text(b"session.id", b"session-%d" % trace),
        _text(b"llm.model_name", b"gpt-4o"),
        _text(b"input.value", prompt.encode()),
        _text(b"output.value", completion.encode()),
        _number(b"llm.token_count.prompt", 500 + place),
        _number(b"llm.token_count.completion", 250),
    )
    return b"".join(
        [
            _field(1, trace_id(trace)),
            _field(2, ((trace << 24) + place + 1).to_bytes(8, "big")),
            b"" if place == 0 else _field(4, first),
            _field(5, name),
            _TIMES.pack(_START, start_ns, _END, end_ns),
            *(_field(9, attribute) for attribute in attributes),
        ]
    )


# Tags of start and end, which are fixed 64-bit numbers: the number of the field, and 1 for that type.
_START, _END = 7 << 3 | 1, 8 << 3 | 1
_TIMES = struct.Struct("<BQBQ")


def _field(number: int, content: bytes) -> bytes:
    """A field that has a length."""
    return bytes([number << 3 | 2]) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    parts = bytearray()
    while value > 0x7F:
        parts.append(value & 0x7F | 0x80)
        value >>= 7
    parts.append(value)
    return bytes(parts)


def _text(key: bytes, value: bytes) -> bytes:
    return _field(1, key) + _field(2, _field(1, value))


def _number(key: bytes, value: int) -> bytes:
    return _field(1, key) + _field(2, bytes([3 << 3]) + _varint(value))


def _body(spans: list[bytes]) -> bytes:
    """One resource and one scope, which say nothing of themselves."""
    return _field(1, _field(2, b"".join(_field(2, span) for span in spans)))
