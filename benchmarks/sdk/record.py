"""What recording costs the agent: an LLM event of 3 KB, from its construction to its durable append."""

import json
import os
import subprocess
import sys
import tempfile
from statistics import median
from typing import Any

from benchmarks.serving import serve

RUNS = 5
EVENTS = 5_000

_AGENT = """
import json, sys, time
start = time.perf_counter(); import agentops; imported = time.perf_counter()
session = agentops.init(api_key=sys.argv[1], endpoint=sys.argv[2]); ready = time.perf_counter()
prompt, completion = [{"role": "user", "content": "x" * 2000}], {"role": "assistant", "content": "y" * 1000}
times = []
for number in range(int(sys.argv[3])):
    before = time.perf_counter()
    session.record(agentops.LLMEvent(prompt=prompt, completion=completion, model="gpt-4o", prompt_tokens=500))
    times.append(time.perf_counter() - before)
cpu = time.process_time()
session.end_session("Success")
times.sort()
print(json.dumps({"import": imported - start, "init": ready - imported, "p50": times[len(times) // 2],
                  "p99": times[len(times) * 99 // 100], "cpu": time.process_time()}))
"""


def measure() -> list[dict[str, Any]]:
    """At burst, against a running server on the same machine."""
    runs = []
    with serve() as server:
        for _ in range(RUNS):
            with tempfile.TemporaryDirectory() as spool:
                command = [sys.executable, "-c", _AGENT, server.api_key, server.url, str(EVENTS)]
                env = {**os.environ, "AGENTOPS_SPOOL_DIR": spool}
                done = subprocess.run(command, env=env, check=True, capture_output=True, text=True)
                runs.append(json.loads(done.stdout))

    def middle(name: str, factor: float) -> float:
        return float(median(run[name] for run in runs)) * factor

    return [
        {"figure": "import agentops", "median of five": f"{middle('import', 1e3):.0f} ms"},
        {"figure": "init()", "median of five": f"{middle('init', 1e3):.1f} ms"},
        {"figure": "record(LLMEvent(…)) of 3 KB at burst, p50", "median of five": f"{middle('p50', 1e6):.0f} µs"},
        {"figure": "record(LLMEvent(…)) of 3 KB at burst, p99", "median of five": f"{middle('p99', 1e6):.0f} µs"},
        {
            "figure": "CPU of the process per 1,000 events",
            "median of five": f"{middle('cpu', 1e6) / EVENTS:.0f} ms",
        },
    ]
