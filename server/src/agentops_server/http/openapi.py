"""OpenAPI 3.1 of the routes, with the shapes of the views and of what ingest takes."""

from typing import Any

import msgspec
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from agentops_server import __version__
from agentops_server.http import key_views, overview_views, project_views, series_views, views
from agentops_server.http.views import ErrorView

_REF = "#/components/schemas/{name}"
_ERRORS = {
    400: "The request cannot be understood",
    401: "No valid credential",
    403: "A valid credential, but not one for this",
    404: "Not there, or another project's",
    413: "The body is too large",
    422: "A value is not one that can be meant",
    429: "Too much is waiting to be written; see Retry-After",
    503: "Storage did not take or give the data",
}


def answers(*shapes: type[msgspec.Struct]) -> dict[int | str, dict[str, Any]]:
    """The answers of a route: 200 with one of the shapes, and the errors."""
    found = [{"$ref": _REF.format(name=shape.__name__)} for shape in shapes]
    good: dict[str, Any] = {"schema": found[0] if len(found) == 1 else {"anyOf": found}} if found else {}
    error = {"schema": {"$ref": _REF.format(name=ErrorView.__name__)}}
    described: dict[int | str, dict[str, Any]] = {200: {"description": "OK", "content": {"application/json": good}}}
    for status, description in _ERRORS.items():
        described[status] = {"description": description, "content": {"application/json": error}}
    return described


def takes(shape: type[msgspec.Struct]) -> dict[str, Any]:
    """The ``openapi_extra`` of a route that decodes its own body."""
    schema = {"$ref": _REF.format(name=shape.__name__)}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def install_openapi(app: FastAPI, bodies: tuple[type[msgspec.Struct], ...]) -> None:
    """Let the application describe itself at ``/openapi.json``."""

    def describe() -> dict[str, Any]:
        if app.openapi_schema is None:
            schema = get_openapi(title="AgentOps", version=__version__, openapi_version="3.1.0", routes=app.routes)
            rooms = (views, overview_views, series_views, key_views, project_views)
            shapes = (*(shape for room in rooms for shape in room.SHAPES), *bodies)
            _, components = msgspec.json.schema_components(shapes, ref_template=_REF)
            schema.setdefault("components", {}).setdefault("schemas", {}).update(components)
            schema["components"]["securitySchemes"] = {
                "api_key": {"type": "apiKey", "in": "header", "name": "X-Agentops-Api-Key"},
                "token": {"type": "http", "scheme": "bearer"},
            }
            schema["security"] = [{"api_key": []}, {"token": []}]
            app.openapi_schema = schema
        return app.openapi_schema

    app.openapi = describe  # type: ignore[method-assign]
