"""Stretches of time, the latest first, that leave nothing out and have nothing twice."""

import time

import pytest

from agentops_server.domain.clock import NS
from agentops_server.queries.looking_back import EARLIEST_NS, HOURS, LATEST_NS, look_back

HOUR_NS = 3600 * NS


@pytest.mark.parametrize(
    "until_ns", [LATEST_NS, time.time_ns() + 5 * HOUR_NS, time.time_ns() - HOUR_NS, 10, EARLIEST_NS + 1]
)
@pytest.mark.parametrize("since_hours", [None, 1000, 100, 10, 0.5])
def test_stretches_follow_on_each_other(until_ns: int, since_hours: float | None) -> None:
    now = time.time_ns()
    since_ns = EARLIEST_NS if since_hours is None else min(until_ns - 1, now - int(since_hours * HOUR_NS))
    stretches = list(look_back(until_ns, since_ns))
    assert (stretches[0][1], stretches[-1][0]) == (until_ns, since_ns)
    assert all(begins < ends for begins, ends in stretches)
    assert [begins for begins, _ in stretches[:-1]] == [ends for _, ends in stretches[1:]]


def test_the_first_one_reaches_an_hour_back_from_now_or_from_where_it_goes_on() -> None:
    now = time.time_ns()
    begins_ns, _ = next(look_back())
    assert abs(now - HOUR_NS - begins_ns) < HOUR_NS
    assert next(look_back(now - 50 * HOUR_NS)) == (now - 51 * HOUR_NS, now - 50 * HOUR_NS)


def test_each_is_longer_than_the_one_before() -> None:
    lengths = [ends - begins for begins, ends in list(look_back(time.time_ns()))]
    assert len(lengths) == len(HOURS) + 1
    assert lengths == sorted(lengths)
