"""A LangChain program with our callback handlers. Runs in LangChain's environment; prints the session of each step."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from contextlib import suppress
from typing import Any

import agentops

MODELS = os.environ["SCRIPTED_MODELS"]
QUESTION = [{"role": "user", "content": "Where is order 1042?"}]


def connect(model: str = "gpt-4o", **more: Any) -> Any:
    from langchain_openai import ChatOpenAI

    options = {"base_url": f"{MODELS}/v1", "api_key": "none", "max_retries": 0, "temperature": 0.2}
    return ChatOpenAI(model=model, stream_usage=True, **options, **more)


def build_agent(model: Any) -> Any:
    from langchain.agents import create_agent
    from langchain_core.tools import tool

    @agentops.operation
    def ask_the_desk(order_id: str) -> str:
        return f"order {order_id} is on its way"

    @tool
    def look_up_order(order_id: str) -> str:
        """Where an order is."""
        return ask_the_desk(order_id)

    return create_agent(model, tools=[look_up_order], name="clerk")


def invoke(handler: Any) -> None:
    connect().invoke(QUESTION, config={"callbacks": [handler]})


def stream(handler: Any) -> None:
    for _ in connect().stream(QUESTION, config={"callbacks": [handler]}):
        agentops.record(agentops.ActionEvent("between"))


def agent(handler: Any) -> None:
    build_agent(connect()).invoke({"messages": QUESTION}, config={"callbacks": [handler]})


def asynchronous(handler: Any) -> None:
    async def main() -> None:
        await connect().ainvoke(QUESTION, config={"callbacks": [handler]})
        async for _ in connect().astream(QUESTION, config={"callbacks": [handler]}):
            pass
        await build_agent(connect()).ainvoke({"messages": QUESTION}, config={"callbacks": [handler]})

    asyncio.run(main())


def refused(handler: Any) -> None:
    with suppress(Exception):
        connect("refused").invoke(QUESTION, config={"callbacks": [handler]})


def failing_tool(handler: Any) -> None:
    from langchain_core.runnables import RunnableLambda
    from langchain_core.tools import tool

    @tool
    def break_down(what: str) -> str:
        """Fails."""
        raise LookupError(what)

    with suppress(LookupError):
        (RunnableLambda(lambda text: {"what": text}) | break_down).invoke("x", config={"callbacks": [handler]})


def retriever(handler: Any) -> None:
    from langchain_core.documents import Document
    from langchain_core.retrievers import BaseRetriever

    class Shelf(BaseRetriever):
        def _get_relevant_documents(self, query: str, *, run_manager: Any) -> list[Document]:
            return [Document(page_content=f"about {query}")]

    Shelf().invoke("orders", config={"callbacks": [handler]})


def fake_model(handler: Any) -> None:
    from langchain_core.language_models.fake import FakeListLLM
    from langchain_core.language_models.fake_chat_models import FakeListChatModel

    FakeListLLM(responses=["text"]).invoke("ask", config={"callbacks": [handler]})
    FakeListChatModel(responses=["chat"]).batch([QUESTION] * 3, config={"callbacks": [handler]})


STEPS = [invoke, stream, agent, asynchronous, refused, failing_tool, retriever, fake_model]


def main(mode: str) -> None:
    """`alone` has no automatic capture, `beside` has the provider's, `within` has LangChain's too."""
    if mode == "beside":
        from agentops.instrumentation import _libraries

        kept = tuple(library for library in _libraries.LIBRARIES if library.title != "LangChain")
        _libraries.LIBRARIES = agentops.instrumentation.LIBRARIES = kept
    agentops.init(instrument_llm_calls=mode != "alone", auto_start_session=False)
    sessions = {}
    for step in STEPS:
        with agentops.start_trace(step.__name__) as trace:
            kind = "Async" if step is asynchronous else ""
            handler = getattr(agentops, f"{kind}LangchainCallbackHandler")()
            step(handler)
            sessions[step.__name__] = str(trace.session.session_id)
    assert agentops.flush(60)
    print(json.dumps({"sessions": sessions, "captured": agentops.Client().instrumentation.captured}))


if __name__ == "__main__":
    main(sys.argv[1])
