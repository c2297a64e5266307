"""Content encodings, undone piece by piece, and their bounds."""

import gzip
import random
import tracemalloc
import zlib
from collections.abc import Callable

import pytest
from backports import zstd
from hypothesis import given
from hypothesis import strategies as st

from agentops_server.errors import BadRequest, TooLarge, Unsupported
from agentops_server.wire.encodings import open_encoding

LIMIT_BYTES = 100_000
TEXT = b'{"events": []}'
COMPRESS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": lambda text: gzip.compress(text, mtime=0),
    "deflate": zlib.compress,
    "zstd": zstd.compress,
    "identity": bytes,
    "": bytes,
}
PACKED = [name for name in COMPRESS if name not in {"identity", ""}]


def undo(encoding: str, body: bytes, step: int = 1 << 20, limit_bytes: int = LIMIT_BYTES) -> bytes:
    opened = open_encoding(encoding, limit_bytes)
    text = b"".join(opened.feed(body[start : start + step]) for start in range(0, len(body), step))
    opened.finish()
    return text


@pytest.mark.parametrize("step", [1, 3, 1000])
@pytest.mark.parametrize("encoding", COMPRESS)
def test_a_body_in_a_known_encoding_is_undone_in_whatever_pieces_it_comes(encoding: str, step: int) -> None:
    assert undo(encoding, COMPRESS[encoding](TEXT), step) == TEXT


@pytest.mark.parametrize("encoding", PACKED)
@given(texts=st.lists(st.binary(max_size=300), min_size=1, max_size=3), step=st.integers(1, 50))
def test_members_that_were_joined_are_one_body(encoding: str, texts: list[bytes], step: int) -> None:
    assert undo(encoding, b"".join(map(COMPRESS[encoding], texts)), step) == b"".join(texts)


@pytest.mark.parametrize("encoding", COMPRESS)
def test_a_body_of_exactly_the_limit_is_taken_and_one_byte_more_is_too_large(encoding: str) -> None:
    text = random.Random(7).randbytes(LIMIT_BYTES)
    assert undo(encoding, COMPRESS[encoding](text)) == text
    with pytest.raises(TooLarge, match=str(LIMIT_BYTES)):
        undo(encoding, COMPRESS[encoding](text + b"x"))


@pytest.mark.parametrize("encoding", PACKED)
def test_a_bomb_is_too_large_without_being_inflated(encoding: str) -> None:
    bomb = COMPRESS[encoding](bytes(200 << 20))
    tracemalloc.start()
    try:
        with pytest.raises(TooLarge):
            undo(encoding, bomb, 65536)
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak_bytes < 10 * LIMIT_BYTES


def test_a_zstd_frame_with_a_larger_window_than_http_allows_is_refused() -> None:
    options = {zstd.CompressionParameter.window_log: 27, zstd.CompressionParameter.enable_long_distance_matching: 1}
    compressor = zstd.ZstdCompressor(options=options)
    body = compressor.compress(random.Random(7).randbytes(9 << 20)) + compressor.flush()
    with pytest.raises(BadRequest, match="not valid zstd"):
        undo("zstd", body, limit_bytes=32 << 20)


@pytest.mark.parametrize("cut", [1, 4, 9, 13])
@pytest.mark.parametrize("encoding", PACKED)
def test_a_truncated_body_is_a_bad_request(encoding: str, cut: int) -> None:
    with pytest.raises(BadRequest, match="ends too early"):
        undo(encoding, COMPRESS[encoding](TEXT)[:-cut])


@pytest.mark.parametrize(
    "body", [TEXT, b"\x1f\x8b\xff", gzip.compress(TEXT, mtime=0)[:-8] + bytes(8), b"(\xb5/\xff\xff"]
)
@pytest.mark.parametrize("encoding", PACKED)
def test_a_body_that_is_not_in_its_encoding_is_a_bad_request(encoding: str, body: bytes) -> None:
    with pytest.raises(BadRequest, match=encoding):
        undo(encoding, body)


@pytest.mark.parametrize("encoding", PACKED)
def test_an_empty_body_is_in_no_encoding(encoding: str) -> None:
    with pytest.raises(BadRequest, match="ends too early"):
        undo(encoding, b"")


@pytest.mark.parametrize("encoding", ["br", "compress", "gzip, gzip", "zip", "\N{SNOWMAN}" * 100])
def test_an_unknown_encoding_is_unsupported_and_the_message_says_what_is(encoding: str) -> None:
    with pytest.raises(Unsupported, match="send gzip, deflate, zstd or none"):
        open_encoding(encoding, LIMIT_BYTES)


@pytest.mark.parametrize("encoding", [" gzip ", "GZIP", "x-gzip"])
def test_the_name_of_an_encoding_is_read_as_http_has_it(encoding: str) -> None:
    assert undo(encoding, gzip.compress(TEXT)) == TEXT
