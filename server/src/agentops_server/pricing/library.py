"""The prices that providers publish, as the library genai-prices keeps them: bundled with it, or in a newer file of it.

Nothing here asks the network: the library's own updater is never started.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Self

from agentops_server.domain.event import Bucket
from agentops_server.domain.price import INPUT, OUTPUT, PriceTier
from agentops_server.errors import Invalid
from agentops_server.pricing.providers import find_provider_id

if TYPE_CHECKING:
    from genai_prices.data_snapshot import DataSnapshot
    from genai_prices.types import ModelInfo, ModelPrice, Provider

# The library's names of what it prices, by our unit; of several the first that a model has.
_KEYS = {
    INPUT: ("input_mtok",),
    OUTPUT: ("output_mtok",),
    Bucket.CACHE_READ: ("cache_read_mtok",),
    Bucket.CACHE_WRITE: ("cache_write_5m_mtok", "cache_write_mtok"),
    Bucket.CACHE_WRITE_1H: ("cache_write_1h_mtok", "cache_write_mtok"),
    Bucket.AUDIO_INPUT: ("input_audio_mtok",),
    Bucket.CACHED_AUDIO: ("cache_audio_read_mtok",),
    Bucket.IMAGE_INPUT: ("input_image_mtok",),
    Bucket.REASONING: ("output_reasoning_mtok",),
    Bucket.AUDIO_OUTPUT: ("output_audio_mtok",),
    Bucket.IMAGE_OUTPUT: ("output_image_mtok",),
    Bucket.REQUESTS: ("requests_kcount",),
    Bucket.WEB_SEARCHES: ("web_searches_kcount",),
}
_DAY_MINUTES = 24 * 60
# The library remembers every name that it does not know; after so many of them it gets to forget.
_MOST_MISSES = 20_000


@dataclass(frozen=True, slots=True)
class Listed:
    """What the library lists of a model for one time of day."""

    prices: Mapping[str, Decimal]
    tiers: tuple[PriceTier, ...]
    fits_tier: bool
    """Whether it lists prices of their own for the service tier that was asked for."""


@dataclass(frozen=True, slots=True)
class FoundModel:
    """A model that the library knows, and the provider whose prices it would give."""

    provider: "Provider"
    model: "ModelInfo"

    @property
    def name(self) -> str:
        """The provider's and the model's names in the library."""
        return f"{self.provider.id}/{self.model.id}"

    def list_prices(self, at: datetime, context: Mapping[str, str]) -> Listed:
        """The prices at a time for a service tier."""
        own = any(self.model is model for model in self.provider.models)
        variants = (self.model.price_variants or []) if own else []
        fits = any(
            all(context.get(key) == value for key, value in variant.when.items())
            and (variant.constraint is None or variant.constraint.active(at))
            for variant in variants
        )
        return Listed(*_flatten(self.model.get_prices(at, context if fits else None)), fits)

    def iter_changes(self, day: datetime) -> Iterator[datetime]:
        """The start of the day, and the times of that day at which the prices change."""
        times = {0}
        for each in (*_as_list(self.model.prices), *(self.model.price_variants or ())):
            for edge in ("start_time", "end_time"):
                clock = getattr(each.constraint, edge, None)
                if clock is not None:
                    offset_minutes = int((clock.utcoffset() or timedelta()).total_seconds()) // 60
                    times.add((clock.hour * 60 + clock.minute - offset_minutes) % _DAY_MINUTES)
        for minutes in sorted(times):
            yield day + timedelta(minutes=minutes)


class Library:
    """A set of published prices."""

    def __init__(self, snapshot: "DataSnapshot", version: str) -> None:
        self._snapshot = snapshot
        self._misses = 0
        self.version = version

    @classmethod
    def bundled(cls) -> Self:
        """The prices that came with the installed library."""
        import genai_prices  # noqa: PLC0415 - takes 0.3 s, and is not needed to start
        from genai_prices.data_snapshot import get_snapshot  # noqa: PLC0415

        return cls(get_snapshot(), f"genai-prices {genai_prices.__version__}")

    @classmethod
    def decode(cls, content: bytes, version: str) -> Self:
        """The prices of a file in the form in which genai-prices publishes its data.

        Raises:
            Invalid: It is not such a file.
        """
        from genai_prices.data_snapshot import DataSnapshot  # noqa: PLC0415
        from genai_prices.types import _providers_from_raw  # noqa: PLC0415 - its only reader; public it has none
        from pydantic import ValidationError  # noqa: PLC0415

        try:
            raw = json.loads(content)
            if not isinstance(raw, list) or not raw:
                raise Invalid("The file holds no list of providers: give the data.json that genai-prices publishes")
            providers = _providers_from_raw(raw)
        except (ValueError, ValidationError, RecursionError) as error:
            first = re.sub(r"\s+", " ", str(error))[:200]
            raise Invalid(f"The file does not hold prices in the form of genai-prices: {first}") from None
        return cls(DataSnapshot(providers, from_auto_update=False), version)

    @property
    def count_models(self) -> int:
        """How many models it knows."""
        return sum(len(provider.models) for provider in self._snapshot.providers)

    def find_model(self, provider: str, name: str) -> FoundModel | None:
        """The model with this name, at that provider; "" lets the name tell whose it is."""
        known = find_provider_id(provider) if provider else None
        try:
            return FoundModel(*self._snapshot.find_provider_model(name, None, known, None))
        except LookupError:
            self._forget_misses()
            return None

    def knows_provider(self, provider: str) -> bool:
        """Whether it has prices of this provider."""
        try:
            self._snapshot.find_provider(None, find_provider_id(provider), None)
        except LookupError:
            self._forget_misses()
            return False
        return True

    def _forget_misses(self) -> None:
        self._misses += 1
        if self._misses >= _MOST_MISSES:
            self._misses = 0
            self._snapshot = type(self._snapshot)(self._snapshot.providers, from_auto_update=False)


def _as_list(prices: Any) -> list[Any]:
    return prices if isinstance(prices, list) else []


def _flatten(listed: "ModelPrice") -> tuple[Mapping[str, Decimal], tuple[PriceTier, ...]]:
    """The prices of the shortest context, and what changes from which length on."""
    base: dict[str, Decimal] = {}
    steps: dict[int, dict[str, Decimal]] = {}
    for unit, keys in _KEYS.items():
        price = next((found for key in keys if (found := getattr(listed, key)) is not None), None)
        if isinstance(price, Decimal):
            base[str(unit)] = price
        elif price is not None:
            base[str(unit)] = price.base
            for tier in price.tiers:
                steps.setdefault(tier.start, {})[str(unit)] = tier.price
    return base, tuple(PriceTier(start, steps[start]) for start in sorted(steps))
