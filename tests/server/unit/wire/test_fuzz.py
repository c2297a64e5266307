"""A slice of what `python -m benchmarks server.fuzz` does a million times."""

import pytest

from tests.server.fuzzing.cases import Cases
from tests.server.fuzzing.checking import check

SLICE = 500


@pytest.mark.parametrize("seed", range(6))
def test_an_odd_item_costs_no_neighbour_and_is_never_an_error_of_ours(seed: int) -> None:
    cases = Cases(seed)
    taken = sum(check(cases.next()) for _ in range(SLICE))
    assert taken > SLICE // 2


def test_the_cases_of_one_seed_are_the_same() -> None:
    first, again = Cases(7), Cases(7)
    assert [first.next() for _ in range(50)] == [again.next() for _ in range(50)]
