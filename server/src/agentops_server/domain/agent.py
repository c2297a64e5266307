"""An agent: a named actor inside a session."""

from dataclasses import dataclass

from agentops_server.domain.ids import AgentId, ProjectId, SessionId


@dataclass(frozen=True, slots=True)
class Agent:
    project_id: ProjectId
    session_id: SessionId
    id: AgentId
    name: str
    logs: str
    received_ns: int
