"""What a list of sessions can be sorted by, in SQL. Only these texts ever become part of a query."""

BY_FACTS = {"started": "init_ns", "ended": "end_ns"}
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
}
SORTS = (*BY_FACTS, *BY_TOTALS)


def sort_sql(sort: str) -> str:
    """The value that one of `SORTS` sorts by."""
    return BY_FACTS.get(sort) or BY_TOTALS[sort]
