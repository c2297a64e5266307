"""Kinds of spans. As SDK 0.4 has them."""

from enum import Enum


class AgentOpsSpanKindValues(Enum):
    """Kinds of spans."""

    WORKFLOW = "workflow"
    SESSION = "session"
    TASK = "task"
    OPERATION = "operation"
    AGENT = "agent"
    TOOL = "tool"
    LLM = "llm"
    CHAIN = "chain"
    TEXT = "text"
    GUARDRAIL = "guardrail"
    HTTP = "http"
    UNKNOWN = "unknown"


class SpanKind:
    """Kinds of spans."""

    AGENT_ACTION = "agent.action"
    AGENT_THINKING = "agent.thinking"
    AGENT_DECISION = "agent.decision"
    LLM_CALL = "llm.call"
    WORKFLOW_STEP = "workflow.step"
    WORKFLOW = "workflow"
    SESSION = "session"
    TASK = "task"
    OPERATION = "operation"
    AGENT = "agent"
    TOOL = "tool"
    LLM = "llm"
    UNKNOWN = "unknown"
    CHAIN = "chain"
    TEXT = "text"
    GUARDRAIL = "guardrail"
    HTTP = "http"
