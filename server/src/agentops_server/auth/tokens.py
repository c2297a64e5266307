"""Tokens of sessions: each lets one process add to one session."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from agentops_server.auth.signing import INVALID, Signer
from agentops_server.domain.ids import KeyId, ParticipantId, ProjectId, SessionId
from agentops_server.domain.project import Principal
from agentops_server.errors import Unauthorized

SECRET_NAME = "session_tokens"  # noqa: S105 - the name of a secret
LIFETIME = timedelta(hours=24)
_AUDIENCE = "agentops:session"


@dataclass(frozen=True, slots=True)
class SessionClaims:
    """What a token says: which session it opens, for which process, and the key that it was issued for."""

    project_id: ProjectId
    session_id: SessionId
    participant_id: ParticipantId
    key_id: KeyId

    @property
    def principal(self) -> Principal:
        """Who asks, for `Keys.check`."""
        return Principal(project_id=self.project_id, key_id=self.key_id)


class SessionTokens:
    """Issues and verifies tokens. With the secret of the control store they stay valid over a restart."""

    def __init__(self, secret: bytes, lifetime: timedelta = LIFETIME) -> None:
        self._signer = Signer(secret, _AUDIENCE, lifetime)

    def issue(self, claims: SessionClaims, at_ns: int | None = None) -> str:
        """A token that is valid for the lifetime from `at_ns` (now) on."""
        stated = {
            "project_id": str(claims.project_id),
            "session_id": str(claims.session_id),
            "participant_id": str(claims.participant_id),
            "key_id": str(claims.key_id),
        }
        return self._signer.sign(stated, at_ns)

    def verify(self, token: str, at_ns: int | None = None) -> SessionClaims:
        """What a token says. Whether its key was revoked since, `Keys.check(claims.principal)` says.

        Raises:
            Unauthorized: ``Expired Token`` or ``Invalid Token``.
        """
        stated = self._signer.verify(token, at_ns)
        try:
            return SessionClaims(
                project_id=ProjectId(UUID(stated["project_id"])),
                session_id=SessionId(UUID(stated["session_id"])),
                participant_id=ParticipantId(UUID(stated["participant_id"])),
                key_id=KeyId(UUID(stated["key_id"])),
            )
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            raise Unauthorized(INVALID) from error
