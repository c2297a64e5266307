"""The OpenAI Agents SDK: an agent that calls a tool."""

from tests.frameworks.programs.asking import ARGUMENT, MODELS, import_before_init, look_up, run

import_before_init("agents")


def main() -> None:
    from agents import Agent, OpenAIChatCompletionsModel, Runner, function_tool
    from openai import AsyncOpenAI

    @function_tool
    def look_up_order(order_id: str) -> str:
        """Where an order is."""
        return look_up(order_id)

    client = AsyncOpenAI(base_url=f"{MODELS}/v1", api_key="none", max_retries=0)
    model = OpenAIChatCompletionsModel(model="gpt-4o", openai_client=client)
    clerk = Agent(name="clerk", instructions="Find orders.", tools=[look_up_order], model=model)
    Runner.run_sync(clerk, f"Where is order {ARGUMENT}?")


run(main)
