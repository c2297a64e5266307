"""The price book: what a model's tokens cost on a day. The prices are those that the library genai-prices bundles."""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache

from agentops_server.domain.clock import NS
from agentops_server.domain.event import Usage

_DAY_NS = 86_400 * NS
_CACHED_PRICES = 10_000


@dataclass(frozen=True, slots=True)
class Price:
    """The cost of one call, in US dollars, and the version of the book that says so."""

    amount: Decimal
    version: str


class PriceBook:
    """Finds prices. The library is loaded at the first question (0.3 s), or ahead of it by `load`."""

    def load(self) -> None:
        """Load the prices now."""
        _find("", None, 0, 0, 0)

    def find_price(self, model: str, usage: Usage, at_ns: int) -> Price | None:
        """The price of a call of this model with these tokens at this time; None when either is not known."""
        if not model or usage.input_tokens is None or usage.output_tokens is None:
            return None
        provider, _, name = model.rpartition("/")
        return _find(name, provider or None, at_ns // _DAY_NS, usage.input_tokens, usage.output_tokens) or (
            _find(model, None, at_ns // _DAY_NS, usage.input_tokens, usage.output_tokens) if provider else None
        )


@lru_cache(_CACHED_PRICES)
def _find(model: str, provider: str | None, day: int, input_tokens: int, output_tokens: int) -> Price | None:
    import genai_prices  # noqa: PLC0415 - slow to import, and not needed to start

    if not model:
        return None
    usage = genai_prices.Usage(input_tokens=input_tokens, output_tokens=output_tokens)
    at = datetime.fromtimestamp(day * _DAY_NS // NS, UTC)
    try:
        found = genai_prices.calc_price(usage, model, provider_id=provider, genai_request_timestamp=at)
    except LookupError:
        return None
    return Price(found.total_price, f"genai-prices {genai_prices.__version__}")
