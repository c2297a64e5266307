"""What was recorded a moment ago, told again of the weeks before, so that charts over time have something to show.

Every session of it is one that a program of examples/ recorded: exported, moved back in time, imported under a new id.
"""

import json
import random
import uuid
from datetime import datetime, timedelta
from typing import Any

import urllib3

TIMES = {"init_timestamp", "end_timestamp", "timestamp"}
PATIENCE_S = 120
WORKERS = ("worker-1", "worker-2", "worker-3")


def repeat_back_in_time(url: str, api_key: str, days: int, most_a_day: int, seed: int = 7) -> int:
    """Import moved copies of the project's sessions, some for each day; returns how many."""
    chance = random.Random(seed)  # noqa: S311 - the same pictures each time
    headers = {"X-Agentops-Api-Key": api_key}

    def ask(method: str, path: str, body: bytes | None = None) -> Any:
        return urllib3.request(method, url + path, headers=headers, body=body, timeout=PATIENCE_S).json()

    listed = ask("GET", "/v2/sessions?limit=200")["sessions"]
    wholes = [ask("GET", f"/v2/sessions/{one['session_id']}/export") for one in listed if not one["is_running"]]
    # Refunds are what this desk mostly does; what goes wrong is seldom.
    weights = [1 if len(whole["llms"]) < 2 else 6 for whole in wholes]
    lines = []
    for day in range(1, days + 1):
        for _ in range(chance.randint(most_a_day // 3, most_a_day)):
            whole = chance.choices(wholes, weights)[0]
            back = timedelta(days=day, hours=chance.gauss(0, 3.5))
            lines.append(json.dumps(_moved(whole, back, chance)))
    answer = ask("POST", "/v2/import", "\n".join(lines).encode())
    if answer["rejected_count"]:
        raise RuntimeError(f"not all of it was taken: {answer}")
    return len(lines)


def _moved(whole: dict[str, Any], back: timedelta, chance: random.Random) -> dict[str, Any]:
    """The session as if it had run so long before, on one of several workers, under another id."""
    moved: dict[str, Any] = _shift(whole, back, chance.uniform(0.6, 2.4), whole["session"]["init_timestamp"])
    session_id = str(uuid.UUID(int=chance.getrandbits(128), version=4))
    moved["session"]["id"] = session_id
    for part in moved.values():
        for row in part if isinstance(part, list) else ():
            if "session_id" in row:
                row["session_id"] = session_id
    if moved["session"]["host_env"]:
        moved["session"]["host_env"]["OS"]["Hostname"] = chance.choice(WORKERS)
    return moved


def _shift(value: Any, back: timedelta, pace: float, start: str) -> Any:
    """Every time of it moved back, and the distances from the start stretched: no two runs take equally long."""
    if isinstance(value, list):
        return [_shift(each, back, pace, start) for each in value]
    if not isinstance(value, dict):
        return value
    moved = {}
    for key, each in value.items():
        is_time = key in TIMES and isinstance(each, str)
        moved[key] = _move(each, back, pace, start) if is_time else _shift(each, back, pace, start)
    return moved


def _move(time: str, back: timedelta, pace: float, start: str) -> str:
    began = datetime.fromisoformat(start)
    return (began - back + (datetime.fromisoformat(time) - began) * pace).isoformat()
