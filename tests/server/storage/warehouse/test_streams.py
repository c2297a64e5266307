"""Streams have a share of their own, and who does not read gives way."""

from collections.abc import Generator, Iterator

import pytest

from agentops_server.errors import Unavailable
from agentops_server.storage.warehouse import streams
from agentops_server.storage.warehouse.streams import StreamShare


class Source:
    """Counts how many of its answers are open."""

    def __init__(self) -> None:
        self.open = 0

    def blocks(self, count: int = 3) -> Generator[bytes, None, None]:
        self.open += 1
        try:
            for _ in range(count):
                yield b"block\n"
        finally:
            self.open -= 1


@pytest.fixture
def source() -> Iterator[Source]:
    source = Source()
    yield source
    assert source.open == 0


def test_no_more_than_the_share_are_open(source: Source) -> None:
    share = StreamShare(most=2, wait_s=0.05)
    one, two = share.open(source.blocks()), share.open(source.blocks())
    assert next(one) == next(two) == b"block\n"
    with pytest.raises(Unavailable, match="too many exports"):
        share.open(source.blocks())
    assert list(one) == [b"block\n"] * 2
    with share.open(source.blocks()) as three:
        assert next(three)
    two.close()


def test_one_that_nobody_reads_gives_way_and_says_so(source: Source) -> None:
    share = StreamShare(most=2, wait_s=0.05, idle_s=0)
    old, young = share.open(source.blocks()), share.open(source.blocks())
    next(young)
    next(old)
    next(young)
    another = share.open(source.blocks())
    with pytest.raises(Unavailable, match="was not read for 0 seconds while others waited"):
        next(old)
    assert next(young) == next(another) == b"block\n"
    young.close()
    another.close()


def test_one_that_is_read_does_not_give_way(source: Source) -> None:
    share = StreamShare(most=1, wait_s=0.05, idle_s=streams.IDLE_S)
    reading = share.open(source.blocks())
    with pytest.raises(Unavailable, match="too many exports"):
        share.open(source.blocks())
    assert len(list(reading)) == 3


def test_places_come_back_however_a_stream_ends(source: Source) -> None:
    def failing() -> Generator[bytes, None, None]:
        yield b"block\n"
        raise KeyError

    share = StreamShare(most=1, wait_s=0.05)
    for _ in range(3):
        assert len(list(share.open(source.blocks()))) == 3
        next(share.open(source.blocks()))  # and dropped
        share.open(source.blocks()).close()
        with pytest.raises(KeyError):
            list(share.open(failing()))
    share.open(source.blocks()).close()
