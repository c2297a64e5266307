"""The one table of precedence: for each field of an event, where it is looked for, in order. The first that is there
and not empty stands. A new dialect is a module beside this one and its places in these lists.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from agentops_server.wire.dialects import (
    ag2,
    agentops_0_4,
    genai,
    haystack,
    kinds,
    langfuse,
    logfire,
    openinference,
    openllmetry,
    others,
    vercel,
)
from agentops_server.wire.dialects.attributes import Attributes
from agentops_server.wire.otlp.model import Span

Finder: TypeAlias = Callable[[Attributes, Span], Any]
AttributeFinder: TypeAlias = Callable[[Attributes], Any]

KINDS: tuple[Callable[[Attributes, Span], str | None], ...] = (
    agentops_0_4.find_kind,
    langfuse.find_kind,
    openinference.find_kind,
    haystack.find_kind,
    ag2.find_kind,
    genai.find_kind,
    openllmetry.find_kind,
    others.find_named_kind,
    vercel.find_kind,
    logfire.find_kind,
    others.find_tool_kind,
    others.find_model_kind,
    others.find_plain_kind,
)
LOOK_AT_SPANS = frozenset((haystack.find_kind, logfire.find_kind, others.find_tool_kind, others.find_plain_kind))
"""Those of them that look at more of a span than its attributes: what they found among some names says little."""
# What is structured stands before what is opaque.
PROMPTS: tuple[Finder, ...] = (
    langfuse.find_prompt,
    vercel.find_prompt,
    genai.find_prompt_in_events,
    logfire.find_prompt,
    genai.find_prompt,
    openinference.find_prompt,
    openllmetry.find_prompt,
    haystack.find_prompt,
)
COMPLETIONS: tuple[Finder, ...] = (
    langfuse.find_completion,
    vercel.find_completion,
    genai.find_completion_in_events,
    logfire.find_completion,
    genai.find_completion,
    openinference.find_completion,
    openllmetry.find_completion,
    haystack.find_completion,
)
PARAMS: tuple[AttributeFinder, ...] = (
    langfuse.find_params,
    openinference.find_params,
    genai.find_params,
    vercel.find_params,
    logfire.find_params,
    haystack.find_params,
)
TOOLS: tuple[AttributeFinder, ...] = (
    genai.find_tools,
    openinference.find_tools,
    openllmetry.find_tools,
    vercel.find_tools,
    langfuse.find_tools,
    logfire.find_tools,
    haystack.find_tools,
)
COUNTS: tuple[AttributeFinder, ...] = (langfuse.find_counts, vercel.find_counts, haystack.find_counts)
COUNT_PREFIXES = ("gen_ai.usage.", "llm.token_count.", "llm.usage.", "ai.usage.")

MODEL = (
    "langfuse.observation.model.name",
    "gen_ai.response.model",
    "llm.response.model_name",
    "ai.response.model",
    "ai.model.id",
    "gen_ai.request.model",
    "llm.model_name",
    "llm.request.model_name",
    "embedding.model_name",
    "reranker.model_name",
    "model_name",
    "model",
)
PROVIDER = ("gen_ai.provider.name", "gen_ai.system", "llm.provider", "llm.system")
SESSION = (
    "agentops.session.id",
    "langfuse.session.id",
    "session.id",
    "gen_ai.conversation.id",
    "traceloop.association.properties.session_id",
    "traceloop.association.properties.thread_id",
    "traceloop.association.properties.conversation_id",
    "traceloop.association.properties.chat_id",
    "langsmith.trace.session_id",
    "ai.telemetry.metadata.sessionId",
    "langfuse.trace.metadata.langfuse_session_id",
    "langfuse.observation.metadata.langfuse_session_id",
)
SESSION_NAME = ("langfuse.trace.name", "gen_ai.workflow.name", "traceloop.workflow.name", "workflow.name")
TAGS = (
    "agentops.tags",
    "langfuse.trace.tags",
    "langfuse.tags",
    "tag.tags",
    "langsmith.span.tags",
    "ai.telemetry.metadata.tags",
)
AGENT_NAME = ("gen_ai.agent.name", "agent.name", "agent_name")
AGENT_SPAN_NAME = (
    "agentops.entity.name",
    "operation.name",
    "traceloop.entity.name",
    "ai.telemetry.functionId",
    "haystack.component.name",
)
TOOL_NAME = (
    "gen_ai.tool.name",
    "tool.name",
    "ai.toolCall.name",
    "agentops.entity.name",
    "operation.name",
    "traceloop.entity.name",
    "haystack.tool.name",
)
TOOL_ARGUMENTS = (
    "gen_ai.tool.call.arguments",
    "ai.toolCall.args",
    "agentops.tool.input",
    "gcp.vertex.agent.tool_call_args",
    "tool_arguments",
    "gen_ai.tool.input",
    "gen_ai.tool.args",
    "haystack.agent.step.tool.input",
    "input.value",
    "tool.parameters",  # arguments in some dialects, in others what arguments the tool has
    "agentops.entity.input",
    "traceloop.entity.input",
    "langfuse.observation.input",
)
TOOL_RESULT = (
    "gen_ai.tool.call.result",
    "ai.toolCall.result",
    "agentops.tool.output",
    "tool.result",
    "gcp.vertex.agent.tool_response",
    "tool_response",
    "gen_ai.tool.output",
    "haystack.agent.step.tool.output",
    "output.value",
    "agentops.entity.output",
    "traceloop.entity.output",
    "langfuse.observation.output",
)
_KINDS_OF_0_4 = ("session", "workflow", "task", "operation", "agent", "chain", "text", "guardrail", "http")
INPUT = (
    "langfuse.observation.input",
    "langfuse.trace.input",
    "gcp.vertex.agent.llm_request",
    "lk.input_text",
    "lk.user_transcript",
    "mlflow.spanInputs",
    "haystack.agent.input",
    "haystack.component.input",
    "haystack.pipeline.input_data",
    "genkit:input",
    "traceloop.entity.input",
    "agentops.entity.input",
    *(f"agentops.{kind}.input" for kind in _KINDS_OF_0_4),
    "input.value",
    "input",
)
OUTPUT = (
    "langfuse.observation.output",
    "langfuse.trace.output",
    "gcp.vertex.agent.llm_response",
    "lk.response.text",
    "mlflow.spanOutputs",
    "haystack.agent.output",
    "haystack.component.output",
    "haystack.pipeline.output_data",
    "genkit:output",
    "traceloop.entity.output",
    "agentops.entity.output",
    *(f"agentops.{kind}.output" for kind in _KINDS_OF_0_4),
    "output.value",
    "final_result",
    "output",
)
COST = ("llm.cost.total", "gen_ai.usage.cost", "gen_ai.usage.total_cost", "operation.cost")
FINISH_REASON = (
    "gen_ai.response.finish_reasons",
    "gen_ai.response.finish_reason",
    "llm.finish_reason",
    "ai.response.finishReason",
    "ai.finishReason",
    "gen_ai.response.stop_reason",
    "langfuse.observation.metadata.finish_reason",
    "stop_reason",
)
FIRST_TOKEN_S = (
    "gen_ai.response.time_to_first_chunk",
    "gen_ai.client.operation.time_to_first_chunk",
    "gen_ai.streaming.time_to_first_token",
)
FIRST_TOKEN_MS = ("ai.response.msToFirstChunk", "ai.stream.msToFirstChunk")
FIRST_TOKEN_AT = ("langfuse.observation.completion_start_time",)
FIRST_TOKEN_EVENTS = frozenset({openinference.FIRST_TOKEN_EVENT, vercel.FIRST_CHUNK_EVENT, openllmetry.CHUNK_EVENT})
SERVICE_TIER = (
    "openai.response.service_tier",
    "gen_ai.openai.response.service_tier",
    "openai.request.service_tier",
    "gen_ai.openai.request.service_tier",
)
NAME = ("gen_ai.tool.name", "genkit:name", "logfire.msg", "ai.toolCall.name", "haystack.component.name")
ERROR_TYPE = ("error.type", "exception.type")


def find_kind(attributes: Attributes, span: Span) -> str:
    """What the span is, by the first that knows."""
    idle = attributes.idle
    for find in KINDS:
        if find in idle:
            continue
        answers = attributes.answers
        if found := find(attributes, span):
            return found
        if attributes.answers == answers and find not in LOOK_AT_SPANS:
            idle.add(find)
    return kinds.SPAN


def first(finders: tuple[Finder, ...], attributes: Attributes, span: Span) -> Any:
    """What the first of the finders finds that finds anything. Beside attributes they look at span events only."""
    if span.moments:
        return next((found for find in finders if (found := find(attributes, span))), None)
    return first_of(finders, attributes, span)


def first_of(finders: Sequence[Callable[..., Any]], attributes: Attributes, *others: Span) -> Any:
    """The same for what only attributes tell: who found no name that it asked for is not asked again for such names."""
    idle = attributes.idle
    for find in finders:
        if find in idle:
            continue
        answers = attributes.answers
        if found := find(attributes, *others):
            return found
        if attributes.answers == answers:
            idle.add(find)
    return None
