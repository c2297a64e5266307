"""What a list of sessions can be sorted by, in SQL. Only these texts ever become part of a query."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from agentops_server.errors import Invalid

# What the query's Decimal(38, 18) holds.
LARGEST_PLACE = 10**20

BY_FACTS = {
    "started": "init_ns",
    "ended": "end_ns",
    # Downwards, what wants to be looked at comes first: what runs, what failed, what nobody knows.
    "state": "multiIf(end_ns = 0, 3, end_state = 'Failure', 2, end_state = 'Indeterminate', 1, 0)",
}
DURATION = "greatest(0, if(end_ns = 0, greatest(init_ns, totals.last_ns), end_ns) - init_ns)"
BY_TOTALS = {
    "last_activity": "greatest(init_ns, totals.last_ns)",
    "duration": DURATION,
    "cost": "totals.cost",
    "tokens": "totals.prompt_tokens + totals.completion_tokens",
    "events": "totals.events",
    "llms": "totals.llms",
    "tools": "totals.tools",
    "actions": "totals.actions",
    "errors": "totals.errors",
    "agents": "arrayCount(agent -> agent != '', totals.agents)",
}
BY_TEXTS = {"name": "display_name", "host": "hosts[1]", "tags": "arrayStringConcat(tags, ' ')"}
SORTS = (*BY_FACTS, *BY_TOTALS, *BY_TEXTS)
# A place is part of a cursor, which has to fit into an address; what is alike so far is in the order of its ids.
_CHARACTERS = 100


@dataclass(frozen=True, slots=True)
class Sort:
    """What sessions are sorted by: its SQL, and the type of a place."""

    sql: str
    type: str

    def place(self, text: str) -> str:
        """A place as a parameter; an empty text is the place before all.

        Raises:
            Invalid: No list that is sorted like this has given it.
        """
        if self.type == "String":
            return text
        try:
            value = Decimal(text or 0)
        except InvalidOperation:
            value = Decimal("NaN")
        if not value.is_finite() or abs(value) >= LARGEST_PLACE:
            raise Invalid("cursor is not one that this list gave; start again without it")
        return f"{value:f}"


def find_sort(name: str) -> Sort:
    """One of `SORTS`."""
    if name in BY_TEXTS:
        return Sort(f"substringUTF8(lowerUTF8({BY_TEXTS[name]}), 1, {_CHARACTERS})", "String")
    return Sort(f"toDecimal128({BY_FACTS.get(name) or BY_TOTALS[name]}, 18)", "Decimal(38, 18)")
