"""What a sample must become: its sessions and events in short, read back over HTTP."""

import gzip
import json
from base64 import b64decode
from pathlib import Path
from typing import Any

import urllib3

HERE = Path(__file__).parent
LISTS = ("llms", "tools", "actions", "errors")
FACTS = (
    "kind",
    "name",
    "model",
    "prompt_tokens",
    "completion_tokens",
    "cost",
    "prompt",
    "completion",
    "params",
    "returns",
    "finish_reasons",
    "provider",
    "usage",
    "model_params",
    "tool_definitions",
    "error_type",
    "details",
)
_LONGEST = 400


def sample_names() -> list[str]:
    """The recorded libraries."""
    return sorted(path.name.removesuffix(".json") for path in HERE.glob("*.json") if ".expected" not in path.name)


def read_requests(name: str) -> list[dict[str, Any]]:
    """The requests of a sample in the order of their arrival."""
    requests: list[dict[str, Any]] = json.loads((HERE / f"{name}.json").read_text())["requests"]
    return requests


def body_of(request: dict[str, Any]) -> bytes:
    """The body of a recorded request, without content encoding."""
    if "json" in request:
        return json.dumps(request["json"]).encode()
    body = b64decode(request["base64"])
    return gzip.decompress(body) if request["headers"].get("Content-Encoding") == "gzip" else body


def is_traces(request: dict[str, Any]) -> bool:
    """Whether it exports spans; Langfuse has a path of its own for that."""
    path: str = request["path"]
    return path.endswith("/v1/traces")


def replay(url: str, api_key: str, request: dict[str, Any]) -> None:
    """Send a recorded export of spans to a server, in the bytes in which it came."""
    body = b64decode(request["base64"]) if "base64" in request else body_of(request)
    headers = {"X-Agentops-Api-Key": api_key, **request["headers"]}
    answer = urllib3.request("POST", f"{url}/v1/traces", body=body, headers=headers, retries=False, timeout=60)
    assert (answer.status, answer.data) in {(200, b""), (200, b"{}")}, answer.data


def outline(session: dict[str, Any], export: dict[str, Any]) -> dict[str, Any]:
    """A session and its events with what is the same in every recording."""
    agents = {agent["id"]: agent["name"] for agent in export["agents"]}
    rows = [row for kind in LISTS for row in export[kind]]
    names = {row["id"]: row["name"] for row in rows}
    events = [
        {
            "list": kind,
            "agent": agents.get(row["agent_id"]),
            "in": names.get(row.get("parent_id") or row.get("trigger_event_id")),
            **{fact: short for fact in FACTS if (short := _short(row.get(fact))) not in (None, "", [], {})},
        }
        for kind in LISTS
        for row in export[kind]
    ]
    facts = {name: session[name] for name in ("name", "end_state", "end_state_reason", "tags", "is_running")}
    return {**facts, "agents": sorted(agents.values()), "events": sorted(events, key=json.dumps)}


def _short(value: Any) -> Any:
    text = json.dumps(value, ensure_ascii=False)
    return value if len(text) <= _LONGEST else f"{text[:_LONGEST]}… {len(text) // 1000} kB"
