"""What a call costs by a set of prices: pure arithmetic, exact, in whole numbers of the 24th decimal place."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from decimal import Context, Decimal

from agentops_server.domain.event import Bucket, Usage
from agentops_server.domain.money import DIGITS_AFTER_POINT
from agentops_server.domain.price import INPUT, OUTPUT, PER_THOUSAND, PriceTier

# A price per million with 18 digits after the point, which is the finest that the price book has, is whole at 24.
_DIGITS = 24
_ROUND = 10 ** (_DIGITS - DIGITS_AFTER_POINT)
_EXACT = Context(prec=60)
_CACHE_READ, _CACHE_WRITE, _CACHE_WRITE_1H = map(str, (Bucket.CACHE_READ, Bucket.CACHE_WRITE, Bucket.CACHE_WRITE_1H))
_AUDIO_INPUT, _IMAGE_INPUT, _CACHED_AUDIO = map(str, (Bucket.AUDIO_INPUT, Bucket.IMAGE_INPUT, Bucket.CACHED_AUDIO))
_AUDIO_OUTPUT, _IMAGE_OUTPUT, _REASONING = map(str, (Bucket.AUDIO_OUTPUT, Bucket.IMAGE_OUTPUT, Bucket.REASONING))
_REQUESTS, _WEB_SEARCHES = map(str, (Bucket.REQUESTS, Bucket.WEB_SEARCHES))
# What a unit costs where it has no price of its own: the price of the whole that it is a part of.
_INSTEAD = {
    _CACHE_READ: (INPUT,),
    _CACHE_WRITE: (INPUT,),
    _CACHE_WRITE_1H: (_CACHE_WRITE, INPUT),
    _AUDIO_INPUT: (INPUT,),
    _IMAGE_INPUT: (INPUT,),
    _CACHED_AUDIO: (_CACHE_READ, _AUDIO_INPUT, INPUT),
    _REASONING: (OUTPUT,),
    _AUDIO_OUTPUT: (OUTPUT,),
    _IMAGE_OUTPUT: (OUTPUT,),
}


class Rates:
    """The prices of one model at one time, ready to multiply."""

    __slots__ = ("_tables", "_thresholds")

    def __init__(self, prices: Mapping[str, Decimal], tiers: Sequence[PriceTier] = ()) -> None:
        """Prepare the prices.

        Args:
            prices: US dollars per million tokens, or per thousand requests or searches, by unit.
            tiers: By rising length of the input; each changes the prices of the whole call.
        """
        steps = [dict(prices)]
        for tier in tiers:
            steps.append({**steps[-1], **tier.prices})
        self._thresholds = [tier.above_input_tokens for tier in tiers]
        self._tables = [_table(step) for step in steps]

    @property
    def price_anything(self) -> bool:
        """Whether any call of the model can be priced at all."""
        return not {INPUT, OUTPUT, _REQUESTS}.isdisjoint(self._tables[0])

    def price(self, usage: Usage) -> Decimal | None:
        """The cost in US dollars, to 18 digits after the point; None where a count or the price of one is not known."""
        table = self._tables[0]
        if self._thresholds:
            table = self._tables[bisect_left(self._thresholds, usage.input_tokens or 0)]
        # What has no price needs no count: embeddings have no output.
        if (input_tokens := usage.input_tokens) is None and INPUT in table:
            return None
        if (output_tokens := usage.output_tokens) is None and OUTPUT in table:
            return None
        if usage.buckets:
            total = table.get(_REQUESTS, 0) * usage.buckets.get(_REQUESTS, 1)
            parts = split_usage(input_tokens or 0, output_tokens or 0, usage.buckets)
        else:
            total = table.get(_REQUESTS, 0)
            parts = ((INPUT, input_tokens or 0), (OUTPUT, output_tokens or 0))
        for unit, number in parts:
            if number:
                if (rate := table.get(unit)) is None:
                    return None
                total += number * rate
        return _EXACT.scaleb(Decimal((total + _ROUND // 2) // _ROUND), -DIGITS_AFTER_POINT)


def split_usage(input_tokens: int, output_tokens: int, buckets: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    """The tokens by what they cost, each token once.

    Returns:
        Units and numbers, none negative. Those of the input add up to it, and those of the output. Parts that cannot
        all be apart overlap as much as they must: audio with what was read from a cache, then images.
    """
    get = buckets.get
    read = min(get(_CACHE_READ, 0), input_tokens)
    written = min(get(_CACHE_WRITE, 0), input_tokens - read)
    plain = input_tokens - read - written
    audio = get(_AUDIO_INPUT, 0)
    cached_audio = min(audio, read, max(get(_CACHED_AUDIO, 0), audio - plain))
    audio = min(audio - cached_audio, plain)
    image = min(get(_IMAGE_INPUT, 0), plain - audio)
    hour = min(get(_CACHE_WRITE_1H, 0), written)
    spoken = min(get(_AUDIO_OUTPUT, 0), output_tokens)
    drawn = min(get(_IMAGE_OUTPUT, 0), output_tokens - spoken)
    thought = min(get(_REASONING, 0), output_tokens - spoken - drawn)
    return (
        (INPUT, plain - audio - image),
        (_AUDIO_INPUT, audio),
        (_IMAGE_INPUT, image),
        (_CACHED_AUDIO, cached_audio),
        (_CACHE_READ, read - cached_audio),
        (_CACHE_WRITE, written - hour),
        (_CACHE_WRITE_1H, hour),
        (OUTPUT, output_tokens - spoken - drawn - thought),
        (_AUDIO_OUTPUT, spoken),
        (_IMAGE_OUTPUT, drawn),
        (_REASONING, thought),
        (_WEB_SEARCHES, get(_WEB_SEARCHES, 0)),
    )


def _table(prices: Mapping[str, Decimal]) -> dict[str, int]:
    every = dict(prices)
    for unit, others in _INSTEAD.items():
        found = next((prices[other] for other in (unit, *others) if other in prices), None)
        if found is not None:
            every[unit] = found
    return {unit: _whole(price, unit in PER_THOUSAND) for unit, price in every.items()}


def _whole(price: Decimal, is_per_thousand: bool) -> int:
    return int(_EXACT.scaleb(price, _DIGITS - (3 if is_per_thousand else 6)).to_integral_value())
