"""An agent program with a long day: it records 50,000 events in steps, with model calls, tools and a few errors.

    python -m tests.e2e.long_runner

It prints the id of its session as JSON.
"""

import contextlib
import json

import agentops

STEPS = 2_500
EVENTS_PER_STEP = 20
FAILING_STEPS = range(0, STEPS, 250)
MODELS = ("gpt-4o", "gpt-4o-mini", "claude-sonnet-4-0")


@agentops.record_tool("look_up")
def look_up(step: int, number: int) -> dict[str, int]:
    return {"step": step, "number": number}


@agentops.record_tool("send_order")
def send_order(step: int) -> None:
    raise TimeoutError(f"the shop did not answer in step {step}")


def ask(step: int, number: int) -> None:
    agentops.record(
        agentops.LLMEvent(
            prompt=[{"role": "user", "content": f"What is due in step {step}, part {number}?"}],
            completion={"role": "assistant", "content": f"Part {number} of step {step} is an order."},
            model=MODELS[step % len(MODELS)],
            prompt_tokens=200,
            completion_tokens=20,
        )
    )


@agentops.record_action("step")
def do_step(step: int) -> int:
    """So many events with its own: model calls and tools in turn; the last two may be a failure and its error."""
    number = 1
    while number < EVENTS_PER_STEP:
        if step in FAILING_STEPS and number == EVENTS_PER_STEP - 2:
            with contextlib.suppress(TimeoutError):
                send_order(step)
            break
        if number % 3 == 0:
            ask(step, number)
        else:
            look_up(step, number)
        number += 1
    return step


def main() -> None:
    session = agentops.init(default_tags=["long"], max_wait_time=300_000)
    agentops.create_agent("Clerk")
    for step in range(STEPS):
        do_step(step)
    agentops.end_session("Success", "the day is over")
    print(json.dumps({"session_id": str(session.session_id)}))


if __name__ == "__main__":
    main()
