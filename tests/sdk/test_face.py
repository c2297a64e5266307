from __future__ import annotations

import subprocess
import sys

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
