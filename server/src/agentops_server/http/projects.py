"""The projects of the server: an operator sees all of them and makes new ones; an API key opens its own."""

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from agentops_server.domain.clock import encode_time
from agentops_server.domain.ids import ProjectId, find_uuid
from agentops_server.domain.project import Principal, Project
from agentops_server.errors import Forbidden, Invalid, NotFound
from agentops_server.http import project_views as views
from agentops_server.http.credentials import authenticate_reader
from agentops_server.http.keys import view_key
from agentops_server.http.openapi import answers, takes
from agentops_server.http.receiving import received
from agentops_server.http.responses import json_response
from agentops_server.http.services import Services, services_of
from agentops_server.http.signing_in import set_cookie, view_signed_in
from agentops_server.http.views import SignedInView
from agentops_server.storage.control.names import clean_name
from agentops_server.wire.body import decode_body

router = APIRouter(tags=["projects"])

Reader = Annotated[Principal, Depends(authenticate_reader)]
MAX_BODY_BYTES = 10_000
FIRST_KEY = "first key"


def _require_operator(reader: Reader) -> Principal:
    if not reader.is_operator:
        raise Forbidden(
            "An API key opens its own project only. Open the link that `agentops-server serve` prints, or use "
            "`agentops-server keys create --project NAME` on the machine of the server."
        )
    return reader


Operator = Annotated[Principal, Depends(_require_operator)]


@router.get("/v2/projects", responses=answers(views.ProjectsView))
def list_projects(request: Request, reader: Reader) -> Response:
    """The projects that the reader may open: for an operator all, else the one of the API key."""
    services = services_of(request)
    if reader.is_operator:
        found = services.control.list_projects()
    else:
        found = [services.control.get_project(reader.project_id)]
    return json_response(views.ProjectsView([_view(services, each, reader) for each in found], reader.is_operator))


@router.post("/v2/projects", responses=answers(views.NewProjectView), openapi_extra=takes(views.ProjectBody))
async def create_project(request: Request, reader: Operator) -> Response:
    """A new project and its first API key, which the answer shows this once. Operators only."""
    services = services_of(request)
    name = await _receive_name(request, services)
    return await run_in_threadpool(_create, services, reader, name)


def _create(services: Services, reader: Principal, name: str) -> Response:
    project = services.control.create_project(name)
    key, text = services.keys.add(project.id, FIRST_KEY)
    return json_response(views.NewProjectView(_view(services, project, reader), text, view_key(key, reader)))


@router.put(
    "/v2/projects/{project_id}", responses=answers(views.ListedProjectView), openapi_extra=takes(views.ProjectBody)
)
async def rename_project(request: Request, reader: Operator, project_id: str) -> Response:
    """Give a project another name. Its keys and all that it has stay. Operators only."""
    services = services_of(request)
    name = await _receive_name(request, services)
    return await run_in_threadpool(_rename, services, reader, _decode_id(project_id), name)


def _rename(services: Services, reader: Principal, project_id: ProjectId, name: str) -> Response:
    project = services.control.get_project(project_id)
    if _is_fixed(services, project) and clean_name(name) != project.name:
        raise Invalid(
            f"AGENTOPS_INIT_PROJECT names the project {project.name!r}, so that the server would make it anew when it "
            "starts: set that to another name first"
        )
    return json_response(_view(services, services.control.rename_project(project.id, name), reader))


@router.post("/auth/project", responses=answers(SignedInView), openapi_extra=takes(views.ChosenProjectBody))
async def choose_project(request: Request, reader: Operator) -> Response:
    """Show another project from now on: the answer brings the cookie for it. Operators only."""
    services = services_of(request)
    async with received(request, services, MAX_BODY_BYTES) as data:
        project_id = _decode_id(decode_body(data, views.ChosenProjectBody).project_id)
    return await run_in_threadpool(_choose, request, services, Principal(project_id, None, reader.is_operator))


def _choose(request: Request, services: Services, chosen: Principal) -> Response:
    response = json_response(view_signed_in(services, chosen))
    set_cookie(request, response, chosen)
    return response


async def _receive_name(request: Request, services: Services) -> str:
    async with received(request, services, MAX_BODY_BYTES) as data:
        return clean_name(decode_body(data, views.ProjectBody).name)


def _decode_id(text: str) -> ProjectId:
    if (found := find_uuid(text)) is None:
        raise NotFound("There is no such project")
    return ProjectId(found)


def _is_fixed(services: Services, project: Project) -> bool:
    return project.name == clean_name(services.init_project)


def _view(services: Services, project: Project, reader: Principal) -> views.ListedProjectView:
    return views.ListedProjectView(
        id=str(project.id),
        name=project.name,
        created_at=encode_time(project.created_ns),
        is_own=project.id == reader.project_id,
        is_fixed=_is_fixed(services, project),
    )
