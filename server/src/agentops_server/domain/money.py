"""Money is `Decimal`, in US dollars; on the wire and in storage it is a plain decimal string."""

from collections.abc import Iterable
from decimal import Context, Decimal, InvalidOperation

# What the warehouse's Decimal(38, 18) holds.
DIGITS_AFTER_POINT = 18
_QUANTUM = Decimal(1).scaleb(-DIGITS_AFTER_POINT)
_EXACT = Context(prec=38)
LARGEST_AMOUNT = Decimal(10) ** 15


def decode_money(value: object) -> Decimal:
    """An amount as a client reports it: a JSON number or a decimal string.

    Raises:
        ValueError: It is neither, or negative, or not finite, or larger than any bill.
    """
    if isinstance(value, bool) or not isinstance(value, (int, float, str, Decimal)):
        raise ValueError(f"{value!r:.40} is not an amount in US dollars")
    try:
        amount = Decimal(repr(value) if isinstance(value, float) else value)
    except InvalidOperation:
        raise ValueError(f"{value!r:.40} is not an amount in US dollars") from None
    if not amount.is_finite() or amount < 0 or amount > LARGEST_AMOUNT:
        raise ValueError(f"{value!r:.40} is not an amount in US dollars between 0 and 10^15")
    return amount.quantize(_QUANTUM, context=_EXACT).copy_abs()


def encode_money(amount: Decimal) -> str:
    """A plain decimal string without an exponent or trailing zeros: ``"0.0075"``, ``"0"``."""
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def sum_money(amounts: Iterable[Decimal]) -> Decimal:
    """The sum of the amounts, to the last digit: the usual context of decimals would round it to 28 digits."""
    total = Decimal(0)
    for amount in amounts:
        total = _EXACT.add(total, amount)
    return total
