from contextlib import suppress

import anthropic
from exporting import MODELS, PARAMETERS, RESULT, make_provider
from opentelemetry.instrumentation.genai.anthropic import AnthropicInstrumentor

MODEL = "claude-sonnet-4-5"
QUESTION = {"role": "user", "content": "Where is order 1042?"}
TOOL = {"name": "lookup_order", "description": "Finds an order.", "input_schema": PARAMETERS}

# The global provider, so that the library's own spans come too: each call twice, one within the other.
provider = make_provider(is_global=True)
AnthropicInstrumentor().instrument(tracer_provider=provider)
client = anthropic.Anthropic(base_url=MODELS, api_key="none", max_retries=0)
with provider.get_tracer("shop").start_as_current_span("answer a customer"):
    first = client.messages.create(
        model=MODEL, max_tokens=200, system="You are terse.", messages=[QUESTION], tools=[TOOL]
    )
    used = first.content[0].model_dump()
    result = {"type": "tool_result", "tool_use_id": used["id"], "content": RESULT}
    messages = [QUESTION, {"role": "assistant", "content": [used]}, {"role": "user", "content": [result]}]
    with client.messages.stream(model=MODEL, max_tokens=200, messages=messages, tools=[TOOL]) as stream:
        for _ in stream.text_stream:
            pass
    with suppress(anthropic.BadRequestError):
        client.messages.create(model="refused", max_tokens=200, messages=[QUESTION])
provider.force_flush()
