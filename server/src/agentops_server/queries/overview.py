"""What all sessions of a project come to that started in some time. Every answer is read off the sums of sessions.

They do not wait for what was received in the last second: they say up to when everything is in them (`as_of` of the
route), instead of holding up whoever looks at a whole project. So their parameter is not called ``project_id``, which
readers wait for (see `agentops_server.ingest.settled`).
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

import msgspec

from agentops_server.domain.clock import LAST_NS
from agentops_server.domain.ids import ProjectId
from agentops_server.queries.sql_files import read_sql
from agentops_server.storage.warehouse.port import Parameters, Warehouse
from agentops_server.storage.warehouse.rows import decode_rows

MOST_GROUPS = 50
"""How many agents, tags, types of errors and sessions are told, those that matter most first."""

_Row = TypeVar("_Row")


@dataclass(frozen=True, slots=True)
class Span:
    """Sessions that started at or after `since_ns` and before `until_ns`."""

    since_ns: int = 0
    until_ns: int = LAST_NS


class Spending(msgspec.Struct):
    """What some events cost, and of how many calls that is not known or rests on an estimate."""

    cost: str
    unpriced_llms: int
    estimated_llms: int

    @property
    def total_cost(self) -> Decimal:
        """The sum of the known costs, in US dollars."""
        return Decimal(self.cost)

    @property
    def cost_is_lower_bound(self) -> bool:
        """Whether it may have cost more."""
        return self.unpriced_llms > 0 or self.estimated_llms > 0


class ProjectTotals(Spending):
    """The sums over all sessions."""

    sessions: int
    events: int
    llms: int
    tools: int
    actions: int
    errors: int
    prompt_tokens: int
    completion_tokens: int
    cache_read_tokens: int
    uncounted_llms: int


class DayOfModel(Spending):
    """The calls of one model on one day."""

    day: int
    model: str
    llms: int
    prompt_tokens: int
    completion_tokens: int
    cache_read_tokens: int


class DayOfStates(msgspec.Struct):
    """How many sessions started on a day, by how they ended; `Running` has not."""

    day: int
    states: dict[str, int]


class Latency(msgspec.Struct):
    """How long the calls of one model took that ended, in milliseconds."""

    of_model: str | None
    """None: over all models."""
    llms: int
    quantiles: list[float]
    """Of 50, 95 and 99 %."""


class OfAgent(Spending):
    """The events of one agent."""

    agent: str
    sessions: int
    events: int
    llms: int
    errors: int
    tokens: int


class OfTag(Spending):
    """The sessions with one tag."""

    tag: str
    sessions: int
    failures: int
    llms: int
    errors: int


class ErrorGroup(msgspec.Struct):
    """The errors of one type, and the session with the last one."""

    error_type: str
    errors: int
    sessions: int
    last_ns: int
    last_session_id: UUID


class DayOfErrors(msgspec.Struct):
    """How many errors happened on a day."""

    day: int
    errors: int


class ExpensiveSession(Spending):
    """A session and what it cost."""

    session_id: UUID
    name: str
    init_ns: int


class Overview:
    """The questions, over one project and span."""

    def __init__(self, warehouse: Warehouse, project_id: ProjectId, span: Span) -> None:
        self._warehouse = warehouse
        self._parameters: Parameters = {
            "project": str(project_id),
            "since_ns": span.since_ns,
            "until_ns": span.until_ns,
            "limit": MOST_GROUPS,
        }

    def total(self) -> ProjectTotals:
        """The sums over all sessions."""
        return self._ask("total", ProjectTotals)[0]

    def list_models(self) -> list[DayOfModel]:
        """By day and model, the days in order and the costliest model of each first."""
        return self._ask("by_day_and_model", DayOfModel)

    def list_states(self) -> list[DayOfStates]:
        """By day, how sessions ended."""
        return self._ask("by_day_and_state", DayOfStates)

    def list_latencies(self) -> list[Latency]:
        """Over all models, then by model, the most called first."""
        return self._ask("latencies", Latency)

    def list_agents(self) -> list[OfAgent]:
        """By agent, the costliest first; an empty name is of no agent."""
        return self._ask("by_agent", OfAgent)

    def list_tags(self) -> list[OfTag]:
        """By tag, the costliest first."""
        return self._ask("by_tag", OfTag)

    def list_errors(self) -> list[ErrorGroup]:
        """By type of error, the most frequent first."""
        return self._ask("error_groups", ErrorGroup)

    def list_error_days(self) -> list[DayOfErrors]:
        """By day, how many errors there were."""
        return self._ask("errors_by_day", DayOfErrors)

    def list_expensive(self) -> list[ExpensiveSession]:
        """The most expensive sessions."""
        return self._ask("expensive_sessions", ExpensiveSession)

    def _ask(self, question: str, row: type[_Row]) -> list[_Row]:
        sql = read_sql(f"overview/{question}").replace("/*SESSIONS*/", read_sql("overview/sessions_of_span"))
        return decode_rows(self._warehouse.query(sql, self._parameters), row)
