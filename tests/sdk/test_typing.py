"""What type checkers make of the SDK: everything it exports has a type, and a program that uses all of it passes."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import agentops
from agentops import Client

from . import typed_program

PYRIGHT = Path(sys.executable).with_name("basedpyright")
SOURCES = Path(agentops.__file__).parents[1]
PROGRAM = Path(typed_program.__file__)
OF_OTHERS = (
    "agentops.partners.langchain_callback_handler.",
    "agentops.integration.callbacks.langchain.",
    "agentops.partners.dspy_callback_handler.",
    "agentops.integration.callbacks.dspy.",
)
"""Classes derived from LangChain's and DSPy's, which are not installed here."""
INTERNAL_MEMBERS = frozenset(
    (
        *("begin", "begin_participation", "encoder", "end_without_waiting"),
        *("hear_created", "hear_rejected", "hear_updated"),
        *("is_inherited", "is_interrupted", "is_owned", "record_span", "takes_part", "video_url"),
    )
)
"""Members of Session for our own modules."""


def check(*arguments: str, folder: Path) -> Any:
    command = [str(PYRIGHT), "--pythonpath", sys.executable, "--outputjson", *arguments]
    env = {**os.environ, "PYTHONPATH": str(SOURCES)}  # an editable installation is none that it looks for packages in
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, timeout=120, env=env)
    assert done.returncode in {0, 1}, done.stdout + done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("module", ["agentops", "agentops.testing", "agentops.exceptions"])
def test_everything_that_is_exported_has_a_known_type(tmp_path: Path, module: str) -> None:
    found = check("--verifytypes", module, "--ignoreexternal", folder=tmp_path)["typeCompleteness"]
    unknown = [symbol for symbol in found["symbols"] if symbol["isExported"] and not symbol["isTypeKnown"]]
    incomplete = [symbol for symbol in unknown if not symbol["name"].startswith(OF_OTHERS)]
    assert [(symbol["name"], symbol["diagnostics"]) for symbol in incomplete] == []
    counts = found["exportedSymbolCounts"]
    assert counts["withUnknownType"] + counts["withAmbiguousType"] == len(unknown)
    assert found["exportedSymbolCounts"]["withKnownType"] > 0


def test_a_program_that_uses_all_of_it_passes_in_strict_mode(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM.read_text())
    config = {"include": ["program.py"], "typeCheckingMode": "strict", "extraPaths": [str(SOURCES)]}
    (tmp_path / "pyrightconfig.json").write_text(json.dumps(config))
    found = check("--project", str(tmp_path), folder=tmp_path)
    assert found["summary"]["filesAnalyzed"] == 1
    messages = [
        (item["range"]["start"]["line"] + 1, item["message"])
        for item in found["generalDiagnostics"]
        if item["severity"] == "error"
    ]
    assert messages == []


def test_a_program_that_is_wrong_does_not_pass(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text("import agentops\nagentops.record('text')\nagentops.init(max_wait_time='soon')\n")
    (tmp_path / "pyrightconfig.json").write_text(
        json.dumps({"typeCheckingMode": "strict", "extraPaths": [str(SOURCES)]})
    )
    found = check("--project", str(tmp_path), folder=tmp_path)
    lines = {item["range"]["start"]["line"] for item in found["generalDiagnostics"] if item["severity"] == "error"}
    assert lines == {1, 2}


def test_the_program_leaves_nothing_out() -> None:
    used = {node.attr for node in ast.walk(ast.parse(PROGRAM.read_text())) if isinstance(node, ast.Attribute)}
    assert set(agentops.__all__) - used == set()
    members = {name for name in dir(agentops.Session) if not name.startswith("_")}
    documented = {"session_id", "project_id", "init_timestamp", "end_timestamp", "end_state", "host_env", "jwt"}
    assert (members | documented) - used - INTERNAL_MEMBERS == set()


@pytest.mark.usefixtures("client")
def test_the_program_runs() -> None:
    sessions = typed_program.main()
    assert [session.end_state for session in sessions] == ["Failure", *["Success"] * 6]
    assert not Client().has_sessions
