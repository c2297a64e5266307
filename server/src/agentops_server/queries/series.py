"""What the sessions of a project come to over time: step by step, each session in the step that it started in.

So the figures of a step are those of the sessions that a list finds between its two times, and a bar of a chart leads
to exactly what it stands for. Like the overview, these questions do not wait for what was received in the last second.
"""

from typing import TypeVar

import msgspec

from agentops_server.domain.ids import ProjectId
from agentops_server.queries.filters import SessionFilter, filter_parameters, filter_sql
from agentops_server.queries.overview import Spending
from agentops_server.queries.sessions import join_sql
from agentops_server.queries.sql_files import read_sql
from agentops_server.storage.warehouse.port import Parameters, Warehouse
from agentops_server.storage.warehouse.rows import decode_rows

MOST_NAMES = 7
"""How many models, agents, tags or types of errors keep their name; a chart of more cannot be read."""

_Row = TypeVar("_Row")


class StepOfStates(msgspec.Struct):
    """How many sessions started in a step, by how they ended; `Running` has not."""

    step: int
    states: dict[str, int]


class StepOfName(Spending):
    """What the sessions of a step cost by one model, agent or tag; all the lesser ones together where `is_rest`."""

    step: int
    shown: str
    is_rest: bool
    sessions: int
    llms: int
    tokens: int


class StepOfErrors(msgspec.Struct):
    """The errors of one type in the sessions of a step; all the lesser types together where `is_rest`."""

    step: int
    shown: str
    is_rest: bool
    errors: int


class StepOfLatency(msgspec.Struct):
    """How long the LLM calls of a step's sessions took that ended, in milliseconds."""

    step: int
    llms: int
    quantiles: list[float]
    """Of 50, 95 and 99 %."""


class Series:
    """The questions, over the sessions that a filter finds."""

    def __init__(self, warehouse: Warehouse, project_id: ProjectId, wanted: SessionFilter, step_ns: int) -> None:
        self._warehouse = warehouse
        conditions = filter_sql(wanted)
        chosen = read_sql("series/sessions").replace("/*JOIN*/", join_sql(conditions)).replace("/*FILTER*/", conditions)
        self._chosen = _unawaited(chosen)
        self._parameters: Parameters = {
            **filter_parameters(wanted),
            "project": str(project_id),
            "from_ns": wanted.since_ns,
            "step_ns": step_ns,
            "most": MOST_NAMES,
        }

    def list_states(self) -> list[StepOfStates]:
        """How sessions ended."""
        return self._ask(read_sql("series/states"), StepOfStates)

    def list_models(self) -> list[StepOfName]:
        """What they cost by model."""
        return self._ask_spending("of_models")

    def list_agents(self) -> list[StepOfName]:
        """What they cost by agent; an empty name is of no agent."""
        return self._ask_spending("of_agents")

    def list_tags(self) -> list[StepOfName]:
        """What they cost by tag, of which a session may have several."""
        return self._ask_spending("of_tags")

    def list_errors(self) -> list[StepOfErrors]:
        """Their errors by type."""
        return self._ask(read_sql("series/errors"), StepOfErrors)

    def list_latencies(self) -> list[StepOfLatency]:
        """How long their LLM calls took."""
        return self._ask(read_sql("series/latencies"), StepOfLatency)

    def _ask_spending(self, parts: str) -> list[StepOfName]:
        return self._ask(read_sql("series/spending").replace("/*PARTS*/", read_sql(f"series/{parts}")), StepOfName)

    def _ask(self, sql: str, row: type[_Row]) -> list[_Row]:
        return decode_rows(self._warehouse.query(sql.replace("/*SESSIONS*/", self._chosen), self._parameters), row)


def _unawaited(sql: str) -> str:
    """The conditions of a list, which nobody waits for here: see the overview."""
    return sql.replace("{project_id:", "{project:")
