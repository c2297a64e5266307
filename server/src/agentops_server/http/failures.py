"""Errors as JSON answers."""

import logging
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from agentops_server.errors import BadRequest, Invalid, NotFound, ServerError
from agentops_server.http.responses import json_response
from agentops_server.http.views import ErrorView

logger = logging.getLogger(__name__)


def render_error(request: Request, status: int, code: str, message: str, headers: dict[str, str]) -> Response:
    """The body that every error has."""
    view = ErrorView(message, code, request.url.path, request.state.request_id)
    return json_response(view, status, headers)


def _on_server_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, ServerError)  # noqa: S101 - registered for this class
    if error.status >= 500:
        logger.error("%s %s: %s", request.method, request.url.path, error.message, exc_info=error)
    return render_error(request, error.status, error.code, error.message, error.headers)


def _on_validation_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this class
    problems = "; ".join(f"{_field(problem)}: {problem['msg']}" for problem in error.errors())
    return render_error(request, Invalid.status, Invalid.code, problems, {})


def _field(problem: dict[str, Any]) -> str:
    return ".".join(str(part) for part in problem["loc"][1:])


def _on_http_exception(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class
    code = NotFound.code if error.status_code == NotFound.status else BadRequest.code
    message = f"{request.method} {request.url.path}: {error.detail}"
    return render_error(request, error.status_code, code, message, dict(error.headers or {}))


def _on_anything(request: Request, error: Exception) -> Response:
    """The one broad except of the server: what nobody foresaw is logged by the framework, and told without details."""
    message = f"internal error; the server's log has it under request {request.state.request_id}"
    logger.error("request %s: %s %s: %r", request.state.request_id, request.method, request.url.path, type(error))
    return render_error(request, ServerError.status, ServerError.code, message, {})


def install_failures(app: FastAPI) -> None:
    """Answer every error in the one form."""
    app.add_exception_handler(ServerError, _on_server_error)
    app.add_exception_handler(RequestValidationError, _on_validation_error)
    app.add_exception_handler(HTTPException, _on_http_exception)
    app.add_exception_handler(Exception, _on_anything)
