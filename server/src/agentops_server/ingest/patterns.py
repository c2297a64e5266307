"""The shapes of what should not be stored, each under the name that the setting and the metrics know it by.

Repetitions have bounds and each shape begins with something rare, so that a text is gone through once.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pattern:
    """What to look for."""

    name: str
    shape: re.Pattern[str]
    likely: re.Pattern[str]
    """Is found, wherever the shape would be, also in JSON, where an escape like ``\\n`` may stand before it."""
    is_it: Callable[[str], bool] = lambda _: True
    """A closer look at what has the shape."""


def is_card_number(text: str) -> bool:
    """Whether the digits end with the right check digit (ISO/IEC 7812-1), and are not all 0."""
    digits = [int(character) for character in reversed(text) if character.isdigit()]
    doubled = sum(sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    return any(digits) and (sum(digits[::2]) + doubled) % 10 == 0


_API_KEYS = (
    r"sk-[A-Za-z0-9_-]{16,200}",  # OpenAI, Anthropic and others after them
    r"(?:sk|rk|whsec)_(?:live|test)_[A-Za-z0-9]{10,200}",  # Stripe
    r"gh[opsur]_[A-Za-z0-9]{20,255}|github_pat_[A-Za-z0-9_]{20,255}|glpat-[A-Za-z0-9_-]{16,100}",
    r"xox[abeoprs]-[A-Za-z0-9-]{10,200}",  # Slack
    r"AIza[A-Za-z0-9_-]{30,60}|ya29\.[A-Za-z0-9_-]{20,300}",  # Google
    r"(?:hf|gsk|r8)_[A-Za-z0-9]{20,200}|(?:xai|pplx)-[A-Za-z0-9]{20,200}",
    r"(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])",  # AWS
)

_JWT = r"eyJ[A-Za-z0-9_-]{8,4000}\.[A-Za-z0-9_-]{8,8000}\.[A-Za-z0-9_-]{0,2000}"
_EMAIL = r"[\w.+%-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}(?![\w-])"


def _pattern(
    name: str, shape: str, likely: str, before: str = "", is_it: Callable[[str], bool] = lambda _: True
) -> Pattern:
    """One whose shape may not follow some characters."""
    return Pattern(name, re.compile(f"(?<![{before}])(?:{shape})" if before else shape), re.compile(likely), is_it)


PATTERNS = {
    pattern.name: pattern
    for pattern in (
        _pattern("api_keys", "|".join(_API_KEYS), "|".join(_API_KEYS), "A-Za-z0-9"),
        _pattern("bearer_tokens", r"(?i:\bbearer)[ ]{1,4}[A-Za-z0-9._~+/-]{12,4000}=*", "(?i:bearer) "),
        _pattern("jwts", _JWT, "eyJ", "A-Za-z0-9_-"),
        _pattern("passwords_in_urls", r"(?<=://)[^\s/:@\"'<>\\]{0,100}:[^\s/@\"'<>\\]{1,200}(?=@)", "://"),
        _pattern("emails", _EMAIL, "@", r"\w.+%-"),
        _pattern("cards", r"\d(?:[ -]?\d){12,18}(?![\d.]?\d)", r"\d(?:[ -]?\d){12}", r"\d.", is_card_number),
    )
}
_SECRETS = ("api_keys", "bearer_tokens", "jwts", "passwords_in_urls")
GROUPS = {"secrets": _SECRETS, "all": tuple(PATTERNS)} | {name: (name,) for name in PATTERNS}
"""What a word of the setting stands for. `secrets`, `emails` and `cards` are the SDK's words for the same."""
