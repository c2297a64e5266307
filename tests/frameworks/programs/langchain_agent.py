"""LangChain: an agent that calls a tool; its model is OpenAI's, which is captured too, once."""

from tests.frameworks.programs.asking import ARGUMENT, MODELS, import_before_init, look_up, run

import_before_init("langchain.agents", "langchain_openai")


def main() -> None:
    from langchain.agents import create_agent
    from langchain_core.tools import tool
    from langchain_openai import ChatOpenAI

    @tool
    def look_up_order(order_id: str) -> str:
        """Where an order is."""
        return look_up(order_id)

    model = ChatOpenAI(model="gpt-4o", base_url=f"{MODELS}/v1", api_key="none", max_retries=0)
    agent = create_agent(model, tools=[look_up_order], name="clerk")
    agent.invoke({"messages": [{"role": "user", "content": f"Where is order {ARGUMENT}?"}]})


run(main)
