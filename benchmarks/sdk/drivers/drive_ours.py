"""This project's SDK."""

import agentops

KEY = "01900000-0000-7000-8000-000000000000"
session: agentops.Session


def start(url: str) -> None:
    global session  # noqa: PLW0603 - the one session of the program
    started = agentops.init(api_key=KEY, endpoint=url)
    assert started is not None
    session = started


def record(prompt: str, completion: str) -> None:
    session.record(
        agentops.LLMEvent(
            prompt=[{"role": "user", "content": prompt}],
            completion={"role": "assistant", "content": completion},
            model="gpt-4o",
            prompt_tokens=500,
            completion_tokens=250,
        )
    )


def finish() -> None:
    session.end_session("Success")
