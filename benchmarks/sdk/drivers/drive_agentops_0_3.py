"""The published agentops 0.3. When it cannot reach its server it has no session, and says so at each record."""

from typing import Any

import agentops

KEY = "01900000-0000-7000-8000-000000000000"
session: Any = None


def start(url: str) -> None:
    global session  # noqa: PLW0603 - the one session of the program
    session = agentops.init(api_key=KEY, endpoint=url)


def record(prompt: str, completion: str) -> None:
    event = agentops.LLMEvent(
        prompt=[{"role": "user", "content": prompt}],
        completion={"role": "assistant", "content": completion},
        model="gpt-4o",
        prompt_tokens=500,
        completion_tokens=250,
    )
    if session is None:
        agentops.record(event)
    else:
        session.record(event)


def finish() -> None:
    if session is not None:
        session.end_session("Success")
