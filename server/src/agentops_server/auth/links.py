"""Login links: a one-time code that signs a person in to the page without an API key."""

import secrets
from datetime import timedelta
from hashlib import sha256

from agentops_server.domain.clock import NS, now_ns
from agentops_server.domain.ids import ProjectId
from agentops_server.storage.control.login_code_rows import LoginCode
from agentops_server.storage.control.store import ControlStore

LIFETIME = timedelta(hours=24)
_CODE_BYTES = 32


class Links:
    """Makes login codes and takes them back, each once."""

    def __init__(self, control: ControlStore, lifetime: timedelta = LIFETIME) -> None:
        self._control = control
        self._lifetime_ns = int(lifetime.total_seconds()) * NS

    def create(self, project_id: ProjectId | None, at_ns: int | None = None) -> str:
        """A code for ``/auth/link/<code>``, stored as a hash only; raise `NotFound` without the project."""
        code = secrets.token_urlsafe(_CODE_BYTES)
        issued_ns = now_ns() if at_ns is None else at_ns
        self._control.add_login_code(_hash_code(code), project_id, issued_ns + self._lifetime_ns)
        return code

    def redeem(self, code: str, at_ns: int | None = None) -> LoginCode | None:
        """What a code opens; None if it was used before, has expired or never was one."""
        return self._control.redeem_login_code(_hash_code(code), now_ns() if at_ns is None else at_ns)


def _hash_code(code: str) -> bytes:
    return sha256(code.encode(errors="surrogatepass")).digest()
