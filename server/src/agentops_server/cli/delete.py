"""``agentops-server delete``: sessions, or a whole project, through the running server or, where none runs, without."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast
from urllib.parse import quote
from uuid import UUID

import typer

from agentops_server.cli.asking import (
    DEFAULT_URL,
    ApiKeyOption,
    Asker,
    NotRunningError,
    ProjectOption,
    Url,
    make_asker,
)
from agentops_server.cli.keys import DEFAULT_DATA_DIR, DataDir
from agentops_server.domain.ids import ProjectId, SessionId
from agentops_server.errors import Invalid, NotFound

if TYPE_CHECKING:
    from agentops_server.http.services import Services

POLL_S = 1.0


def delete(
    session: Annotated[list[UUID] | None, typer.Option(help="A session to delete; may be repeated.")] = None,
    project: ProjectOption = None,
    api_key: ApiKeyOption = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before a whole project is deleted.")] = False,
    wait: Annotated[bool, typer.Option("--wait", help="Wait until nothing of it is left on the disk.")] = False,
    url: Url = DEFAULT_URL,
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> None:
    """Delete sessions of a project, or, where none is named, the project with all that it has. It cannot be undone."""
    if session:
        _delete_sessions(_Target(url, api_key, project, data_dir), [SessionId(each) for each in session], wait)
    elif project is not None:
        if not yes:
            typer.confirm(f"Delete the project {project!r} with all of its sessions and API keys?", abort=True)
        _delete_project(_Target(url, None, project, data_dir), project)
    else:
        raise Invalid("give --session to delete sessions, or --project to delete a whole project")


class _Target:
    """The running server, or its data directory where none runs."""

    def __init__(self, url: str, api_key: str | None, project: str | None, data_dir: Path) -> None:
        self.asker = make_asker(url, api_key, project, data_dir)
        self.project = project
        self._data_dir = data_dir

    def do(self, through: Callable[[Asker], Any], without: "Callable[[Services, ProjectId], Any]") -> Any:
        """Ask the server; if none runs, do it here."""
        try:
            return through(self.asker)
        except NotRunningError:
            if self.project is None:
                raise
            with _open_services(self._data_dir) as services:
                project = services.control.find_project(self.project)
                if project is None:
                    raise NotFound(f"There is no project {self.project!r}") from None
                return without(services, project.id)


def _delete_sessions(target: _Target, ids: list[SessionId], wait: bool) -> None:
    def through(asker: Asker) -> list[str]:
        answer = asker.ask("POST", "/v2/sessions/delete", {"session_ids": list(map(str, ids))})
        for each in answer["deleted"] if wait else ():
            while asker.ask("DELETE", f"/v2/sessions/{each['session_id']}")["purged_at"] is None:
                time.sleep(POLL_S)
        return [each["session_id"] for each in answer["deleted"]]

    def without(services: "Services", project_id: ProjectId) -> list[str]:
        services.deletion.delete_sessions(project_id, ids)
        stones = {each: services.control.find_tombstone(project_id, each) for each in ids}
        for each in (each for each, stone in stones.items() if stone and wait):
            while not cast("Any", services.control.find_tombstone(project_id, each)).purged_ns:
                time.sleep(POLL_S)
        return [str(each) for each, stone in stones.items() if stone]

    deleted = target.do(through, without)
    missing = [str(each) for each in ids if str(each) not in deleted]
    typer.echo(f"Deleted {len(deleted)} of {len(ids)} sessions.")
    if missing:
        raise NotFound(f"not in this project: {', '.join(missing)}")


def _delete_project(target: _Target, name: str) -> None:
    target.do(
        lambda asker: asker.ask("DELETE", f"/v2/project?confirm={quote(name)}"),
        lambda services, project_id: services.deletion.delete_project(project_id),
    )
    typer.echo(f"Deleted the project {name!r}.")


@contextmanager
def _open_services(data_dir: Path) -> "Iterator[Services]":
    from agentops_server.app import open_services  # noqa: PLC0415 - slow imports wait for the command that needs them
    from agentops_server.settings import Settings  # noqa: PLC0415

    with open_services(Settings(data_dir=data_dir)) as services:
        yield services
