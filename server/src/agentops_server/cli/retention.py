"""``agentops-server retention``: for how long a project keeps what it has."""

from pathlib import Path
from typing import Annotated

import typer

from agentops_server.cli.keys import DEFAULT_DATA_DIR, DataDir, align, open_control_there
from agentops_server.domain.retention import Retention
from agentops_server.errors import Invalid, NotFound

app = typer.Typer(help="Show and set for how long data is kept.", no_args_is_help=True, rich_markup_mode=None)
_COLUMNS = ("project", "payloads", "facts")


@app.command()
def show(data_dir: DataDir = DEFAULT_DATA_DIR) -> None:
    """Show for how long each project keeps payloads and facts."""
    with open_control_there(data_dir) as control:
        policies = [(project.name, control.get_retention(project.id)) for project in control.list_projects()]
    rows = [(name, _days(policy.payload_days), _days(policy.facts_days)) for name, policy in policies]
    for line in align([_COLUMNS, *rows]):
        typer.echo(line)


@app.command("set")
def set_(
    project: Annotated[str, typer.Option(help="The project's name.")],
    payload_days: Annotated[int | None, typer.Option(help="Days that payloads are kept; 0 for ever.")] = None,
    facts_days: Annotated[int | None, typer.Option(help="Days that sessions are kept at all; 0 for ever.")] = None,
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> None:
    """Set for how long a project keeps payloads and facts; what is not given stays as it is."""
    policy = _set(data_dir, project, payload_days, facts_days)
    typer.echo(f"{project}: payloads {_days(policy.payload_days)}, facts {_days(policy.facts_days)}")


def _set(data_dir: Path, name: str, payload_days: int | None, facts_days: int | None) -> Retention:
    with open_control_there(data_dir) as control:
        project = control.find_project(name)
        if project is None:
            raise NotFound(f"There is no project {name!r} in {data_dir}")
        known = control.get_retention(project.id)
        try:
            policy = Retention(
                known.payload_days if payload_days is None else payload_days,
                known.facts_days if facts_days is None else facts_days,
            )
        except ValueError as error:
            raise Invalid(str(error)) from None
        control.set_retention(project.id, policy)
        return policy


def _days(days: int) -> str:
    return f"{days} days" if days else "for ever"
