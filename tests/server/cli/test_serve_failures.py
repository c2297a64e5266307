"""A server that cannot open what it needs says why in one line, and what to do."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from agentops_server.storage.warehouse import migrations
from agentops_server.storage.warehouse.embedded import EmbeddedWarehouse

TIMEOUT_S = 60
# Root may do everything with any file, unless it leaves that behind.
MORTAL = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []


def serve(data_dir: Path, *, without: str = "", **env: str) -> str:
    """What it says last while it fails to start. (The engine may say something before.)"""
    program = f"import sys; sys.modules.update({{name: None for name in {without.split()!r}}})\n"
    program += "from agentops_server.cli import main\nmain()"
    command = [sys.executable, "-c", program, "serve", "--port", "0", "--data-dir", str(data_dir)]
    run = subprocess.run(
        [*MORTAL, *command], capture_output=True, text=True, timeout=TIMEOUT_S, env={**os.environ, **env}
    )
    assert (run.returncode, run.stdout) == (1, "")
    assert "Traceback" not in run.stderr
    said = run.stderr.splitlines()[-1]
    assert said.startswith("agentops-server: ")
    return said


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """Of a server that ran before."""
    warehouse = EmbeddedWarehouse(tmp_path / "warehouse")
    migrations.migrate(warehouse)
    warehouse.close()
    return tmp_path


def test_a_damaged_definition_of_a_table(data_dir: Path) -> None:
    for path in (data_dir / "warehouse" / "chdb" / "store").rglob("events.sql"):
        path.write_text("garbage")
    said = serve(data_dir)
    assert f"the warehouse in {data_dir / 'warehouse'} cannot be opened: restore the folder from a backup" in said


@pytest.mark.parametrize("name", ["store", "metadata"])
def test_a_damaged_folder(data_dir: Path, name: str) -> None:
    folder = data_dir / "warehouse" / "chdb" / name
    shutil.rmtree(folder)
    folder.write_text("garbage")
    assert "warehouse" in serve(data_dir)


def test_a_file_in_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "warehouse").write_text("")
    assert "cannot be used: File exists; let this user write there, or choose another --data-dir" in serve(tmp_path)


@pytest.mark.parametrize("folder", ["warehouse", "journal"])
def test_a_folder_that_its_user_may_not_enter(tmp_path: Path, folder: str) -> None:
    closed = tmp_path / "data" / folder
    closed.mkdir(parents=True)
    if os.geteuid() == 0:
        os.chown(closed, 65534, 65534)
    closed.chmod(0o700 if os.geteuid() == 0 else 0)
    said = serve(tmp_path / "data")
    closed.chmod(0o700)
    assert "Permission denied" in said
    assert str(closed) in said


@pytest.mark.parametrize(
    ("missing", "env", "remedy"),
    [
        ("chdb chdb.state.sqlitelike", {}, "pip install 'agentops-server[embedded]'"),
        (
            "clickhouse_connect",
            {"AGENTOPS_WAREHOUSE_URL": "clickhouse://127.0.0.1/x"},
            "pip install 'agentops-server[cluster]'",
        ),
        (
            "psycopg",
            {"AGENTOPS_CONTROL_URL": "postgresql://127.0.0.1/x"},
            "pip install 'agentops-server[postgres]'",
        ),
        ("grpc", {"AGENTOPS_GRPC_PORT": "0"}, "pip install 'agentops-server[grpc]'"),
    ],
)
def test_a_package_that_is_missing(tmp_path: Path, missing: str, env: dict[str, str], remedy: str) -> None:
    assert remedy in serve(tmp_path, without=missing, **env)


def test_a_warehouse_url_with_an_unknown_option(tmp_path: Path) -> None:
    said = serve(tmp_path, AGENTOPS_WAREHOUSE_URL="clickhouse://u:s3cret@host/x?clutser=a")
    assert "unknown option 'clutser'; there are cluster, ca_cert" in said
    assert "s3cret" not in said
