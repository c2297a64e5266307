import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentops_server.domain.money import decode_money, encode_money

PLAIN = re.compile(r"\d+(\.\d*[1-9])?")
AMOUNTS = st.decimals(0, 10**15, allow_nan=False, allow_infinity=False, places=18)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0075, "0.0075"),
        (0.1 + 0.2, "0.30000000000000004"),
        (0.1, "0.1"),
        (1e-7, "0.0000001"),
        (1e-30, "0"),
        (7, "7"),
        (100, "100"),
        (1e12, "1000000000000"),
        (10**15, "1000000000000000"),
        ("0.0075", "0.0075"),
        ("1E+2", "100"),
        ("0.1000", "0.1"),
        ("999999999999999.999999999999999999", "999999999999999.999999999999999999"),
        (-0.0, "0"),
        ("-0", "0"),
    ],
)
def test_an_amount_is_shown_as_it_was_meant(value: object, text: str) -> None:
    assert encode_money(decode_money(value)) == text


@pytest.mark.parametrize(
    "value",
    [None, True, [], {}, "", "free", "NaN", "sNaN", "Infinity", float("inf"), float("nan"), -1, "-0.01", 10**16]
    + ["1e16", "1e999999999", 1e300, "9" * 5000],
)
def test_decode_refuses_what_is_no_amount(value: object) -> None:
    with pytest.raises(ValueError, match=r"is not an amount in US dollars|integer string conversion"):
        decode_money(value)


@given(AMOUNTS)
def test_every_amount_survives_the_round_trip(amount: Decimal) -> None:
    assert decode_money(encode_money(amount)) == amount


@given(AMOUNTS)
def test_the_text_has_no_exponent_and_no_trailing_zeros(amount: Decimal) -> None:
    assert PLAIN.fullmatch(encode_money(amount))


@given(st.one_of(st.text(), st.floats(), st.integers(), st.none(), st.booleans(), st.lists(st.integers())))
def test_decode_of_any_value_is_an_amount_or_a_value_error(value: object) -> None:
    try:
        amount = decode_money(value)
    except ValueError:
        return
    assert 0 <= amount <= 10**15
