"""Where what a request carries belongs, and when it came."""

from dataclasses import dataclass

from agentops_server.domain.ids import ParticipantId, ProjectId, SessionId


@dataclass(frozen=True, slots=True)
class Origin:
    """From the credential, never from the request's own words."""

    project_id: ProjectId
    session_id: SessionId
    participant_id: ParticipantId
    received_ns: int
