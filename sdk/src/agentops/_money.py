"""Money: Decimal inside, plain text outside."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal


def zero() -> Decimal:
    """No money."""
    from decimal import Decimal  # noqa: PLC0415 - importing us must stay quick; the worker has it before anybody asks

    return Decimal(0)


def find_money(value: object) -> Decimal | None:
    """The amount that a number or a text stands for, in US dollars; None if it stands for none."""
    if value is None or isinstance(value, bool):
        return None
    from decimal import Decimal, InvalidOperation  # noqa: PLC0415 - as above

    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() else None


def to_text(amount: Decimal) -> str:
    """The amount without exponent, with two decimals at least: `0.00`, `0.0075`."""
    text = format(amount, "f")
    whole, _, decimals = text.partition(".")
    return f"{whole}.{decimals.ljust(2, '0')}"
