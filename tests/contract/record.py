"""Records the golden samples: what the published clients send, request by request.

    .venv/bin/python -m tests.contract.record

Each scenario of tests/compat becomes one file ``samples/agentops-<version>/<scenario>.json`` with the client's version,
the date and the requests in order. What tells of the machine that recorded them is replaced. The server's tests decode
these files; record them anew when a driver changes.
"""

import json
import platform
import re
import socket
from dataclasses import asdict
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from tests.compat.clients import DRIVERS, SCENARIOS, run_client
from tests.contract.recording import RecordingServer, Request, recording_server
from tests.provision import ROOT

SAMPLES = Path(__file__).parent / "samples"
API_KEY = "6f1b3a52-7d0c-4c1e-9a44-0c6f2d8b9e11"
INHERITED_ID = "0193c4a0-5b7e-7c33-8f10-2b9d4e6a7c01"
SOMEBODYS_FOLDER = "/home/ada/triage"
SOMEBODYS_HOST = {
    "OS": {"Hostname": "workbench", "OS": "Linux", "OS Version": "#1 SMP PREEMPT_DYNAMIC", "OS Release": "6.1.0"},
    "CPU": {"Physical cores": 4, "Total cores": 8, "CPU Usage": "3.1%"},
    "RAM": {"Total": "15.54 GB", "Available": "11.02 GB", "Used": "4.21 GB", "Percentage": "29.1%"},
    "Disk": {
        "/dev/nvme0n1p2": {
            "Mountpoint": "/",
            "Total": "467.91 GB",
            "Used": "88.20 GB",
            "Free": "355.86 GB",
            "Percentage": "19.9%",
        }
    },
    "Project Working Directory": {"Project Working Directory": SOMEBODYS_FOLDER},
    "Virtual Environment": {"Virtual Environment": f"{SOMEBODYS_FOLDER}/.venv"},
}


def scrub(value: Any) -> Any:
    """The same value without what tells of this machine: its names, its sizes, its folders."""
    if isinstance(value, dict):
        return {key: scrub_host(each) if key == "host_env" and each else scrub(each) for key, each in value.items()}
    if isinstance(value, list):
        return [scrub(each) for each in value]
    if isinstance(value, str):
        return re.sub(re.escape(str(ROOT)) + r"[^\s\"]*/", f"{SOMEBODYS_FOLDER}/", value)
    return value


def scrub_host(host_env: dict[str, Any]) -> dict[str, Any]:
    """Every section that the client sent, with somebody else's figures in those that describe the machine."""
    return {section: SOMEBODYS_HOST.get(section, scrub(facts)) for section, facts in host_env.items()}


def record_scenario(server: RecordingServer, version: str, scenario: str) -> list[Request]:
    arguments = [INHERITED_ID] if scenario == "inherited" else []
    server.requests.clear()
    run_client(version, scenario, *arguments, url=server.url, api_key=API_KEY)
    return list(server.requests)


def write_sample(version: str, scenario: str, requests: list[Request]) -> Path:
    sample = {
        "client": f"agentops {version}",
        "recorded_on": datetime.now(timezone.utc).date().isoformat(),
        "python": platform.python_version(),
        "scenario": scenario,
        "requests": [scrub(asdict(request)) for request in requests],
    }
    text = json.dumps(sample, indent=1, ensure_ascii=False) + "\n"
    leaks = [word for word in (str(ROOT), f'"{socket.gethostname()}"') if word in text]
    if leaks:
        raise ValueError(f"{version} {scenario} still tells of this machine: {leaks}")
    file = SAMPLES / f"agentops-{version}" / f"{scenario}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return file


def main() -> None:
    with recording_server() as server:
        for version in DRIVERS:
            for scenario in SCENARIOS[version]:
                requests = record_scenario(server, version, scenario)
                file = write_sample(version, scenario, requests)
                print(f"{file.relative_to(ROOT)}: {len(requests)} requests")


if __name__ == "__main__":
    main()
