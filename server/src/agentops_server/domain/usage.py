"""One form for the token counts that clients report in many: several spellings, with and without the caches.

The rules, and where they come from:

1. `input_tokens` has the cached tokens in it, as OpenTelemetry's GenAI conventions ask since 1.40. A client that counts
   them apart (Anthropic's API, older SDKs) has `basis` exclusive, and they are added. Where nobody says which, a cache
   larger than the input, or a total that only adds up with the caches beside it, shows that they were counted apart.
2. Several spellings of one count are the same count told twice: the largest stands, they are never added.
3. `output_tokens` has the reasoning tokens in it. Reasoning larger than the output, or a total that only adds up
   with it beside, was counted apart (by Google's API) and is added.
"""

from collections.abc import Iterable
from functools import lru_cache

from agentops_server.domain.event import Bucket, Usage

INCLUSIVE = "inclusive"
EXCLUSIVE = "exclusive"

_INPUT, _OUTPUT, _TOTAL, _WRITE_5M = "input", "output", "total", "cache_write_5m"
_SIMPLE = frozenset((_INPUT, _OUTPUT))
_WHOLES = {_INPUT, _OUTPUT, _TOTAL}

# Longest first: `gen_ai.usage.details.` before `gen_ai.usage.`.
_PREFIXES = (
    "langfuse.observation.usage_details.",
    "gen_ai.usage.details.",
    "llm.token_count.",
    "usage_details.",
    "gen_ai.usage.",
    "llm.usage.",
    "ai.usage.",
    "usage.",
)

# Spellings without their prefix, of: OpenTelemetry GenAI (all generations), OpenInference, OpenLLMetry, AgentOps,
# Langfuse, the Vercel AI SDK, Pydantic AI, and the APIs of OpenAI, Anthropic, Google and Bedrock.
_SPELLINGS: dict[str, tuple[str, ...]] = {
    _INPUT: ("input_tokens", "prompt_tokens", "inputTokens", "promptTokens", "prompt", "input", "prompt_token_count"),
    _OUTPUT: (
        "output_tokens",
        "completion_tokens",
        "outputTokens",
        "completionTokens",
        "completion",
        "output",
        "candidates_token_count",
    ),
    _TOTAL: ("total_tokens", "totalTokens", "total", "total_token_count"),
    Bucket.CACHE_READ: (
        "cache_read",
        "cache_read.input_tokens",
        "cache_read_input_tokens",
        "cache_read_tokens",
        "cached_tokens",
        "cached_input_tokens",
        "input_cached_tokens",
        "cachedInputTokens",
        "cachedPromptTokens",
        "cacheReadInputTokens",
        "cached_content_token_count",
        "prompt_details.cache_read",
        "prompt_tokens_details.cached_tokens",
        "input_tokens_details.cached_tokens",
        "input_token_details.cache_read",
    ),
    Bucket.CACHE_WRITE: (
        "cache_write",
        "cache_write.input_tokens",
        "cache_creation.input_tokens",
        "cache_creation_input_tokens",
        "cache_write_input_tokens",
        "cache_write_tokens",
        "input_cache_creation",
        "cacheWriteInputTokens",
        "prompt_details.cache_write",
        "input_token_details.cache_creation",
    ),
    _WRITE_5M: (
        "cache_write_5m",
        "cache_write_5m_input_tokens",
        "input_cache_creation_5m",
        "ephemeral_5m_input_tokens",
        "cache_creation.ephemeral_5m_input_tokens",
    ),
    Bucket.CACHE_WRITE_1H: (
        "cache_write_1h",
        "cache_write_1h_input_tokens",
        "input_cache_creation_1h",
        "ephemeral_1h_input_tokens",
        "cache_creation.ephemeral_1h_input_tokens",
    ),
    Bucket.REASONING: (
        "reasoning",
        "reasoning.output_tokens",
        "reasoning_output_tokens",
        "reasoning_tokens",
        "output_reasoning_tokens",
        "reasoningTokens",
        "thoughts_token_count",
        "completion_details.reasoning",
        "completion_tokens_details.reasoning_tokens",
        "output_tokens_details.reasoning_tokens",
        "output_token_details.reasoning",
    ),
    Bucket.AUDIO_INPUT: (
        "audio_input",
        "audio.input_tokens",
        "audio_input_tokens",
        "input_audio_tokens",
        "input_audio",
        "prompt_details.audio",
        "prompt_tokens_details.audio_tokens",
    ),
    Bucket.AUDIO_OUTPUT: (
        "audio_output",
        "audio.output_tokens",
        "audio_output_tokens",
        "output_audio_tokens",
        "output_audio",
        "completion_details.audio",
        "completion_tokens_details.audio_tokens",
    ),
    Bucket.CACHED_AUDIO: ("cached_audio", "cached_audio_input_tokens", "cache_audio_read_tokens"),
    Bucket.IMAGE_INPUT: ("image_input", "image.input_tokens", "image_input_tokens", "input_image_tokens"),
    Bucket.IMAGE_OUTPUT: ("image_output", "image.output_tokens", "image_output_tokens", "output_image_tokens"),
    Bucket.REQUESTS: ("requests",),
    Bucket.WEB_SEARCHES: ("web_searches", "web_search_requests", "server_tool_use.web_search_requests"),
}
_LONGEST_NAME = 100
_REMEMBERED_NAMES = 1000
_NAMES = {spelling: name for name, spellings in _SPELLINGS.items() for spelling in spellings}


