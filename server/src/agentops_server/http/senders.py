"""Who sends spans. Exporters can set headers, and little else; so every header that can carry a credential is taken."""

from base64 import b64decode
from binascii import Error as Base64Error
from urllib.parse import unquote

from starlette.datastructures import Headers

from agentops_server.auth.keys import HEADER
from agentops_server.domain.clock import now_ns
from agentops_server.domain.ids import find_uuid
from agentops_server.domain.project import Principal
from agentops_server.errors import Unauthorized
from agentops_server.http.services import Services
from agentops_server.wire.otlp.origins import Sender

_HOW = f"send an API key as {HEADER}: <key> or as Authorization: Bearer <key>"


def authenticate_sender(services: Services, headers: Headers) -> Sender:
    """Who sends: by API key, by a project's token, or by a session's token, whose session then gets everything.

    Raises:
        Unauthorized: There is no credential, or none that is valid.
    """
    if HEADER in headers:
        return _sender(services.keys.authenticate(unquote(headers[HEADER])))
    # OTEL_EXPORTER_OTLP_HEADERS has its values percent-encoded, and not every exporter decodes them.
    authorization = unquote(headers.get("Authorization", "")).strip()
    if find_uuid(authorization) is not None:
        return _sender(services.keys.authenticate(authorization))
    scheme, _, text = authorization.partition(" ")
    text = text.strip()
    if scheme.lower() == "basic":
        return _sender(services.keys.authenticate(_find_key(text)))
    if scheme.lower() != "bearer" or not text:
        raise Unauthorized(f"No credential: {_HOW}")
    if find_uuid(text) is not None:
        return _sender(services.keys.authenticate(text))
    try:
        return _sender(services.project_tokens.verify(text))
    except Unauthorized:
        claims = services.tokens.verify(text)
    services.keys.check(claims.principal)
    return Sender(claims.project_id, now_ns(), claims.session_id, claims.participant_id)


def authenticate_bearer(services: Services, headers: Headers) -> Principal:
    """Whose project's token it is; raises `Unauthorized` without a valid one."""
    scheme, _, text = headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not text.strip():
        raise Unauthorized("No token: send the one that was issued for an API key as Authorization: Bearer <token>")
    return services.project_tokens.verify(text.strip())


def _sender(principal: Principal) -> Sender:
    return Sender(principal.project_id, now_ns())


def _find_key(encoded: str) -> str | None:
    """The API key in Basic credentials: the password, or the user's name."""
    try:
        user, _, password = b64decode(encoded, validate=True).decode().partition(":")
    except (Base64Error, ValueError):
        return None
    return password if find_uuid(password) is not None else user
