"""The price book: what a model's tokens cost on a day, by a project's own prices or those that providers publish."""

import logging
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Protocol
from uuid import UUID

from agentops_server.domain.clock import NS
from agentops_server.domain.event import Bucket, Event, Usage
from agentops_server.domain.ids import ProjectId
from agentops_server.domain.money import LARGEST_AMOUNT
from agentops_server.domain.price import PriceOverride, PriceTier
from agentops_server.errors import ServerError
from agentops_server.pricing.files import PriceFiles, read_library
from agentops_server.pricing.library import Library
from agentops_server.pricing.resolving import DAY_NS, Day, resolve_day
from agentops_server.pricing.tiers import find_service_tier, find_tier

logger = logging.getLogger(__name__)

RELOAD_PAUSE_S = 2.0
"""How often to look for a price file that a command put in force."""
_CACHED_DAYS = 10_000
_CACHED_PROJECTS = 1000
CACHE_HIT = "cache hit"
"""The price version of a call that reached no provider: the application had its answer already."""


class OverrideSource(Protocol):
    """Where the projects' own prices are kept. What was changed a moment ago, by whomever, is in the answer."""

    def list_override_ids(self, project_id: ProjectId) -> Sequence[UUID]:
        """The ids of a project's overrides. An override never changes, so that the ids tell whether any has."""

    def list_overrides(self, project_id: ProjectId) -> Sequence[PriceOverride]:
        """A project's overrides."""


@dataclass(frozen=True, slots=True)
class Price:
    """The cost of one call, in US dollars, and where it is from: a price list and the model in it, or an override."""

    amount: Decimal
    version: str


@dataclass(frozen=True, slots=True)
class ListedPrice:
    """What a model costs from a time of day on, in UTC, and where that is from."""

    clock: str
    version: str
    prices: Mapping[str, Decimal]
    """US dollars by unit, per million tokens, or per thousand requests or searches."""
    tiers: Sequence[PriceTier]


class Prices:
    """The prices of one project as they were at one moment. A model's are looked up once a day and service tier."""

    def __init__(self, library: Library, overrides: Sequence[PriceOverride] = ()) -> None:
        self.library = library
        self.overrides = tuple(overrides)
        # 75 microseconds without it.
        self._find_day = lru_cache(_CACHED_DAYS)(self._resolve)

    @property
    def fingerprint(self) -> str:
        """A text that is another one whenever a price may be."""
        return " ".join([self.library.version, *sorted(str(override.id) for override in self.overrides)])

    def _resolve(self, provider: str, model: str, day: int, tier: str) -> Day:
        return resolve_day(self.library, self.overrides, provider, model, day, tier)

    def list_day(self, model: str, day: date, provider: str = "", tier: str = "") -> list[ListedPrice]:
        """What a model costs on a day: one price for most, none where nobody knows any."""
        found = self._find_day(provider, model, (day - date(1970, 1, 1)).days, find_tier(tier))
        return [
            ListedPrice(
                f"{datetime.fromtimestamp(start_ns // NS, UTC):%H:%M}",
                each.version,
                each.prices,
                each.tiers,
            )
            for start_ns, each in found.list_versions()
        ]

    def price_event(self, event: Event) -> Price | None:
        """What an LLM call cost; None where its tokens, or the price of one of them, are not known."""
        if (usage := event.usage) is None:
            return None
        tier = find_service_tier(event.attributes) if event.attributes else ""
        return self.price(event.model, usage, event.init_ns, event.provider, tier)

    def price(self, model: str, usage: Usage, at_ns: int, provider: str = "", tier: str = "") -> Price | None:
        """What a call of a model cost.

        Args:
            model: Its name, also with its provider's before a slash.
            usage: Its tokens, as `agentops_server.domain.usage` makes them.
            at_ns: When it was, in nanoseconds since 1970: a price is that of its day.
            provider: Whose model it is; "" where nobody said.
            tier: A `ServiceTier`, or "".
        """
        if usage.buckets and usage.buckets.get(Bucket.REQUESTS) == 0:
            return Price(Decimal(0), CACHE_HIT)
        if not model:
            return None
        day, in_day_ns = divmod(at_ns, DAY_NS)
        found = self._find_day(provider, model, day, tier).at(in_day_ns)
        if found is None or (amount := found.rates.price(usage)) is None or amount > LARGEST_AMOUNT:
            return None
        return Price(amount, found.version)


class PriceBook:
    """Finds prices. The library is loaded at the first question (0.3 s), or ahead of it by `load`."""

    def __init__(self, overrides: OverrideSource | None = None, folder: Path | None = None) -> None:
        """Prepare the book.

        Args:
            overrides: The projects' own prices; None for a book without.
            folder: Where refreshed price files are; None for a book that has only those of the library.
        """
        self._source = overrides
        self._files = None if folder is None else PriceFiles(folder)
        self._lock = threading.Lock()
        self._path: Path | None = None
        self._common: Prices | None = None
        self._of_project: dict[ProjectId, tuple[tuple[UUID, ...], Prices]] = {}

    def load(self) -> None:
        """Load the newest prices, where they are not loaded yet.

        A price file that cannot be read is logged once, and the prices stay what they were: every price says by its
        version where it is from.
        """
        path = None if self._files is None else self._files.find_newest()
        with self._lock:
            if self._common is None or path != self._path:
                self._path = path
                self._common = self._open(path) or self._common or Prices(Library.bundled())

    def _open(self, path: Path | None) -> Prices | None:
        try:
            return Prices(Library.bundled() if path is None else read_library(path))
        except ServerError as error:
            logger.warning("The newest prices are not in force: %s", error.message)
            return None

    def common(self) -> Prices:
        """The prices of a project that has none of its own."""
        if self._common is None:
            self.load()
        assert self._common is not None  # noqa: S101 - what load does
        return self._common

    def of(self, project_id: ProjectId) -> Prices:
        """The prices of a project as they are now: a project's own prices are in force once they are stored."""
        common = self.common()
        ids = () if self._source is None else tuple(self._source.list_override_ids(project_id))
        if self._source is None or not ids:
            return common
        known = self._of_project.get(project_id)
        if known is not None and known[0] == ids and known[1].library is common.library:
            return known[1]
        overrides = self._source.list_overrides(project_id)
        prices = Prices(common.library, overrides)
        if len(self._of_project) >= _CACHED_PROJECTS:
            self._of_project.clear()
        self._of_project[project_id] = (tuple(each.id for each in overrides), prices)
        return prices
