"""The page's cookie: what keeps a person signed in to one project."""

from datetime import timedelta
from uuid import UUID

from agentops_server.auth.keys import Keys
from agentops_server.auth.signing import Signer
from agentops_server.domain.ids import KeyId, ProjectId
from agentops_server.domain.project import Principal
from agentops_server.errors import Unauthorized

NAME = "agentops_page"
SECRET_NAME = "page_cookies"  # noqa: S105 - the name of a secret
LIFETIME = timedelta(days=30)
_AUDIENCE = "agentops:page"
_OPERATOR = "operator"
_SIGN_IN = "Sign in with an API key, or open a login link of the server."


class PageCookies:
    """Issues and verifies the cookie's value."""

    def __init__(self, secret: bytes, keys: Keys, lifetime: timedelta = LIFETIME) -> None:
        self._signer = Signer(secret, _AUDIENCE, lifetime)
        self._keys = keys

    def issue(self, principal: Principal, at_ns: int | None = None) -> str:
        """A value that is valid for the lifetime from `at_ns` (now) on."""
        key_id = None if principal.key_id is None else str(principal.key_id)
        role = _OPERATOR if principal.is_operator else None
        return self._signer.sign({"project_id": str(principal.project_id), "key_id": key_id, "role": role}, at_ns)

    def verify(self, value: str | None, at_ns: int | None = None) -> Principal:
        """Who is signed in.

        Raises:
            Unauthorized: There is no cookie, it is not ours or expired, or the key that it was issued for was revoked.
        """
        if value is None:
            raise Unauthorized(f"Nobody is signed in. {_SIGN_IN}")
        try:
            stated = self._signer.verify(value, at_ns)
            key_id = None if stated["key_id"] is None else KeyId(UUID(stated["key_id"]))
            # Cookies of before there were operators have no role.
            is_operator = key_id is None and stated.get("role") == _OPERATOR
            principal = Principal(ProjectId(UUID(stated["project_id"])), key_id, is_operator)
            self._keys.check(principal)
        except (Unauthorized, KeyError, ValueError, TypeError, AttributeError) as error:
            raise Unauthorized(f"You are signed in no longer. {_SIGN_IN}") from error
        return principal
