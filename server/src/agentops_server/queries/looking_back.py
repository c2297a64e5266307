"""Stretches of time, the latest first, to look for the latest of what may be many.

Whoever wants the fifty latest events with a word needs none of the others. The index of words says of all events which
have the word; what they cost is to read when they began and who they are. So the last hour is looked through at first,
and a longer stretch before it only when that did not have enough. No stretch is looked through twice: what came in last
has no index of words yet, and its texts are read. A stretch with few finds costs little, however long it is.
"""

from collections.abc import Iterator

from agentops_server.domain.clock import NS, now_ns

HOURS = (1, 8, 64, 512)
"""How far back the stretches reach, each from the moment at which the first one ends; the last one has all the rest."""
EARLIEST_NS, LATEST_NS = -(1 << 63), (1 << 63) - 1


def look_back(until_ns: int = LATEST_NS, since_ns: int = EARLIEST_NS) -> Iterator[tuple[int, int]]:
    """Stretches from `since_ns` to before `until_ns`, each by its first moment and the one after its last."""
    latest = min(until_ns, now_ns())
    for hours in HOURS:
        begins_ns = latest - hours * 3600 * NS
        if begins_ns <= since_ns:
            break
        yield begins_ns, until_ns
        until_ns = begins_ns
    yield since_ns, until_ns
