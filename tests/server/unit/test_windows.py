"""Windows on an export's order leave nothing out, take nothing twice, and are small."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from agentops_server.queries import windows
from agentops_server.queries.windows import FIRST, LAST, Stretch, cut

MB = 1 << 20


@given(st.lists(st.tuples(st.integers(1, 4), st.integers(0, 50), st.integers(1, 400 * MB)), max_size=30))
def test_windows_follow_each_other_from_first_to_last(given_stretches: list[tuple[int, int, int]]) -> None:
    stretches = [Stretch(place, ns, 10, size) for (place, ns), size in _sorted(given_stretches).items()]
    found = cut(stretches)
    assert found[0].start == FIRST
    assert found[-1].end == LAST
    assert all(one.end == following.start for one, following in pairwise(found))
    for window in found:
        own = [each.bytes for each in stretches if window.start <= (each.place, each.from_ns) < window.end]
        assert len(own) <= 1 or sum(own) <= windows.WINDOW_BYTES


def _sorted(stretches: list[tuple[int, int, int]]) -> dict[tuple[int, int], int]:
    return {(place, ns): size for place, ns, size in sorted(stretches)}


def test_a_small_export_is_one_window_of_many_rows() -> None:
    assert [window.rows for window in cut([Stretch(1, 0, 100, 100 * 3000)])] == [349]


def test_large_events_come_few_at_once() -> None:
    assert [window.rows for window in cut([Stretch(1, 0, 100, 100 * MB)])] == [windows.FEWEST_ROWS]


def test_an_export_of_nothing_is_one_window() -> None:
    assert [(window.start, window.end) for window in cut([])] == [(FIRST, LAST)]
