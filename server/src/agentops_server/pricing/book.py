"""The price book: what a model's tokens cost on a day. The prices are those that the library genai-prices bundles."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from agentops_server.domain.clock import NS
from agentops_server.domain.event import Usage

_DAY_NS = 86_400 * NS
_CACHED_RATES = 10_000
_MILLION = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class Price:
    """The cost of one call, in US dollars, and the version of the book that says so."""

    amount: Decimal
    version: str


class PriceBook:
    """Finds prices. The library is loaded at the first question (0.3 s), or ahead of it by `load`."""

    def load(self) -> None:
        """Load the prices now."""
        _find_rates("gpt-4o", None, 0)

    def find_price(self, model: str, usage: Usage, at_ns: int) -> Price | None:
        """The price of a call of this model with these tokens at this time; None when either is not known."""
        if not model or usage.input_tokens is None or usage.output_tokens is None:
            return None
        day = at_ns // _DAY_NS
        provider, _, name = model.rpartition("/")
        rates = _find_rates(name, provider or None, day)
        if rates is None and provider:
            rates = _find_rates(model, None, day)
        return None if rates is None else rates.price(usage.input_tokens, usage.output_tokens)


@dataclass(frozen=True, slots=True)
class _Rates:
    """What a model's tokens cost on a day, in US dollars per million.

    Asking the library takes 75 microseconds, so it is asked once a model and day, and for each call only where the
    price depends on how many tokens there are (`tiered`).
    """

    input_price: Decimal | None
    output_price: Decimal | None
    tiered: Callable[[int, int], Decimal] | None
    version: str

    def price(self, input_tokens: int, output_tokens: int) -> Price | None:
        if self.tiered is not None:
            return Price(self.tiered(input_tokens, output_tokens), self.version)
        amount = Decimal(0)
        for tokens, per_million in ((input_tokens, self.input_price), (output_tokens, self.output_price)):
            if not tokens:
                continue
            if per_million is None:
                return None  # priced by the hour or the picture: its tokens cost something else than 0
            amount += tokens * per_million / _MILLION
        return Price(amount, self.version)


@lru_cache(_CACHED_RATES)
def _find_rates(model: str, provider: str | None, day: int) -> _Rates | None:
    import genai_prices  # noqa: PLC0415 - slow to import, and not needed to start

    if not model:
        return None
    at = datetime.fromtimestamp(day * _DAY_NS // NS, UTC)

    def ask(input_tokens: int, output_tokens: int) -> Any:
        usage = genai_prices.Usage(input_tokens=input_tokens, output_tokens=output_tokens)
        return genai_prices.calc_price(usage, model, provider_id=provider, genai_request_timestamp=at)

    try:
        prices = ask(1, 1).model_price
    except LookupError:
        return None
    both = (prices.input_mtok, prices.output_mtok)
    version = f"genai-prices {genai_prices.__version__}"
    if all(price is None or isinstance(price, Decimal) for price in both):
        return _Rates(*both, None, version)
    return _Rates(None, None, lambda *tokens: Decimal(ask(*tokens).total_price), version)
