"""LangGraph: a graph of its own with a node for the model and one for its tools; a tool and a model that fail."""

from typing import Any

from tests.frameworks.programs.asking import ASKED, HELD, MODELS, REFUSED, import_before_init, release, run
from tests.frameworks.programs.orders import (
    CANCELLER,
    CLERK,
    MODEL,
    STRANGER,
    cancel_order,
    failing,
    look_up_order,
)

import_before_init("langgraph.graph", "langgraph.prebuilt", "langchain_openai")
INPUT = {"messages": [{"role": "user", "content": ASKED}]}


def build(name: str = CLERK, function: Any = None, model: str = MODEL, url: str = MODELS) -> Any:
    from langchain_core.runnables import RunnableLambda
    from langchain_openai import ChatOpenAI
    from langgraph.graph import START, MessagesState, StateGraph
    from langgraph.prebuilt import ToolNode, tools_condition

    chat: Any = ChatOpenAI(
        model=model, base_url=f"{url}/v1", api_key="none", max_retries=0, temperature=0.2, stream_usage=True
    )
    if function is not None:
        chat = chat.bind_tools([function])

    def call_model(state: MessagesState) -> dict[str, Any]:
        return {"messages": [chat.invoke(state["messages"])]}

    async def call_model_later(state: MessagesState) -> dict[str, Any]:
        return {"messages": [await chat.ainvoke(state["messages"])]}

    graph = StateGraph(MessagesState)
    graph.add_node("model", RunnableLambda(call_model, call_model_later))
    graph.add_edge(START, "model")
    if function is not None:
        graph.add_node("tools", ToolNode([function], handle_tool_errors=False))
        graph.add_conditional_edges("model", tools_condition)
        graph.add_edge("tools", "model")
    return graph.compile(name=name)


def plain() -> None:
    build().invoke(INPUT)


def stream() -> None:
    for _ in build().stream(INPUT, stream_mode="messages"):
        pass


async def asynchronous() -> None:
    await build().ainvoke(INPUT)


def tools() -> None:
    build(CLERK, look_up_order).invoke(INPUT)


def streamed_tools() -> None:
    for _ in build(CLERK, look_up_order).stream(INPUT, stream_mode="messages"):
        pass


def tool_error() -> None:
    with failing:
        build(CANCELLER, cancel_order).invoke(INPUT)


def error() -> None:
    with failing:
        build(STRANGER, look_up_order, REFUSED).invoke(INPUT)


async def asynchronous_stream() -> None:
    is_held = True
    async for chunk, _ in build(url=HELD).astream(INPUT, stream_mode="messages"):
        if is_held and chunk.content:
            release()
            is_held = False


run(plain, stream, asynchronous, tools, streamed_tools, tool_error, error, asynchronous_stream)
