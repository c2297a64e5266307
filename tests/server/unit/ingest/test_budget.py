"""Bytes in flight: what is refused, what is given back, and when to come again."""

import pytest

from agentops_server.errors import Busy
from agentops_server.ingest import budget as module
from agentops_server.ingest.budget import LONGEST_RETRY_S, Budget
from agentops_server.ingest.metrics import IngestMetrics


class Clock:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def monotonic(self) -> float:
        return self.now_s


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(module, "time", clock)
    return clock


def in_use(metrics: IngestMetrics) -> float | None:
    return metrics.registry.get_sample_value("agentops_in_flight_bytes")


def test_what_does_not_fit_is_refused_and_fits_once_the_others_are_done() -> None:
    metrics = IngestMetrics()
    budget = Budget(100, metrics)
    with budget.share() as second:
        with budget.share() as first:
            first.grow(60)
            second.grow(40)
            with pytest.raises(Busy):
                second.grow(1)
            assert in_use(metrics) == 100
        second.grow(1)
        assert in_use(metrics) == 41
    assert in_use(metrics) == 0
    assert metrics.registry.get_sample_value("agentops_refused_requests_total", {"why": "memory"}) == 1


def test_one_that_is_alone_gets_what_it_asks_for() -> None:
    budget = Budget(100)
    with budget.share() as alone, budget.share() as late:
        alone.grow(1000)
        with pytest.raises(Busy):
            late.grow(1)


def test_a_share_is_given_back_when_its_request_fails() -> None:
    metrics = IngestMetrics()

    def fail() -> None:
        with Budget(100, metrics).share() as share:
            share.grow(70)
            raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        fail()
    assert in_use(metrics) == 0


def retry_after_s(budget: Budget) -> int:
    with pytest.raises(Busy) as refused, budget.share() as late:
        late.grow(1)
    return int(refused.value.headers["Retry-After"])


def test_the_time_to_come_again_follows_the_rate_at_which_bodies_are_done_with(clock: Clock) -> None:
    budget = Budget(1000)
    for _ in range(20):  # a hundred bytes in ten seconds, again and again
        with budget.share() as share:
            share.grow(100)
            clock.now_s += 10
    with budget.share() as share:
        share.grow(1000)
        assert retry_after_s(budget) == LONGEST_RETRY_S
    for _ in range(20):
        with budget.share() as share:
            share.grow(100)
            clock.now_s += 1
    with budget.share() as share:
        share.grow(1000)
        assert 9 <= retry_after_s(budget) <= 11


def test_there_is_always_a_time_to_come_again() -> None:
    budget = Budget(1)
    with budget.share() as share:
        share.grow(1)
        assert retry_after_s(budget) == 1
