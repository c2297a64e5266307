"""Prices of models: what a unit costs, and the prices that a project sets for itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fnmatch import fnmatchcase
from uuid import UUID

from agentops_server.domain.event import Bucket
from agentops_server.domain.ids import ProjectId

INPUT = "input"
OUTPUT = "output"
PER_THOUSAND = frozenset({Bucket.REQUESTS.value, Bucket.WEB_SEARCHES.value})
"""The units with a price per thousand; all others are tokens, with a price per million. Providers publish them so."""
UNITS = (INPUT, OUTPUT, *(bucket.value for bucket in Bucket))
LARGEST_PRICE = Decimal(1_000_000)
SMALLEST_PRICE = Decimal(1).scaleb(-12)
MOST_TIERS = 10
LONGEST_PATTERN = 200


class ServiceTier(StrEnum):
    """How a provider treats a request where it has several ways with prices of their own."""

    DEFAULT = "default"
    FLEX = "flex"
    PRIORITY = "priority"
    BATCH = "batch"
    FAST = "fast"


@dataclass(frozen=True, slots=True)
class PriceTier:
    """Prices of a whole call whose input is longer than so many tokens."""

    above_input_tokens: int
    prices: Mapping[str, Decimal]
    """US dollars by unit; a unit that is not here costs what it costs in the tier below."""


@dataclass(frozen=True, slots=True)
class PriceOverride:
    """A price that a project sets for the models that fit a pattern. It is never changed: another one replaces it."""

    id: UUID
    project_id: ProjectId
    pattern: str
    """A model's name in lower case, where ``*`` stands for any characters."""
    provider: str
    """The only provider that it is for, in lower case; "" for all."""
    effective_from: date
    """The first day, in UTC, whose calls it prices."""
    effective_to: date | None
    """The first day on which it no longer does; None for never."""
    prices: Mapping[str, Decimal]
    """US dollars by unit of `UNITS`."""
    tiers: tuple[PriceTier, ...]
    """By rising length."""
    created_ns: int

    def fits(self, provider: str, model: str, day: date) -> bool:
        """Whether it prices a call of this model on this day; names are in lower case."""
        if day < self.effective_from or (self.effective_to is not None and day >= self.effective_to):
            return False
        if self.provider and self.provider != provider:
            return False
        return fnmatchcase(model, self.pattern) or (bool(provider) and fnmatchcase(f"{provider}/{model}", self.pattern))

    @property
    def precedence(self) -> tuple[int, int, date, int]:
        """Of several that fit the greatest stands: the most literal pattern, one for a provider, the latest."""
        return (len(self.pattern.replace("*", "")), int(bool(self.provider)), self.effective_from, self.created_ns)


def check_prices(prices: Mapping[str, Decimal], field: str) -> None:
    """Refuse prices that cannot be meant.

    Raises:
        ValueError: A unit is not known, or a price is negative, too large or finer than the sums can hold.
    """
    for unit, price in prices.items():
        if unit not in UNITS:
            raise ValueError(f"{field}: {unit!r:.40} is not a unit; the units are {', '.join(UNITS)}")
        if not price.is_finite() or not 0 <= price <= LARGEST_PRICE:
            raise ValueError(f"{field}.{unit} must be from 0 to {LARGEST_PRICE} US dollars")
        if price != price.quantize(SMALLEST_PRICE):
            raise ValueError(f"{field}.{unit} has more than 12 digits after the point")


def check_override(override: PriceOverride) -> None:
    """Refuse an override that cannot be meant.

    Raises:
        ValueError: The message names the field.
    """
    if not 0 < len(override.pattern) <= LONGEST_PATTERN or not set(override.pattern).isdisjoint("?[]"):
        raise ValueError(f"model must be a name of up to {LONGEST_PATTERN} characters, with * for any characters")
    if len(override.provider) > LONGEST_PATTERN:
        raise ValueError(f"provider must be a name of up to {LONGEST_PATTERN} characters")
    if override.effective_to is not None and override.effective_to <= override.effective_from:
        raise ValueError("effective_to must be a day after effective_from")
    check_prices(override.prices, "prices")
    if set(override.prices).isdisjoint({INPUT, OUTPUT, Bucket.REQUESTS}):
        raise ValueError("prices must hold at least one of input, output and requests")
    above = [tier.above_input_tokens for tier in override.tiers]
    if len(above) > MOST_TIERS or above != sorted(set(above)) or any(length < 1 for length in above):
        raise ValueError(f"tiers must be up to {MOST_TIERS}, each above a larger number of input tokens than the last")
    for tier in override.tiers:
        check_prices(tier.prices, f"tiers above {tier.above_input_tokens}")
