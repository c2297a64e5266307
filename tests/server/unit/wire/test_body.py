"""Content encodings, and their bounds."""

import gzip
import tracemalloc
import zlib

import pytest

from agentops_server.errors import BadRequest, TooLarge
from agentops_server.wire.body import decompress

LIMIT_BYTES = 100_000
TEXT = b'{"events": []}'


@pytest.mark.parametrize(
    ("encoding", "body"),
    [("gzip", gzip.compress(TEXT, mtime=0)), ("deflate", zlib.compress(TEXT)), ("identity", TEXT), ("", TEXT)],
)
def test_a_body_in_a_known_encoding_is_inflated(encoding: str, body: bytes) -> None:
    assert decompress(body, encoding, LIMIT_BYTES) == TEXT


def test_a_body_of_exactly_the_limit_is_taken() -> None:
    text = b"x" * LIMIT_BYTES
    assert decompress(gzip.compress(text, mtime=0), "gzip", LIMIT_BYTES) == text


def test_a_body_one_byte_over_the_limit_is_too_large() -> None:
    with pytest.raises(TooLarge, match=str(LIMIT_BYTES)):
        decompress(gzip.compress(b"x" * (LIMIT_BYTES + 1)), "gzip", LIMIT_BYTES)


@pytest.mark.parametrize("compress", [gzip.compress, zlib.compress])
def test_a_bomb_is_too_large_without_being_inflated(compress: "type[gzip]") -> None:
    bomb = compress(bytes(200 << 20))  # type: ignore[operator]
    tracemalloc.start()
    try:
        with pytest.raises(TooLarge):
            decompress(bomb, "gzip", LIMIT_BYTES)
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak_bytes < 10 * LIMIT_BYTES


@pytest.mark.parametrize("cut", [1, 4, 9, 15])
def test_a_truncated_body_is_a_bad_request(cut: int) -> None:
    with pytest.raises(BadRequest, match="ends too early"):
        decompress(gzip.compress(TEXT, mtime=0)[:-cut], "gzip", LIMIT_BYTES)


@pytest.mark.parametrize("body", [TEXT, b"", b"\x1f\x8b", gzip.compress(TEXT, mtime=0)[:-8] + bytes(8)])
@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_a_body_that_is_not_in_its_encoding_is_a_bad_request(encoding: str, body: bytes) -> None:
    with pytest.raises(BadRequest, match=encoding):
        decompress(body, encoding, LIMIT_BYTES)


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip", "x" * 1000])
def test_an_unknown_encoding_is_a_bad_request(encoding: str) -> None:
    with pytest.raises(BadRequest, match="send gzip, deflate or none") as refused:
        decompress(TEXT, encoding, LIMIT_BYTES)
    assert len(refused.value.message) < 200
