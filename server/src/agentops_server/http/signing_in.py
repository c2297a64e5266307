"""Signing in to the page, and out."""

from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from agentops_server.auth import cookies
from agentops_server.domain.project import Principal
from agentops_server.errors import NotFound, Unauthorized
from agentops_server.http import views
from agentops_server.http.bodies import SignInBody
from agentops_server.http.credentials import authenticate_reader, refuse_other_pages
from agentops_server.http.openapi import answers, takes
from agentops_server.http.receiving import received
from agentops_server.http.responses import json_response
from agentops_server.http.services import Services, services_of
from agentops_server.wire.body import decode_body

router = APIRouter(prefix="/auth", tags=["page"])
MAX_BODY_BYTES = 10_000


class _SignIn(msgspec.Struct):
    api_key: str


@router.post("/sign_in", responses=answers(views.SignedInView), openapi_extra=takes(SignInBody))
async def sign_in(request: Request) -> Response:
    """Sign in with an API key: the cookie opens its project."""
    refuse_other_pages(request)
    async with received(request, services_of(request), MAX_BODY_BYTES) as data:
        body = decode_body(data, _SignIn)
    return await run_in_threadpool(_sign_in, request, body.api_key)


def _sign_in(request: Request, api_key: str) -> Response:
    services = services_of(request)
    principal = services.keys.authenticate(api_key)
    response = json_response(view_signed_in(services, principal))
    set_cookie(request, response, principal)
    return response


@router.get("/link/{code}", include_in_schema=False)
def follow_link(request: Request, code: str) -> Response:
    """Sign in with a one-time login link, as an operator: who has it reads what the server prints on its machine."""
    services = services_of(request)
    found = services.links.redeem(code)
    project_id = None if found is None else found.project_id
    if project_id is None:
        return RedirectResponse("/?link=expired", 303)
    response = RedirectResponse("/", 303)
    set_cookie(request, response, Principal(project_id, None, is_operator=True))
    return response


@router.get("/me", responses=answers(views.SignedInView))
def who_am_i(request: Request, reader: Annotated[Principal, Depends(authenticate_reader)]) -> Response:
    """The project that is signed in."""
    services = services_of(request)
    try:
        return json_response(view_signed_in(services, reader))
    except NotFound:
        raise Unauthorized("The project that was signed in is there no longer: sign in to another one") from None


@router.post("/sign_out", responses=answers())
def sign_out(request: Request) -> Response:
    """Forget the cookie."""
    response = json_response({"status": "Success"})
    response.delete_cookie(cookies.NAME, httponly=True, samesite="strict", secure=_is_https(request))
    return response


def view_signed_in(services: Services, principal: Principal) -> views.SignedInView:
    """Who is signed in; raise `NotFound` where the project is there no longer."""
    project = services.control.get_project(principal.project_id)
    return views.SignedInView(views.ProjectView(str(project.id), project.name), principal.is_operator)


def set_cookie(request: Request, response: Response, principal: Principal) -> None:
    """Let the answer bring the cookie that signs somebody in."""
    response.set_cookie(
        cookies.NAME,
        services_of(request).cookies.issue(principal),
        max_age=int(cookies.LIFETIME.total_seconds()),
        httponly=True,
        samesite="strict",
        secure=_is_https(request),
    )


def _is_https(request: Request) -> bool:
    return request.url.scheme == "https"
