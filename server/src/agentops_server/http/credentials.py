"""Who asks, from the headers of a request. These block (they ask the control store): call them in a thread."""

from starlette.datastructures import Headers
from starlette.requests import Request

from agentops_server.auth import cookies
from agentops_server.auth.keys import HEADER
from agentops_server.auth.tokens import SessionClaims
from agentops_server.domain.project import Principal
from agentops_server.errors import Unauthorized
from agentops_server.http.services import Services, services_of

_SCHEME = "bearer "


def authenticate_key(services: Services, headers: Headers) -> Principal:
    """Who sent the API key; raises `Unauthorized` without a valid one."""
    return services.keys.authenticate(headers.get(HEADER))


def authenticate_token(services: Services, headers: Headers) -> SessionClaims:
    """The session that the token opens; raises `Unauthorized` without a valid one."""
    authorization = headers.get("Authorization", "")
    if not authorization.lower().startswith(_SCHEME):
        raise Unauthorized("Bearer Token is Missing: send the session's token as Authorization: Bearer <token>")
    claims = services.tokens.verify(authorization[len(_SCHEME) :].strip())
    services.keys.check(claims.principal)
    return claims


def authenticate_reader(request: Request) -> Principal:
    """Who reads: by API key, or by the page's cookie; raises `Unauthorized` without either."""
    services = services_of(request)
    if HEADER in request.headers:
        return services.keys.authenticate(request.headers[HEADER])
    value = request.cookies.get(cookies.NAME)
    if value is None:
        return services.keys.authenticate(None)
    return services.cookies.verify(value)
