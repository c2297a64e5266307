"""Rows of texts come back however their answer was cut into blocks."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentops_server.storage.warehouse.binary import iter_texts


def varint(number: int) -> bytes:
    low, rest = number & 0x7F, number >> 7
    return bytes([low | 0x80]) + varint(rest) if rest else bytes([low])


def encode(rows: list[list[bytes]]) -> bytes:
    return b"".join(varint(len(text)) + text for row in rows for text in row)


TEXTS = st.binary(max_size=300) | st.integers(0, 40_000).map(lambda size: b"x" * size)


@given(st.lists(st.lists(TEXTS, min_size=2, max_size=2), max_size=5), st.lists(st.integers(0, 90_000), max_size=8))
def test_rows_are_whole_however_they_were_cut(rows: list[list[bytes]], cuts: list[int]) -> None:
    answer = encode(rows)
    places = [0, *sorted(cuts), len(answer)]
    blocks = [answer[start:end] for start, end in pairwise(places)]
    assert list(iter_texts(blocks, columns=2)) == rows


@pytest.mark.parametrize("kept", [1, 2, 3, 5])
def test_an_answer_that_ends_within_a_row_is_refused(kept: int) -> None:
    with pytest.raises(EOFError):
        list(iter_texts([encode([[b"one", b"two"]])[:kept]], columns=2))
