"""``agentops-server serve``: the whole server, in this process."""

import logging
import os
import signal
import socket
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agentops_server.cli.keys import DEFAULT_DATA_DIR, DataDir
from agentops_server.cli.memory import spare_the_collector
from agentops_server.errors import Unavailable

if TYPE_CHECKING:
    from agentops_server.http.services import Services
    from agentops_server.settings import Settings

BACKLOG = 2048
SHUTDOWN_TIMEOUT_S = 10


def serve(
    host: Annotated[str, typer.Option(help="The address to listen on; 0.0.0.0 for all.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 takes a free one.")] = 8765,
    data_dir: DataDir = DEFAULT_DATA_DIR,
    log_level: Annotated[str, typer.Option(help="debug, info, warning or error.")] = "warning",
    grpc_port: Annotated[
        int | None,
        typer.Option(
            min=0,
            max=65535,
            help="Take OTLP over gRPC too, on this port, usually 4317. Needs agentops-server[grpc].",
        ),
    ] = None,
) -> None:
    """Start the server. The first start creates everything that it needs."""
    # The imports take half a second: after the port is known to be free, and not for the other commands.
    listener = _listen(host, port)
    from agentops_server.app import build_app, open_services  # noqa: PLC0415
    from agentops_server.http import otlp_grpc  # noqa: PLC0415

    logging.basicConfig(level=log_level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    settings = read_settings(data_dir)
    url = _url(host, listener.getsockname()[1])
    with ExitStack() as opened:
        services = opened.enter_context(open_services(settings))
        server = _build_server(build_app(services), log_level)
        lines = _announce(services, settings.app_url or url, settings.init_project, data_dir)
        if (wanted := settings.grpc_port if grpc_port is None else grpc_port) is not None:
            taken = opened.enter_context(otlp_grpc.open_port(services, host, wanted))
            lines.append(f"  Send OTLP by gRPC   {_url(host, taken)}")
        server.announcement = "\n".join(lines)
        _let_signals_end_it()
        spare_the_collector()
        server.run(sockets=[listener])


def read_settings(data_dir: Path) -> "Settings":
    """The settings, with the data directory that an option gave.

    Raises:
        Unavailable: One of them cannot be meant; the message names its environment variable.
    """
    from pydantic import ValidationError  # noqa: PLC0415

    from agentops_server.settings import Settings  # noqa: PLC0415

    try:
        return Settings(data_dir=data_dir)
    except ValidationError as error:
        raise Unavailable(_explain(error.errors())) from None


def _let_signals_end_it() -> None:
    """Let SIGINT and SIGTERM end the server in order, with exit code 0.

    The framework handles them while it runs and raises them again when it is done; by default that would end the
    process before the services are closed.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: None)


def _build_server(app: Any, log_level: str) -> Any:
    import uvicorn  # noqa: PLC0415

    class Server(uvicorn.Server):
        """Says where it is once it answers."""

        announcement = ""

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                typer.echo(self.announcement)

        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            app.state.services.live.close()  # a stream that never ends would hold it up
            await super().shutdown(sockets)

    config = uvicorn.Config(
        app,
        log_level=log_level,
        access_log=log_level == "debug",
        workers=1,
        lifespan="off",
        server_header=False,
        timeout_graceful_shutdown=SHUTDOWN_TIMEOUT_S,
    )
    return Server(config)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG, reuse_port=False)
    except OSError as error:
        problem = f"cannot listen on {host}:{port}: {os.strerror(error.errno or 0)}"
        raise Unavailable(f"{problem}; choose another --port or --host") from None


def _url(host: str, port: int) -> str:
    name = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104 - compared, not bound
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"


def _announce(services: "Services", url: str, project_name: str, data_dir: Path) -> list[str]:
    project = services.control.ensure_project(project_name)
    link = f"{url}/auth/link/{services.links.create(project.id)}"
    return [
        f"AgentOps is ready at {url}",
        f"  Sign in once with   {link}",
        f"  Make an API key     agentops-server keys create --project {project.name} --data-dir {data_dir}",
        f"  Read the API        {url}/docs",
    ]


def _explain(problems: Any) -> str:
    """Settings that cannot be meant, by their environment variables, without their values."""
    words = (f"AGENTOPS_{'_'.join(map(str, problem['loc'])).upper()}: {problem['msg']}" for problem in problems)
    return "; ".join(words)
