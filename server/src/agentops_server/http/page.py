"""The page and its files, and the API's own page."""

from pathlib import Path

from fastapi import APIRouter, FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.staticfiles import StaticFiles

from agentops_server import __version__
from agentops_server.domain.ids import find_uuid
from agentops_server.http.responses import json_response

router = APIRouter(include_in_schema=False)
# What fits into one packet gains nothing from compression.
LEAST_ZIPPED_BYTES = 1400

_API_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>AgentOps API</title>
<link rel="stylesheet" href="/static/docs/swagger-ui.css"><link rel="icon" href="/static/favicon.svg"></head>
<body><div id="swagger-ui"></div><script src="/static/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script></body></html>"""
_API_START = 'SwaggerUIBundle({ url: "/openapi.json", dom_id: "#swagger-ui", deepLinking: true });\n'


@router.get("/healthz")
def healthz() -> Response:
    """Whether the server accepts and answers; it listens only once everything is open."""
    return json_response({"status": "ok", "version": __version__})


@router.get("/drilldown")
def drilldown(session_id: str = "") -> Response:
    """The address of a session that old SDKs print."""
    found = find_uuid(session_id)
    return RedirectResponse("/" if found is None else f"/sessions/{found}")


@router.get("/docs")
def api_page() -> Response:
    """The API's description, readable."""
    return HTMLResponse(_API_PAGE)


@router.get("/docs/start.js")
def api_page_start() -> Response:
    """The script of the API's page; a file of its own, because inline scripts are not allowed."""
    return Response(_API_START, media_type="text/javascript")


@router.get("/")
@router.get("/sessions")
@router.get("/overview")
@router.get("/compare")
@router.get("/settings")
@router.get("/start")
@router.get("/sessions/{rest:path}")
def page(request: Request) -> Response:
    """The single page, whatever it will show; what it shows it asks for with a credential."""
    return FileResponse(request.app.state.page_files / "index.html", headers={"Cache-Control": "no-cache"})


def install_page(app: FastAPI, files: Path) -> None:
    """Serve the built bundle."""
    app.state.page_files = files
    app.include_router(router)
    app.mount("/static", GZipMiddleware(StaticFiles(directory=files), minimum_size=LEAST_ZIPPED_BYTES))
    assets = StaticFiles(directory=files / "assets", check_dir=False)
    app.mount("/assets", GZipMiddleware(assets, minimum_size=LEAST_ZIPPED_BYTES))
