"""The command ``agentops-server``. Each subcommand is a module, and imports what is slow only when it runs."""

import sys
from typing import Annotated

import typer

from agentops_server import __version__
from agentops_server.cli import delete, export, import_, keys, migrate, prices, reprice, retention, serve, sessions
from agentops_server.errors import ServerError

app = typer.Typer(
    name="agentops-server",
    help="Agent observability that you run yourself.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.command(name="serve")(serve.serve)
app.command(name="migrate")(migrate.migrate)
app.add_typer(keys.app, name="keys")
app.add_typer(prices.app, name="prices")
app.command(name="reprice")(reprice.reprice)
app.command(name="sessions")(sessions.sessions)
app.command(name="export")(export.export)
app.command(name="import")(import_.import_)
app.command(name="delete")(delete.delete)
app.add_typer(retention.app, name="retention")


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"agentops-server {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    pass


def main() -> None:
    """Run the command; an error that we foresaw, or one of a file or disk, is one line on stderr and exit code 1."""
    try:
        app()
    except ServerError as error:
        typer.echo(f"agentops-server: {error.message}", err=True)
        sys.exit(1)
    except OSError as error:
        typer.echo(f"agentops-server: {error}", err=True)
        sys.exit(1)
