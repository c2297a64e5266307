"""Service tiers: a provider's cheaper or faster ways to treat a request, as senders and the price library name them."""

from collections.abc import Mapping

from agentops_server.domain.price import ServiceTier

SERVICE_TIER = "service_tier"
"""The attribute of an event under which our own protocol keeps it."""
# What the answer says stands above what the request asked for.
_ATTRIBUTES = (
    SERVICE_TIER,
    "openai.response.service_tier",
    "gen_ai.openai.response.service_tier",
    "gen_ai.response.service_tier",
    "openai.request.service_tier",
    "gen_ai.openai.request.service_tier",
    "gen_ai.request.service_tier",
)
_SPELLINGS: dict[str, str] = {**{tier.value: tier.value for tier in ServiceTier}, "standard": ServiceTier.DEFAULT.value}
NEEDS_OWN_PRICES = frozenset(tier.value for tier in ServiceTier if tier is not ServiceTier.DEFAULT)
"""Tiers whose prices are not the usual ones: a model without prices for one of them has no known price there."""


def find_service_tier(attributes: Mapping[str, str]) -> str:
    """The `ServiceTier` that the attributes of an event name, or ""."""
    for name in _ATTRIBUTES:
        if (value := attributes.get(name)) is not None:
            return find_tier(value)
    return ""


def find_tier(word: str) -> str:
    """The `ServiceTier` that a word means, or ""."""
    return _SPELLINGS.get(word.lower(), "")


def context_of(tier: str) -> dict[str, str]:
    """The tier in the words of genai-prices, which has one for each provider's way to ask for it."""
    if tier == ServiceTier.BATCH:
        return {"processing": tier, "service_tier": tier}
    if tier == ServiceTier.FAST:
        return {"speed": tier, "service_tier": tier}
    return {"service_tier": tier} if tier else {}
