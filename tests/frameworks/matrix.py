"""The support matrix: ``python -m tests.frameworks.matrix [library ...]``, or ``make matrix`` for all.

Runs the program of each library, imported before and after `agentops.init()`, and writes what was found into one file
per library below ``docs/reference/matrix/``, and all of them into ``docs/reference/matrix.md``. ``--render`` runs none.
"""

import json
import platform
import subprocess
import sys
import tempfile
import traceback
from datetime import datetime, timezone
from importlib import import_module
from pathlib import Path
from typing import Any

from agentops.instrumentation._libraries import LIBRARIES
from tests.contract.otlp.scripted_models import scripted_models
from tests.frameworks.expectation import Expectation, Session, judge
from tests.frameworks.rendering import render
from tests.frameworks.running import ORDERS, ProgramError, read_run, run_program, versions_in
from tests.provision import ROOT, provision_framework
from tests.serving import Server

RESULTS = ROOT / "docs" / "reference" / "matrix"
TABLE = RESULTS.with_suffix(".md")
EXPECTATIONS = Path(__file__).parent / "expectations"
OWN = "agentops"
_OF_OTHERS = ("opentelemetry-", "openinference-")
_LONGEST = 200


def names() -> list[str]:
    """Every library that has a program."""
    return sorted(path.stem for path in EXPECTATIONS.glob("*.py") if path.stem != "__init__")


def find_expectation(name: str) -> Expectation:
    """What is expected of a library."""
    expected: Expectation = import_module(f"tests.frameworks.expectations.{name}").EXPECTATION
    return expected


def examine(name: str, server: Server, models: str) -> dict[str, Any]:
    """Run a library in both orders; what holds does so in both."""
    expected = find_expectation(name)
    result: dict[str, Any] = {"title": expected.title, "date": datetime.now(timezone.utc).date().isoformat()}
    result |= {"python": platform.python_version(), "lacks": dict(expected.lacks)}
    result |= {"remarks": list(expected.remarks)}
    try:
        environment = expected.environment or name
        provision_framework(environment)
        versions = versions_in(environment)
        result["version"] = f"{expected.distribution} {versions[expected.distribution]}"
        problems: dict[str, str | None] = {}
        for order in ORDERS:
            session, captured = examine_once(name, order, server, models)
            for aspect, problem in judge(expected, session).items():
                problems[aspect] = problems.get(aspect) or (f"imported {order} init(): {problem}" if problem else None)
            result["scopes"] = sorted({*session.scopes, *result.get("scopes", [])})
            reporting = _reporting(set(captured.values()), result["scopes"])
            result["captured_by"] = {each: versions.get(each, "") for each in reporting}
    except (ProgramError, OSError, subprocess.SubprocessError) as error:
        return {**result, "did_not_run": _last_line(str(error))}
    except (AssertionError, LookupError, TypeError, ValueError) as error:
        return {**result, "did_not_run": f"its own check failed: {_last_line(str(error) or _line_of(error))}"}
    return {**result, "problems": problems}


def examine_once(name: str, order: str, server: Server, models: str) -> tuple[Session, dict[str, str]]:
    """One run of a library's program: its session, and which instrumentor captured what."""
    expected = find_expectation(name)
    with tempfile.TemporaryDirectory() as folder:
        run = run_program(expected.environment or name, name, order, server, models, Path(folder))
    told = read_run(run, server)
    session = Session(told.export, told.left)
    if expected.check is not None:
        expected.check(session)
    return session, told.captured


def _reporting(instrumentors: set[str], scopes: list[str]) -> list[str]:
    """Those that reported something. Their scopes are their modules, by custom; where none fits, all of them."""
    modules = {scope.replace("_", ".") for scope in scopes}
    starts = {each: each.replace("-", ".") for each in instrumentors | {OWN}}
    fitting = {each for each, start in starts.items() if any(module.startswith(start) for module in modules)}
    if any(not module.startswith(tuple(starts.values())) for module in modules):  # libraries that trace themselves
        fitting |= {each for each in instrumentors if not each.startswith(_OF_OTHERS)}
    return sorted(fitting or instrumentors or {OWN})


def _line_of(error: Exception) -> str:
    return traceback.extract_tb(error.__traceback__)[-1].line or ""


def _last_line(text: str) -> str:
    lines = [line for line in text.strip().splitlines() if line.strip()]
    return lines[-1].strip()[:_LONGEST] if lines else "no word"


def read_results() -> list[dict[str, Any]]:
    """What is known of each library, that of those without a program included."""
    found: dict[str, dict[str, Any]] = {}
    for path in sorted(RESULTS.glob("*.json")):
        result = json.loads(path.read_text())
        found[result["title"]] = result
    for name in names():
        title = find_expectation(name).title
        found.setdefault(title, {"title": title, "did_not_run": "not run yet"})
    for library in LIBRARIES:
        found.setdefault(library.title, {"title": library.title, "did_not_run": "no program yet"})
    return sorted(found.values(), key=lambda result: str(result["title"]).lower())


def main(words: list[str]) -> int:
    RESULTS.mkdir(exist_ok=True)
    wanted = [] if "--render" in words else words or names()
    with tempfile.TemporaryDirectory() as folder, scripted_models() as models:
        server = Server(Path(folder))
        if wanted:
            server.start()
        try:
            for name in wanted:
                result = examine(name, server, models)
                (RESULTS / f"{name}.json").write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n")
                print(f"{name}: {_word_of(result)}", flush=True)
        finally:
            server.stop()
    TABLE.write_text(render(read_results()))
    return 0


def _word_of(result: dict[str, Any]) -> str:
    if "did_not_run" in result:
        return f"did not run: {result['did_not_run']}"
    wrong = {aspect: problem for aspect, problem in result["problems"].items() if problem}
    return "all of it" if not wrong else json.dumps(wrong, indent=1, ensure_ascii=False)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
