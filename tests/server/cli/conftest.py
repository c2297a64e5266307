from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from agentops_server.cli import main


@dataclass(frozen=True)
class Outcome:
    code: int
    out: str
    err: str


Command = Callable[..., Outcome]


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Command:
    """Runs `agentops-server` with these arguments, in an empty working directory."""
    monkeypatch.delenv("AGENTOPS_DATA_DIR", raising=False)
    work_dir = tmp_path / "work"
    work_dir.mkdir()
    monkeypatch.chdir(work_dir)

    def run(*arguments: object) -> Outcome:
        monkeypatch.setattr("sys.argv", ["agentops-server", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        captured = capsys.readouterr()
        code = ended.value.code
        assert isinstance(code, int)
        return Outcome(code, captured.out, captured.err)

    return run
