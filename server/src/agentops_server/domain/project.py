"""Projects and the keys that open them."""

from dataclasses import dataclass

from agentops_server.domain.ids import KeyId, ProjectId


@dataclass(frozen=True, slots=True)
class Project:
    """A tenant: owns keys and data."""

    id: ProjectId
    name: str
    created_ns: int


@dataclass(frozen=True, slots=True)
class ApiKey:
    """An API key as it is stored: by the hash of its text, never the text itself."""

    id: KeyId
    project_id: ProjectId
    label: str
    hint: str
    """The last four characters, for a person to tell keys apart."""
    created_ns: int
    last_used_ns: int = 0
    revoked_ns: int = 0


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks: a project, and the key that proved it (None for a page that was opened by a login link)."""

    project_id: ProjectId
    key_id: KeyId | None
    is_operator: bool = False
    """Whoever opened a link that the server printed has proven access to its machine: all projects are open to them."""
