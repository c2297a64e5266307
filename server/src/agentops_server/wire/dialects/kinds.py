"""The kinds of events that dialects tell apart beside the four that every client knows."""

from uuid import UUID, uuid5

from agentops_server.domain.event import Kind
from agentops_server.domain.ids import SessionId

LLM = Kind.LLM.value
TOOL = Kind.TOOL.value
AGENT = "agent"
CHAIN = "chain"
EMBEDDING = "embedding"
EVALUATOR = "evaluator"
EVENT = "event"
GUARDRAIL = "guardrail"
MEMORY = "memory"
PLAN = "plan"
PROMPT = "prompt"
RERANKER = "reranker"
RETRIEVER = "retriever"
SESSION = "session"
SPAN = "span"
TASK = "task"
WORKFLOW = "workflow"

EVENT_TYPES = {LLM: "llms", TOOL: "tools"}
"""The word on the wire where it is not the kind itself."""

PRICED = frozenset({LLM, EMBEDDING, RERANKER})
"""Kinds whose token counts are their own. Those of any other kind repeat what is counted below it."""


def agent_id_of(session_id: SessionId, name: str) -> UUID:
    """The id of an agent, which dialects know by its name only."""
    return uuid5(session_id, f"agent:{name}")
