"""Requests of the commands to a running server: with an API key, or with the secrets of its data directory."""

import http.client
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import typer

from agentops_server.domain.project import Principal
from agentops_server.errors import Invalid, NotFound, ServerError, Unavailable

DEFAULT_URL = "http://localhost:8765"
TIMEOUT_S = 300.0
KEY_HEADER = "X-Agentops-Api-Key"
BLOCK_BYTES = 1 << 20

Url = Annotated[str, typer.Option(envvar="AGENTOPS_API_ENDPOINT", help="The address of the running server.")]
ApiKeyOption = Annotated[
    str | None,
    typer.Option(envvar="AGENTOPS_API_KEY", help="An API key of the project; without one, give --project."),
]
ProjectOption = Annotated[
    str | None, typer.Option(help="The project's name; its access is taken from the server's --data-dir.")
]


class NotRunningError(Unavailable):
    """Nothing listens where the server should."""


@dataclass(frozen=True, slots=True)
class Asker:
    """Asks one server as one project."""

    url: str
    headers: dict[str, str]

    @contextmanager
    def open(
        self, method: str, path: str, body: bytes | Iterable[bytes] | None = None
    ) -> Iterator[http.client.HTTPResponse]:
        """The answer to a request, to be read while the context lasts.

        Raises:
            NotRunningError: Nothing listens there.
            ServerError: The server refuses; the message is its own.
        """
        connection = self._connect()
        try:
            chunked = body is not None and not isinstance(body, bytes)
            connection.request(method, path, body=body, headers=self.headers, encode_chunked=chunked)
            answer = connection.getresponse()
            if answer.status >= 300:
                raise ServerError(_message(answer))
            yield answer
        except ConnectionRefusedError:
            raise NotRunningError(f"no server answers at {self.url}: start it, or give --url") from None
        except (OSError, http.client.HTTPException) as error:
            raise Unavailable(f"the server at {self.url} broke off: {error!r}; try it again") from error
        finally:
            connection.close()

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """The JSON of an answer; raises as `open`."""
        with self.open(method, path, None if body is None else json.dumps(body).encode()) as answer:
            return json.loads(answer.read())

    def _connect(self) -> http.client.HTTPConnection:
        parts = urlsplit(self.url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise Invalid(f"{self.url!r} is not an address like {DEFAULT_URL}")
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        return kind(parts.hostname, parts.port, timeout=TIMEOUT_S)


def make_asker(url: str, api_key: str | None, project: str | None, data_dir: Path) -> Asker:
    """Who asks: a project named with the data directory stands above an API key, which may come from the environment.

    Raises:
        Invalid: Neither is given.
        NotFound: There is no such project, or no data directory.
    """
    if project is not None:
        return Asker(url, {"Cookie": _sign_in(data_dir, project)})
    if api_key is None:
        raise Invalid("give an API key with --api-key or AGENTOPS_API_KEY, or --project with the server's --data-dir")
    return Asker(url, {KEY_HEADER: api_key})


def _sign_in(data_dir: Path, project_name: str) -> str:
    """What a browser would send: whoever may read the data directory may do all that the page may."""
    from agentops_server.auth import cookies  # noqa: PLC0415 - slow imports wait for the command that needs them
    from agentops_server.auth.keys import Keys  # noqa: PLC0415
    from agentops_server.cli.keys import open_control_there  # noqa: PLC0415

    with open_control_there(data_dir) as control:
        project = control.find_project(project_name)
        if project is None:
            raise NotFound(f"There is no project {project_name!r} in {data_dir}")
        page = cookies.PageCookies(control.secret(cookies.SECRET_NAME), Keys(control))
        return f"{cookies.NAME}={page.issue(Principal(project.id, None))}"


def _message(answer: http.client.HTTPResponse) -> str:
    text = answer.read()
    try:
        return str(json.loads(text)["message"])
    except (ValueError, KeyError, TypeError):
        return f"the server answered {answer.status} {answer.reason}"
