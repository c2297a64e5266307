"""An event: anything recorded in a session."""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from agentops_server.domain.ids import AgentId, EventId, ParticipantId, ProjectId, SessionId


class Kind(StrEnum):
    """The four kinds that every client knows. An event may carry any other word; it then counts as an action."""

    LLM = "llm"
    TOOL = "tool"
    ACTION = "action"
    ERROR = "error"


class Bucket(StrEnum):
    """Parts of a call's token counts that have a price of their own, and what else a provider charges for."""

    CACHE_READ = "cache_read"
    CACHE_WRITE = "cache_write"
    """Written to a cache, for whatever lifetime."""
    CACHE_WRITE_1H = "cache_write_1h"
    """The part of `CACHE_WRITE` that is kept for an hour."""
    REASONING = "reasoning"
    AUDIO_INPUT = "audio_input"
    AUDIO_OUTPUT = "audio_output"
    CACHED_AUDIO = "cached_audio"
    """What `CACHE_READ` and `AUDIO_INPUT` have in common."""
    IMAGE_INPUT = "image_input"
    IMAGE_OUTPUT = "image_output"
    REQUESTS = "requests"
    """Requests to the provider: 1 unless said otherwise, 0 for an answer out of a cache of the application."""
    WEB_SEARCHES = "web_searches"


@dataclass(slots=True)
class Usage:
    """Token counts of an LLM call; None where nobody reported one."""

    input_tokens: int | None = None
    output_tokens: int | None = None
    buckets: dict[str, int] = field(default_factory=dict)
    """Finer counts by `Bucket`: those of the input are parts of `input_tokens`, of the output of `output_tokens`."""
    basis: str = ""
    """How the client counted: `inclusive` or `exclusive` of caches; "" where nothing tells the two apart."""
    estimated: bool = False
    """Whether a count was estimated because nobody reported one."""


@dataclass(slots=True)
class Event:
    """One event of a session. Payloads (`…_json`) are JSON text as the client sent it, never decoded here."""

    project_id: ProjectId
    session_id: SessionId
    id: EventId
    kind: str
    event_type: str
    init_ns: int
    end_ns: int
    received_ns: int
    name: str = ""
    action_type: str = ""
    agent_id: AgentId | None = None
    parent_id: EventId | None = None
    participant_id: ParticipantId | None = None
    sequence: int = 0
    params_json: str = ""
    returns_json: str = ""
    logs_json: str = ""
    screenshot: str = ""
    model: str = ""
    provider: str = ""
    finish_reason: str = ""
    first_token_ns: int = 0
    """Nanoseconds from the start of the call to the first token of its answer; 0 where nobody measured it."""
    model_params_json: str = ""
    tools_json: str = ""
    """Definitions of the tools that the model was offered."""
    thread_id: str = ""
    prompt_json: str = ""
    completion_json: str = ""
    usage: Usage | None = None
    cost: Decimal | None = None
    """What stands: the reported cost, else the computed one, in US dollars; None where neither is known."""
    computed_cost: Decimal | None = None
    """The price of the tokens by the price book, whose version is `price_version`."""
    reported_cost: Decimal | None = None
    price_version: str = ""
    error_type: str = ""
    error_code: str = ""
    details_json: str = ""
    trigger_event_id: EventId | None = None
    trigger_event_type: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    """What the sender told beside all this and no field of ours holds."""
    objects: list[str] = field(default_factory=list)
    """Names of the objects that hold payloads too large for a row."""
    replaces: bool = False
    """True: the client corrects an event that it sent before. False: the first one with this id stands."""
    provisional: bool = False
    """True: told while the event still goes on. Any other word about it stands above this one, whenever it comes."""

    def become_repeat(self) -> None:
        """It repeats what another model call counts: from now on it is a step around that call, and counts nothing."""
        usage = self.usage or Usage()
        told = {"input_tokens": usage.input_tokens, "output_tokens": usage.output_tokens, "cost": self.reported_cost}
        self.attributes |= {f"repeated.{name}": str(value) for name, value in told.items() if value is not None}
        self.kind = self.event_type = "chain"
        self.params_json = self.params_json or self.prompt_json
        self.returns_json = self.returns_json or self.completion_json
        self.prompt_json = self.completion_json = self.price_version = ""
        self.usage = self.cost = self.computed_cost = self.reported_cost = None
