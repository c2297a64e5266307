"""OpenAI's assistants: threads, runs, polled and streamed."""

from contextlib import suppress
from typing import Any

from tests.contract.otlp.scripted.assistants import FAILING
from tests.frameworks.programs.asking import (
    ASKED,
    BUSY,
    HELD,
    QUESTION,
    REFUSED,
    TOOLS,
    import_before_init,
    look_up,
    release,
    run,
)
from tests.frameworks.programs.openai import connect, connect_async

import_before_init("openai.resources.beta.threads")


def prepare(beta: Any, model: str = "gpt-4o", **more: Any) -> dict[str, str]:
    assistant = beta.assistants.create(model=model, instructions="You know about orders.", temperature=0.2, **more)
    thread = beta.threads.create()
    beta.threads.messages.create(thread.id, role="user", content=ASKED)
    return {"thread_id": thread.id, "assistant_id": assistant.id}


def plain() -> None:
    beta = connect().beta
    made = prepare(beta)
    found = beta.threads.runs.create_and_poll(**made)
    assert found.status == "completed"
    for _ in range(2):
        messages = beta.threads.messages.list(made["thread_id"])
    assert len(messages.data) == 2


def stream() -> None:
    beta = connect(HELD).beta
    with beta.threads.runs.stream(**prepare(connect().beta)) as events:
        next(text for text in events.text_deltas)
        release()
        events.until_done()


def raw_stream() -> None:
    beta = connect().beta
    for _ in beta.threads.runs.create(**prepare(beta), stream=True):
        pass


async def asynchronous() -> None:
    async with connect_async() as client:
        assistant = await client.beta.assistants.create(model="gpt-4o")
        thread: Any = {"messages": QUESTION}
        found = await client.beta.threads.create_and_run_poll(assistant_id=assistant.id, thread=thread)
        assert found.status == "completed"
        async for message in client.beta.threads.messages.list(found.thread_id, order="desc"):
            assert message.content


async def asynchronous_stream() -> None:
    async with connect_async(HELD) as client:
        is_held = True
        async with client.beta.threads.runs.stream(**prepare(connect().beta)) as events:
            async for _ in events.text_deltas:
                if is_held:
                    release()
                    is_held = False


def tools() -> None:
    beta = connect().beta
    made = prepare(beta, tools=TOOLS)
    found = beta.threads.runs.create_and_poll(**made)
    calls = found.required_action.submit_tool_outputs.tool_calls
    outputs = [{"tool_call_id": call.id, "output": look_up("1042")} for call in calls]
    beta.threads.runs.submit_tool_outputs_and_poll(run_id=found.id, thread_id=made["thread_id"], tool_outputs=outputs)
    beta.threads.messages.list(made["thread_id"])


def streamed_tools() -> None:
    beta = connect().beta
    made = prepare(beta, tools=TOOLS)
    with beta.threads.runs.stream(**made) as events:
        events.until_done()
    found = events.current_run
    outputs: list[Any] = [{"tool_call_id": "call_1", "output": look_up("1042")}]
    told = {"run_id": found.id, "thread_id": made["thread_id"], "tool_outputs": outputs}
    with beta.threads.runs.submit_tool_outputs_stream(**told) as events:
        events.until_done()


def retried() -> None:
    client = connect(BUSY, retries=2)
    made = prepare(connect().beta)
    assert client.beta.threads.runs.create_and_poll(**made).status == "completed"
    connect().beta.threads.messages.list(made["thread_id"])


def error() -> None:
    import openai

    beta = connect().beta
    with suppress(openai.BadRequestError):
        beta.threads.runs.create(**prepare(beta, REFUSED))


def failed_error() -> None:
    beta = connect().beta
    assert beta.threads.runs.create_and_poll(**prepare(beta, FAILING)).status == "failed"


def unread() -> None:
    beta = connect().beta
    beta.threads.runs.create_and_poll(**prepare(beta))


run(
    plain,
    stream,
    raw_stream,
    asynchronous,
    asynchronous_stream,
    tools,
    streamed_tools,
    retried,
    error,
    failed_error,
    unread,
)
