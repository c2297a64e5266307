from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import agentops


def test_exports_are_the_sorted_list() -> None:
    assert agentops.__all__ == sorted(agentops.__all__)
    assert all(hasattr(agentops, name) for name in agentops.__all__)


def test_import_loads_no_third_party_and_starts_nothing() -> None:
    program = """
import sys, os, threading
before = set(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else set()
import agentops
after = set(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else set()
assert not {"orjson", "psutil", "urllib3", "opentelemetry"} & set(sys.modules), sys.modules
assert threading.active_count() == 1
assert before == after
"""
    subprocess.run([sys.executable, "-W", "error", "-c", program], check=True, timeout=60)


def test_init_imports_nothing_that_takes_long(tmp_path: Path) -> None:
    """What is slow is for the worker, which does not start here."""
    program = """
import sys
import agentops, agentops._delivery
agentops._delivery.Delivery.start = lambda delivery: None
session = agentops.init("a-key", endpoint="http://127.0.0.1:1", max_wait_time=0)
slow = {"urllib3", "psutil", "orjson", "opentelemetry", "asyncio", "email.utils", "inspect"}
slow |= {"concurrent.futures", "datetime", "decimal", "importlib.util"}
slow |= {"_hashlib", "hashlib", "importlib.resources", "importlib.metadata", "tempfile", "random"}
assert not slow & set(sys.modules), slow & set(sys.modules)
session.record(agentops.ActionEvent())
assert "orjson" in sys.modules, "the first event fetches what makes the others quick"
"""
    env = {**os.environ, "AGENTOPS_SPOOL_DIR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-I", "-c", program], env=env, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr


def test_every_public_function_survives_being_called_before_init(client: object) -> None:
    agentops.record(agentops.ActionEvent("x"))
    agentops.add_tags(["a"])
    agentops.set_tags(["a"])
    assert agentops.create_agent("a") is None
    assert agentops.get_session("nonsense") is None
    assert agentops.end_session("Success") == "0.00"
    agentops.end_all_sessions()
    assert agentops.flush(0.1) is True
    assert agentops.get_api_key() is None
