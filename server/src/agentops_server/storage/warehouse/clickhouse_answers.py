"""The blocks of a ClickHouse server's answer while it comes in."""

import re
from collections.abc import Generator
from contextlib import suppress

from clickhouse_connect.driver.exceptions import DatabaseError
from urllib3 import HTTPResponse
from urllib3.exceptions import HTTPError

READ_BYTES = 256 << 10
# An error that happens after the first rows were sent stands at the end of the body, between marks with this tag.
TAG_HEADER = "X-ClickHouse-Exception-Tag"
# The text of an error is at most as long as this, for it quotes the query in part only.
LONGEST_ERROR_BYTES = 64 << 10
_CODE = re.compile(r"Code: (\d+)\.")


def iter_blocks(answer: HTTPResponse, *, in_lines: bool) -> Generator[bytes, None, None]:
    """The body, in blocks that end at the end of a line; the answer is closed with the generator.

    Args:
        answer: The answer of which only the head was read.
        in_lines: Whether the body is lines of text.

    Raises:
        DatabaseError: The query failed after it had begun to answer; some blocks came before.
    """
    tag = answer.headers.get(TAG_HEADER, "")
    mark = f"__exception__\r\n{tag}".encode() if tag else None
    kept = b""
    try:
        for chunk in answer.stream(READ_BYTES):
            kept += chunk
            if mark is not None and mark in kept[-LONGEST_ERROR_BYTES:]:
                raise _failure(kept, mark, answer)
            # A mark may come in two chunks: its length is kept back.
            end = len(kept) - (len(mark) if mark else 0)
            cut = kept.rfind(b"\n", 0, max(end, 0)) + 1 if in_lines else max(end, 0)
            if cut:
                yield kept[:cut]
                kept = kept[cut:]
        if kept:
            yield kept
    finally:
        answer.close()


def _failure(kept: bytes, mark: bytes, answer: HTTPResponse) -> DatabaseError:
    text = kept[kept.index(mark) + len(mark) :]
    with suppress(HTTPError):  # the server breaks such an answer off
        text += b"".join(answer.stream(READ_BYTES))
    message = text.decode(errors="replace").strip()
    found = _CODE.search(message)
    return DatabaseError(message, code=int(found[1]) if found else None)