def find_count_name(attribute: str) -> str | None:
    """Which count an attribute or key means, or None for what is no token count.

    Args:
        attribute: A spelling of `_SPELLINGS`, alone or behind a prefix such as ``gen_ai.usage.``.

    Returns:
        ``input``, ``output``, ``total``, ``cache_write_5m`` or a `Bucket`.
    """
    return _look_up(attribute) if len(attribute) <= _LONGEST_NAME else None


@lru_cache(_REMEMBERED_NAMES)
def _look_up(attribute: str) -> str | None:
    for prefix in _PREFIXES:
        if attribute.startswith(prefix):
            return _NAMES.get(attribute[len(prefix) :])
    return _NAMES.get(attribute)


def normalise_usage(counts: Iterable[tuple[str, int]], basis: str = "") -> Usage:
    """The usage of one call.

    Args:
        counts: Name and number of each count that was reported, in any order and as often as it was: names as
            `find_count_name` knows them, whole attribute names too. Names that it does not know are left out.
            Every number is 0 or more.
        basis: How the client counts, where its dialect tells: `INCLUSIVE`, `EXCLUSIVE` or "".

    Returns:
        Input inclusive of all caches, output of reasoning; a count that nobody reported is None, or follows from the
        total. No part is larger than the whole that it is a part of.
    """
    told: dict[str, int] = {}
    for attribute, number in counts:
        if (name := find_count_name(attribute)) is not None:
            told[name] = max(number, told.get(name, 0))
    if told.keys() <= _SIMPLE:
        return Usage(told.get(_INPUT), told.get(_OUTPUT), {}, basis)  # as of most calls
    buckets = _buckets(told)
    cached = buckets.get(Bucket.CACHE_READ, 0) + buckets.get(Bucket.CACHE_WRITE, 0)
    reasoning = buckets.get(Bucket.REASONING, 0)
    found = _Counts(told.get(_INPUT), told.get(_OUTPUT), told.get(_TOTAL))
    basis = found.basis(cached, reasoning, basis)
    if found.input is not None and basis == EXCLUSIVE:
        found.input += cached
    if found.output is not None and found.counts_apart(found.output, reasoning):
        found.output += reasoning
    found.complete()
    if found.input is not None and cached > found.input:  # what the total tells was without the caches
        found.input, basis = found.input + cached, EXCLUSIVE
    return Usage(found.input, found.output, _bounded(buckets, found), basis)


class _Counts:
    """Input, output and total while they are sorted out."""

    def __init__(self, input_tokens: int | None, output_tokens: int | None, total: int | None) -> None:
        self.input = input_tokens
        self.output = output_tokens
        self.total = total

    def basis(self, cached: int, reasoning: int, told: str) -> str:
        """`EXCLUSIVE` where the numbers prove it, else what was told."""
        if not cached or self.input is None:
            return told
        if cached > self.input:
            return EXCLUSIVE
        if told or self.total is None or self.output is None:
            return told
        sums = (self.input + self.output, self.input + self.output + reasoning)
        if self.total in sums:
            return INCLUSIVE
        return EXCLUSIVE if self.total - cached in sums else told

    def counts_apart(self, whole: int, part: int) -> bool:
        """Whether the part of the output, which must have been fitted to the input before, is not in the whole."""
        if part > whole:
            return True
        return (
            part > 0 and self.total is not None and self.input is not None and self.total == self.input + whole + part
        )

    def complete(self) -> None:
        """What the total and the other count tell."""
        if self.total is None:
            return
        if self.input is None and self.output is not None and self.total >= self.output:
            self.input = self.total - self.output
        elif self.output is None and self.input is not None and self.total >= self.input:
            self.output = self.total - self.input


def _buckets(told: dict[str, int]) -> dict[str, int]:
    if told.keys() <= _WHOLES:
        return {}
    buckets = {bucket.value: told[bucket] for bucket in Bucket if bucket in told}
    by_lifetime = told.get(_WRITE_5M, 0) + told.get(Bucket.CACHE_WRITE_1H, 0)
    if by_lifetime > buckets.get(Bucket.CACHE_WRITE, 0):
        buckets[Bucket.CACHE_WRITE] = by_lifetime
    return {name: number for name, number in buckets.items() if number or name == Bucket.REQUESTS}


# Part and whole; a part that is larger than its whole is a fault of the sender, and would make other parts negative.
_PARTS = (
    (Bucket.AUDIO_INPUT, _INPUT),
    (Bucket.IMAGE_INPUT, _INPUT),
    (Bucket.CACHED_AUDIO, Bucket.AUDIO_INPUT),
    (Bucket.CACHED_AUDIO, Bucket.CACHE_READ),
    (Bucket.CACHE_WRITE_1H, Bucket.CACHE_WRITE),
    (Bucket.REASONING, _OUTPUT),
    (Bucket.AUDIO_OUTPUT, _OUTPUT),
    (Bucket.IMAGE_OUTPUT, _OUTPUT),
)


def _bounded(buckets: dict[str, int], found: _Counts) -> dict[str, int]:
    if not buckets:
        return buckets
    wholes = {_INPUT: found.input, _OUTPUT: found.output}
    for part, whole in _PARTS:
        limit = wholes[whole] if whole in wholes else buckets.get(whole, 0)
        if limit is not None and buckets.get(part, 0) > limit:
            buckets[part] = limit
    return buckets
