import subprocess
import sys

from agentops_server import __version__

from .conftest import Command

SLOW = {"alembic", "chdb", "fastapi", "jwt", "rich", "sqlalchemy", "uvicorn"}


def test_version(command: Command) -> None:
    outcome = command("--version")

    assert (outcome.code, outcome.out) == (0, f"agentops-server {__version__}\n")


def test_help_lists_the_commands(command: Command) -> None:
    outcome = command("--help")

    assert outcome.code == 0
    assert "keys" in outcome.out


def test_an_unknown_command_is_a_usage_error(command: Command) -> None:
    outcome = command("fly")

    assert outcome.code == 2
    assert "fly" in outcome.err


def test_importing_the_command_imports_nothing_slow() -> None:
    program = "import sys, agentops_server.cli; print(*{name.partition('.')[0] for name in sys.modules})"

    imported = subprocess.run([sys.executable, "-c", program], check=True, timeout=60, capture_output=True, text=True)

    assert "typer" in imported.stdout.split()
    assert SLOW.isdisjoint(imported.stdout.split())
