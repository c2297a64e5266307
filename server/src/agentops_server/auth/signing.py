"""Signed claims that expire: JSON Web Tokens, HMAC with SHA-256 (RFC 7519)."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import jwt

from agentops_server.domain.clock import NS, now_ns
from agentops_server.errors import Unauthorized

_ALGORITHM = "HS256"
_OPTIONS: Any = {
    "require": ["aud", "exp", "iat"],
    # Times are compared here, with the time that the caller gives, and not with the library's own clock.
    "verify_exp": False,
    "verify_iat": False,
    "verify_nbf": False,
}

# The words that SDKs 0.2 and 0.3 know and log.
EXPIRED = "Expired Token"
INVALID = "Invalid Token"


class Signer:
    """Signs claims for one audience and one lifetime; what it signs opens nothing for another audience."""

    def __init__(self, secret: bytes, audience: str, lifetime: timedelta) -> None:
        self._secret = secret
        self._audience = audience
        self._lifetime_s = int(lifetime.total_seconds())

    def sign(self, claims: Mapping[str, str | None], at_ns: int | None = None) -> str:
        """A token with these claims that expires a lifetime after `at_ns` (now)."""
        issued_s = (now_ns() if at_ns is None else at_ns) // NS
        stamps = {"aud": self._audience, "iat": issued_s, "exp": issued_s + self._lifetime_s}
        return jwt.encode({**claims, **stamps}, self._secret, algorithm=_ALGORITHM)

    def verify(self, token: str, at_ns: int | None = None) -> dict[str, Any]:
        """The claims of a token that this signer's secret signed for this audience and that is still valid.

        Raises:
            Unauthorized: ``Expired Token`` or ``Invalid Token``.
        """
        try:
            claims: dict[str, Any] = jwt.decode(
                token, self._secret, algorithms=[_ALGORITHM], audience=self._audience, options=_OPTIONS
            )
        # Anyone can send a token: text that is no UTF-8 raises other errors, and so does deep JSON in older PyJWTs.
        except (jwt.PyJWTError, ValueError, RecursionError) as error:
            raise Unauthorized(INVALID) from error
        if not isinstance(claims["exp"], int):
            raise Unauthorized(INVALID)
        if (now_ns() if at_ns is None else at_ns) >= claims["exp"] * NS:
            raise Unauthorized(EXPIRED)
        return claims
