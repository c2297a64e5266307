"""Who asks, from the headers of a request. These block (they ask the control store): call them in a thread."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request

from agentops_server.auth import cookies
from agentops_server.auth.keys import HEADER
from agentops_server.auth.tokens import SessionClaims
from agentops_server.domain.project import Principal
from agentops_server.errors import Forbidden, Unauthorized
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
    """Who reads: by API key, or by the page's cookie.

    Raises:
        Unauthorized: There is neither, or not a valid one.
        Forbidden: Another page than ours would change something with the cookie.
    """
    services = services_of(request)
    if HEADER in request.headers:
        return services.keys.authenticate(request.headers[HEADER])
    value = request.cookies.get(cookies.NAME)
    if value is None:
        return services.keys.authenticate(None)
    refuse_other_pages(request)
    return services.cookies.verify(value)


def refuse_other_pages(request: Request) -> None:
    """Raise `Forbidden` for what another page lets a browser send that changes something.

    The cookie is for requests of the same site only; but every port of a machine is one site, whosever page it shows.
    """
    if request.method in {"GET", "HEAD"}:
        return
    relation = request.headers.get("Sec-Fetch-Site")
    if relation is None:  # an old browser, or an address that is neither encrypted nor local
        origin = request.headers.get("Origin")
        own = {request.headers.get("Host"), urlsplit(services_of(request).app_url or "").netloc} - {""}
        is_own = origin is None or urlsplit(origin).netloc in own  # of "null", which hides who it is, that is ""
    else:
        is_own = relation in {"same-origin", "none"}
    if not is_own:
        raise Forbidden("This was sent by a page of another address; only the page of this server may change something")
