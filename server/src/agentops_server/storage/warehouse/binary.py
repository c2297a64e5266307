"""Answers in ClickHouse's RowBinary, of which all columns are strings: each is its length, as a varint, and its bytes.

Nothing in them is escaped, so that text which is JSON already passes as it is.
"""

from collections.abc import Iterable, Iterator


def iter_texts(blocks: Iterable[bytes], columns: int) -> Iterator[list[bytes]]:
    """The rows of an answer, which may be cut between its blocks anywhere.

    Raises:
        EOFError: It ends within a row.
    """
    kept = b""
    for block in blocks:
        kept = kept + block if kept else block
        at = 0
        while (row := _find_row(kept, at, columns)) is not None:
            texts, at = row
            yield texts
        kept = kept[at:]
    if kept:
        raise EOFError("an answer of the warehouse ends within a row")


def _find_row(buffer: bytes, at: int, columns: int) -> tuple[list[bytes], int] | None:
    """The texts of the row that begins at a place, and where the next one does; None if it is not there whole."""
    texts, end = [], len(buffer)
    for _ in range(columns):
        size, shift, more = 0, 0, True
        while more:
            if at >= end:
                return None
            byte = buffer[at]
            size |= (byte & 0x7F) << shift
            shift, at, more = shift + 7, at + 1, byte > 0x7F
        if at + size > end:
            return None
        texts.append(buffer[at : at + size])
        at += size
    return texts, at
