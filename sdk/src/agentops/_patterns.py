"""The shapes of secrets. Each is anchored, so that a text is gone through once."""

from __future__ import annotations

import re

_KEYS = (
    r"sk-[A-Za-z0-9_-]{16,}",  # OpenAI, Anthropic, OpenRouter, DeepSeek
    r"(?:sk|rk|pk|whsec)_(?:live|test)_[A-Za-z0-9]{10,}",  # Stripe
    r"gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}",
    r"glpat-[A-Za-z0-9_-]{16,}",
    r"xox[abeoprs]-[A-Za-z0-9-]{10,}",  # Slack
    r"AIza[A-Za-z0-9_-]{30,}|ya29\.[A-Za-z0-9_-]{20,}",  # Google
    r"hf_[A-Za-z0-9]{20,}|gsk_[A-Za-z0-9]{20,}|xai-[A-Za-z0-9]{20,}|pplx-[A-Za-z0-9]{20,}|r8_[A-Za-z0-9]{20,}",
    r"npm_[A-Za-z0-9]{30,}|SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}|key-[0-9a-f]{32}",
)
_PRIVATE_KEY = "(?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?"
_SECRETS = re.compile(
    "|".join(
        (
            # One that was cut short counts too: its end may be missing.
            rf"(?P<private_key>-----BEGIN {_PRIVATE_KEY}-----[\s\S]*?(?:-----END {_PRIVATE_KEY}-----|\Z))",
            r"(?P<token>(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*)",
            r"(?P<bearer>(?i:\bbearer)\s{1,4}(?=[A-Za-z._~+/-]*[0-9])[A-Za-z0-9._~+/-]{12,}=*)",
            r"(?P<basic>(?i:\bauthorization[\"']?\s{0,2}[:=]\s{0,2}[\"']?basic)\s{1,4}[A-Za-z0-9+/=]{6,})",
            r"(?P<aws_key>(?<![A-Za-z0-9])(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9]))",
            r"(?P<aws_secret>(?i:aws_?secret_?(?:access_?)?key)[\"']?\s{0,4}[:=]\s{0,4}[\"']?[A-Za-z0-9/+]{40})",
            rf"(?P<api_key>(?<![A-Za-z0-9])(?:{'|'.join(_KEYS)}))",
            r"(?P<password>(?<=://)[^\s/:@\"'<>]{0,100}:[^\s/@\"'<>]{1,200}(?=@))",  # in a URL
        )
    )
)
_EMAIL = re.compile(r"(?<![\w.+%-])[\w.+%-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}(?![\w-])")
_CARD = re.compile(r"(?<![\d.])\d(?:[ -]?\d){12,18}(?![\d.]?\d)")

HIDDEN_NAMES = frozenset(
    (
        *("password", "passwd", "passphrase", "secret_key", "client_secret", "private_key", "aws_secret_access_key"),
        *("api_key", "apikey", "x_api_key", "access_token", "refresh_token", "id_token", "auth_token", "authorization"),
    )
)
"""Keys whose text is a secret whatever it looks like, in lower case and with `_` for `-`."""


def redact_secrets(text: str) -> str:
    """Private keys, tokens, API keys and passwords in URLs, each replaced by a marker that says which it was."""
    return _SECRETS.sub(lambda match: f"[redacted: {(match.lastgroup or '').replace('_', ' ')}]", text)


def redact_emails(text: str) -> str:
    """E-mail addresses."""
    return _EMAIL.sub("[redacted: e-mail]", text) if "@" in text else text


def redact_cards(text: str) -> str:
    """Numbers of payment cards: 13 to 19 digits, grouped or not, with the right check digit (ISO/IEC 7812-1)."""
    return _CARD.sub(lambda match: "[redacted: card]" if _is_card(match[0]) else match[0], text)


def _is_card(text: str) -> bool:
    digits = [int(character) for character in reversed(text) if character.isdigit()]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    return any(digits) and (sum(digits[::2]) + sum(doubled)) % 10 == 0
