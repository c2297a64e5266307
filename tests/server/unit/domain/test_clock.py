from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentops_server.domain.clock import FIRST_NS, LAST_NS, NS, decode_time, encode_time, find_time
from tests.server.making import NOON_NS

OFFSETS = st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@pytest.mark.parametrize(
    ("text", "ns"),
    [
        ("2026-11-20T12:00:00Z", NOON_NS),
        ("2026-11-20T12:00:00z", NOON_NS),
        ("2026-11-20T12:00:00", NOON_NS),
        ("2026-11-20 12:00:00+00:00", NOON_NS),
        (" 2026-11-20T12:00:00Z ", NOON_NS),
        ("2026-11-20T13:30:00+01:30", NOON_NS),
        ("2026-11-20T13:30:00+0130", NOON_NS),
        ("2026-11-20T10:00:00-02", NOON_NS),
        ("2026-11-20T13:30:00 01:30", NOON_NS),
        ("2026-11-20T14:00:00 02", NOON_NS),
        ("2026-11-20", NOON_NS - 12 * 3600 * 10**9),
        ("2026-11-20T12:00:00.573Z", NOON_NS + 573_000_000),
        ("2026-11-20T12:00:00,5Z", NOON_NS + 500_000_000),
        ("2026-11-20T12:00:00.123456789+00:00", NOON_NS + 123_456_789),
        ("2026-11-20T12:00:00.123456789999Z", NOON_NS + 123_456_789),
    ],
)
def test_decode_of_what_clients_write(text: str, ns: int) -> None:
    assert decode_time(text) == ns


@pytest.mark.parametrize(
    "text",
    [
        "",
        "garbage",
        "2026-11-20Z",
        "2026-11-20T",
        "2026-11-31",
        "12:00:00",
        "2026-13-20T12:00:00Z",
        "2026-02-30T12:00:00Z",
        "2026-11-20T25:00:00Z",
        "2026-11-20T12:00:00.Z",
        "2026-11-20T12:00:00+99:00",
        "2026-11-20T12:00:00Z; DROP TABLE events",
        "2026-11-20T12:00:00Z\n2026-11-20T12:00:00Z",
        "٢٠٢٦-١١-٢٠T12:00:00Z",
        "2026-11-20T12:00:00.٥Z",
        "1795176000",
        "1969-12-31T23:59:59Z",
        "1970-01-01T00:00:00+00:01",
        "2200-01-01T00:00:00Z",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
    ],
)
def test_decode_refuses_what_is_no_time(text: str) -> None:
    with pytest.raises(ValueError, match="ISO 8601|1970 to 2200|range|must be in|offset must be"):
        decode_time(text)


@given(st.text())
def test_decode_of_any_text_is_a_time_or_a_value_error(text: str) -> None:
    try:
        ns = decode_time(text)
    except ValueError:
        return
    assert FIRST_NS <= ns < LAST_NS


@given(st.integers(FIRST_NS, LAST_NS - 1))
def test_every_nanosecond_survives_the_round_trip(ns: int) -> None:
    assert decode_time(encode_time(ns)) == ns


@given(st.datetimes(datetime(1971, 1, 1), datetime(2199, 1, 1), timezones=OFFSETS))  # noqa: DTZ001 - bounds are naive
def test_decode_agrees_with_the_standard_library(moment: datetime) -> None:
    exact = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1) * 1000
    assert decode_time(moment.isoformat()) == exact


def test_encode_has_six_digits_or_nine() -> None:
    assert encode_time(NOON_NS) == "2026-11-20T12:00:00.000000+00:00"
    assert encode_time(NOON_NS + 1_000) == "2026-11-20T12:00:00.000001+00:00"
    assert encode_time(NOON_NS + 1) == "2026-11-20T12:00:00.000000001+00:00"


def test_find_is_none_for_the_time_that_stands_for_not_known() -> None:
    assert find_time(0) is None
    assert find_time(NS) == "1970-01-01T00:00:01.000000+00:00"
