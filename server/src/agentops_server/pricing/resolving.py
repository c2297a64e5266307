"""Which prices hold for a model on a day."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from agentops_server.domain.clock import NS
from agentops_server.domain.price import PriceOverride, PriceTier
from agentops_server.pricing.library import FoundModel, Library
from agentops_server.pricing.providers import LOCAL, find_maker
from agentops_server.pricing.rates import Rates
from agentops_server.pricing.tiers import NEEDS_OWN_PRICES, context_of

DAY_NS = 86_400 * NS
LONGEST_NAME = 300


@dataclass(frozen=True, slots=True)
class Versioned:
    """Prices, and where they are from."""

    rates: Rates
    version: str
    prices: Mapping[str, Decimal]
    tiers: Sequence[PriceTier]


class Day:
    """A model's prices on one day, most of which have one price from midnight to midnight."""

    __slots__ = ("_starts_ns", "_versions")

    def __init__(self, versions: Sequence[tuple[int, Versioned | None]]) -> None:
        self._starts_ns = [start_ns for start_ns, _ in versions]
        self._versions = [versioned for _, versioned in versions]

    def at(self, in_day_ns: int) -> Versioned | None:
        """The prices so many nanoseconds after midnight, or None where nobody knows any."""
        if len(self._versions) == 1:
            return self._versions[0]
        return self._versions[bisect_right(self._starts_ns, in_day_ns) - 1]

    def list_versions(self) -> list[tuple[int, Versioned]]:
        """The prices with the nanosecond after midnight from which each holds."""
        pairs = zip(self._starts_ns, self._versions, strict=True)
        return [(start_ns, versioned) for start_ns, versioned in pairs if versioned is not None]


UNKNOWN = Day([(0, None)])


def resolve_day(
    library: Library, overrides: Sequence[PriceOverride], provider: str, model: str, day: int, tier: str
) -> Day:
    """The prices of a model on a day, counted in days since 1970; an override stands above the library."""
    provider, model = provider.strip().lower(), model.strip().lower()
    if not model or len(model) > LONGEST_NAME or len(provider) > LONGEST_NAME:
        return UNKNOWN
    midnight = datetime.fromtimestamp(day * DAY_NS // NS, UTC)
    fitting = [each for each in overrides if each.fits(provider, model, midnight.date())]
    if fitting:
        best = max(fitting, key=lambda each: each.precedence)
        return Day([(0, _versioned(best.prices, best.tiers, f"override {best.id}"))])
    found = next(_iter_models(library, provider, model), None)
    return UNKNOWN if found is None else _listed_day(library, found, midnight, tier)


def _iter_models(library: Library, provider: str, model: str) -> Iterator[FoundModel]:
    """The models that may be meant, the likeliest first."""
    prefix, _, rest = model.partition("/")
    if provider in LOCAL or (not provider and prefix in LOCAL):
        return
    names = []
    if provider and library.knows_provider(provider):
        names.append((provider, model))
    if rest and library.knows_provider(prefix):
        names.append((prefix, rest))
    # Compatible APIs: a client that believes to talk to one provider, or a gateway, has another's model.
    names.append((find_maker(model), model))
    for name in names:
        if (found := library.find_model(*name)) is not None:
            yield found


def _listed_day(library: Library, found: FoundModel, midnight: datetime, tier: str) -> Day:
    return Day(
        [
            (int((at - midnight).total_seconds()) * NS, _listed(library, found, at, tier))
            for at in found.iter_changes(midnight)
        ]
    )


def _listed(library: Library, found: FoundModel, at: datetime, tier: str) -> Versioned | None:
    listed = found.list_prices(at, context_of(tier))
    if tier in NEEDS_OWN_PRICES and not listed.fits_tier:
        return None
    version = f"{library.version} {found.name}{f' {tier}' if listed.fits_tier else ''}"
    versioned = _versioned(listed.prices, listed.tiers, version)
    return versioned if versioned.rates.price_anything else None


def _versioned(prices: Mapping[str, Decimal], tiers: Sequence[PriceTier], version: str) -> Versioned:
    return Versioned(Rates(prices, tiers), version, prices, tiers)
