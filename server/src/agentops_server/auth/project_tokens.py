"""Tokens of projects, which SDK 0.4 asks for and sends with its spans. They open what their API key opens."""

from datetime import timedelta
from uuid import UUID

from agentops_server.auth.keys import Keys
from agentops_server.auth.signing import INVALID, Signer
from agentops_server.domain.ids import KeyId, ProjectId
from agentops_server.domain.project import Principal
from agentops_server.errors import Unauthorized

SECRET_NAME = "project_tokens"  # noqa: S105 - the name of a secret
LIFETIME = timedelta(days=30)
_AUDIENCE = "agentops:project"


class ProjectTokens:
    """Issues and verifies them. They name the key that they were issued for, and never hold its text."""

    def __init__(self, secret: bytes, keys: Keys, lifetime: timedelta = LIFETIME) -> None:
        self._signer = Signer(secret, _AUDIENCE, lifetime)
        self._keys = keys

    def issue(self, principal: Principal, at_ns: int | None = None) -> str:
        """A token for who sent an API key, valid for the lifetime from `at_ns` (now) on."""
        return self._signer.sign({"project_id": str(principal.project_id), "key_id": str(principal.key_id)}, at_ns)

    def verify(self, token: str, at_ns: int | None = None) -> Principal:
        """Whose token it is.

        Raises:
            Unauthorized: It is not ours, or expired, or its key was revoked.
        """
        stated = self._signer.verify(token, at_ns)
        try:
            principal = Principal(ProjectId(UUID(stated["project_id"])), KeyId(UUID(stated["key_id"])))
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            raise Unauthorized(INVALID) from error
        self._keys.check(principal)
        return principal
