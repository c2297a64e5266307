from exporting import MODEL, MODELS, RESULT, make_provider
from langchain.agents import create_agent
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI
from openinference.instrumentation.langchain import LangChainInstrumentor


@tool
def lookup_order(order_id: str) -> str:
    """Finds an order."""
    return RESULT


provider = make_provider()
LangChainInstrumentor().instrument(tracer_provider=provider)
model = ChatOpenAI(model=MODEL, base_url=f"{MODELS}/v1", api_key="none", max_retries=0)
agent = create_agent(model, [lookup_order], system_prompt="You are terse.", name="clerk")
agent.invoke({"messages": [{"role": "user", "content": "Where is order 1042?"}]})
provider.force_flush()
