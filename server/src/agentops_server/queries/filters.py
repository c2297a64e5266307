"""Which sessions are wanted, and the SQL of that. Only texts that stand in this file ever become part of a query."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from agentops_server.domain.clock import LAST_NS
from agentops_server.queries.sorts import BY_TOTALS, DURATION
from agentops_server.queries.words import Words, in_events_sql, word_parameters
from agentops_server.storage.warehouse.port import Parameter

COUNTS = ("events", "llms", "tools", "actions", "errors", "tokens")
"""What a session may have so many of, at least or at most."""


@dataclass(frozen=True, slots=True)
class CountBound:
    """At least, or at most, so many of one of `COUNTS`, inclusive."""

    count: str
    is_least: bool
    number: int

    @property
    def name(self) -> str:
        """As a parameter."""
        return f"{'min' if self.is_least else 'max'}_{self.count}"

    @property
    def sql(self) -> str:
        """The condition."""
        return f"{BY_TOTALS[self.count]} {'>=' if self.is_least else '<='} {{{self.name}:UInt64}}"


@dataclass(frozen=True, slots=True)
class SessionFilter:
    """Which sessions are wanted, and in which order; what is left as it is does not filter."""

    tags: tuple[str, ...] = ()
    """All of these."""
    end_state: str = ""
    """Success, Failure, Indeterminate or Running."""
    since_ns: int = 0
    until_ns: int = LAST_NS
    """These two bound the start: at or after the one, before the other."""
    active_since_ns: int = 0
    active_until_ns: int = LAST_NS
    """The same of the last activity."""
    model: str = ""
    agent: str = ""
    tool: str = ""
    error_type: str = ""
    """Sessions with an LLM call of this model, an event of this agent, a call of this tool, an error of this type."""
    host: str = ""
    """Sessions with a process on the host of this name."""
    has_errors: bool | None = None
    min_cost: Decimal | None = None
    max_cost: Decimal | None = None
    """In US dollars, both inclusive."""
    min_duration_ns: int | None = None
    max_duration_ns: int | None = None
    counts: tuple[CountBound, ...] = ()
    words: Words = ()
    """Sessions with an event that has all of these words."""
    sort: str = "started"
    """One of `agentops_server.queries.sorts.SORTS`."""
    ascending: bool = False


@dataclass(frozen=True, slots=True)
class _Clause:
    """A condition, when it holds, and the parameter of it."""

    field: str
    sql: str
    value: Callable[[SessionFilter], Parameter | None]

    def holds(self, wanted: SessionFilter) -> bool:
        return self.value(wanted) not in (None, "", ())


def _money(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:f}"


def _yes_or_no(flag: bool | None) -> int | None:
    return None if flag is None else int(flag)


_CLAUSES = (
    _Clause("tags", "hasAll(tags, {tags:Array(String)})", lambda f: f.tags),
    _Clause(
        "end_state",
        "{end_state:String} = if(end_ns = 0, 'Running', toString(end_state))",
        lambda f: f.end_state,
    ),
    _Clause("since_ns", "init_ns >= {since_ns:Int64}", lambda f: f.since_ns or None),
    _Clause(
        "until_ns",
        "init_ns < {until_ns:Int64}",
        lambda f: f.until_ns if f.until_ns < LAST_NS else None,
    ),
    _Clause(
        "active_since_ns",
        f"{BY_TOTALS['last_activity']} >= {{active_since_ns:Int64}}",
        lambda f: f.active_since_ns or None,
    ),
    _Clause(
        "active_until_ns",
        f"{BY_TOTALS['last_activity']} < {{active_until_ns:Int64}}",
        lambda f: f.active_until_ns if f.active_until_ns < LAST_NS else None,
    ),
    _Clause("model", "has(totals.models, {model:String})", lambda f: f.model),
    _Clause("agent", "has(totals.agents, {agent:String})", lambda f: f.agent),
    _Clause("tool", "has(totals.tool_names, {tool:String})", lambda f: f.tool),
    _Clause("error_type", "has(totals.error_types, {error_type:String})", lambda f: f.error_type),
    _Clause("host", "has(hosts, {host:String})", lambda f: f.host),
    _Clause("has_errors", "(totals.errors > 0) = ({has_errors:UInt8} = 1)", lambda f: _yes_or_no(f.has_errors)),
    _Clause("min_cost", "totals.cost >= {min_cost:Decimal(38, 18)}", lambda f: _money(f.min_cost)),
    _Clause("max_cost", "totals.cost <= {max_cost:Decimal(38, 18)}", lambda f: _money(f.max_cost)),
    _Clause("min_duration_ns", f"{DURATION} >= {{min_duration_ns:Int64}}", lambda f: f.min_duration_ns),
    _Clause("max_duration_ns", f"{DURATION} <= {{max_duration_ns:Int64}}", lambda f: f.max_duration_ns),
)


def filter_sql(wanted: SessionFilter) -> str:
    """The conditions, each with its `AND` before it."""
    held = [clause.sql for clause in _CLAUSES if clause.holds(wanted)]
    held += [bound.sql for bound in wanted.counts]
    if wanted.words:
        held.append(in_events_sql(wanted.words))
    return "".join(f"\n    AND {sql}" for sql in held)


def filter_parameters(wanted: SessionFilter) -> dict[str, Parameter]:
    """The values of the conditions."""
    given = ((clause.field, clause.value(wanted)) for clause in _CLAUSES if clause.holds(wanted))
    counts = {bound.name: bound.number for bound in wanted.counts}
    return {**{name: value for name, value in given if value is not None}, **counts, **word_parameters(wanted.words)}
