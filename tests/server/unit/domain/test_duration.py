import pytest

from agentops_server.domain.clock import NS
from agentops_server.domain.duration import encode_duration


@pytest.mark.parametrize(
    ("duration_ns", "text"),
    [
        (0, "0.0s"),
        (40_000_000, "0.0s"),
        (60_000_000, "0.1s"),
        (3_400_000_000, "3.4s"),
        (59_949_999_999, "59.9s"),
        (59_960_000_000, "1m 0.0s"),
        (60 * NS, "1m 0.0s"),
        (3600 * NS, "1h 0m 0.0s"),
        (3_723_400_000_000, "1h 2m 3.4s"),
        (100 * 3600 * NS, "100h 0m 0.0s"),
    ],
)
def test_a_duration_for_people(duration_ns: int, text: str) -> None:
    assert encode_duration(duration_ns) == text
