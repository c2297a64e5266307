"""What a list of sessions may be asked for, from the query of a request."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Annotated

from fastapi import Depends, Query, Request
from fastapi.dependencies.models import Dependant

from agentops_server.domain.clock import LAST_NS, NS, decode_time
from agentops_server.domain.money import decode_money
from agentops_server.domain.session import EndState, find_end_state
from agentops_server.errors import Invalid
from agentops_server.queries.attributes import MOST_ATTRIBUTES, WantedAttribute
from agentops_server.queries.filters import CountBound, SessionFilter
from agentops_server.queries.sorts import SORTS
from agentops_server.queries.words import LONGEST_TEXT, MOST_WORDS, Words, split_words

RUNNING = "Running"
LONGEST_DURATION_S = LAST_NS / NS

_Text = Annotated[str, Query(max_length=1000)]
Since = Annotated[str | None, Query(description="Started at or after this ISO 8601 time.")]
Until = Annotated[str | None, Query(description="Started before this ISO 8601 time.")]
_Seconds = Annotated[float | None, Query(ge=0, le=LONGEST_DURATION_S, allow_inf_nan=False)]
_Count = Annotated[int | None, Query(ge=0, lt=1 << 63)]


def count_bounds(
    min_events: _Count = None,
    max_events: _Count = None,
    min_llms: _Count = None,
    max_llms: _Count = None,
    min_tools: _Count = None,
    max_tools: _Count = None,
    min_actions: _Count = None,
    max_actions: _Count = None,
    min_errors: _Count = None,
    max_errors: _Count = None,
    min_tokens: _Count = None,
    max_tokens: _Count = None,
) -> tuple[CountBound, ...]:
    """How many events and tokens a session may have, at least and at most."""
    bounds = {
        "events": (min_events, max_events),
        "llms": (min_llms, max_llms),
        "tools": (min_tools, max_tools),
        "actions": (min_actions, max_actions),
        "errors": (min_errors, max_errors),
        "tokens": (min_tokens, max_tokens),
    }
    return tuple(
        CountBound(count, is_least, number)
        for count, pair in bounds.items()
        for is_least, number in zip((True, False), pair, strict=True)
        if number is not None
    )


def refuse_unknown(request: Request) -> None:
    """A parameter that nobody reads would be a filter that does not filter.

    Raises:
        Invalid: The route has no parameter of a name that was given.
    """
    known = set(_iter_names(request.scope["route"].dependant))
    if unknown := [name for name in request.query_params if name not in known]:
        raise Invalid(f"there is no parameter {', '.join(unknown)}; the parameters are {', '.join(sorted(known))}")


def _iter_names(dependant: Dependant) -> Iterator[str]:
    yield from (parameter.alias for parameter in dependant.query_params)
    for inner in dependant.dependencies:
        yield from _iter_names(inner)


def session_filter(  # noqa: PLR0917 - the framework reads the signature, nobody calls it
    _: Annotated[None, Depends(refuse_unknown)],
    tag: Annotated[list[str] | None, Query(description="A tag; repeated, all of them must be there.")] = None,
    end_state: Annotated[str | None, Query(description="Success, Failure, Indeterminate or Running.")] = None,
    since: Since = None,
    until: Until = None,
    active_since: Annotated[str | None, Query(description="Last active at or after this ISO 8601 time.")] = None,
    active_until: Annotated[str | None, Query(description="Last active before this ISO 8601 time.")] = None,
    model: Annotated[_Text, Query(description="With an LLM call of this model.")] = "",
    agent: Annotated[_Text, Query(description="With an event of the agent of this name.")] = "",
    tool: Annotated[_Text, Query(description="With a call of this tool.")] = "",
    error_type: Annotated[_Text, Query(description="With an error of this type.")] = "",
    host: Annotated[_Text, Query(description="With a process on the host of this name.")] = "",
    has_errors: Annotated[bool | None, Query(description="With errors, or without any.")] = None,
    min_cost: Annotated[str | None, Query(description="At least so many US dollars.")] = None,
    max_cost: Annotated[str | None, Query(description="At most so many US dollars.")] = None,
    min_duration_s: _Seconds = None,
    max_duration_s: _Seconds = None,
    counts: Annotated[tuple[CountBound, ...], Depends(count_bounds)] = (),
    q: Annotated[str | None, Query(description="Words that all are in the text of one event.")] = None,
    sort: Annotated[str, Query(description=f"One of {', '.join(SORTS)}.")] = "started",
    order: Annotated[str, Query(pattern="^(asc|desc)$")] = "desc",
) -> SessionFilter:
    """Which sessions are wanted.

    Raises:
        Invalid: A parameter is not what it should be; the message names it.
    """
    if sort not in SORTS:
        raise Invalid(f"sort must be one of {', '.join(SORTS)}")
    return SessionFilter(
        tags=tuple(tag or ()),
        end_state=_end_state(end_state),
        since_ns=decode_bound(since, "since", 0),
        until_ns=decode_bound(until, "until", LAST_NS),
        active_since_ns=decode_bound(active_since, "active_since", 0),
        active_until_ns=decode_bound(active_until, "active_until", LAST_NS),
        model=model,
        agent=agent,
        tool=tool,
        error_type=error_type,
        host=host,
        has_errors=has_errors,
        min_cost=_money(min_cost, "min_cost"),
        max_cost=_money(max_cost, "max_cost"),
        min_duration_ns=None if min_duration_s is None else int(min_duration_s * NS),
        max_duration_ns=None if max_duration_s is None else int(max_duration_s * NS),
        counts=counts,
        words=() if q is None else decode_words(q),
        sort=sort,
        ascending=order == "asc",
    )


def decode_words(text: str) -> Words:
    """The words of a `q`.

    Raises:
        Invalid: There are none, or too many.
    """
    words = split_words(text) if len(text) <= LONGEST_TEXT else ()
    if not 0 < len(words) <= MOST_WORDS:
        raise Invalid(f"q must be 1 to {MOST_WORDS} words of letters or digits, of {LONGEST_TEXT} characters at most")
    return words


def decode_attributes(texts: Sequence[str]) -> tuple[WantedAttribute, ...]:
    """Attributes of an `attribute`; raises `Invalid` for one without a name, or too many."""
    parts = [text.partition("=") for text in texts]
    if len(parts) > MOST_ATTRIBUTES or not all(name and len(name + value) <= LONGEST_TEXT for name, _, value in parts):
        raise Invalid(f"attribute must be name=value or name, up to {MOST_ATTRIBUTES} times")
    return tuple(WantedAttribute(name, value if sign else None) for name, sign, value in parts)


def decode_bound(text: str | None, field: str, default_ns: int) -> int:
    """A time of the query in nanoseconds since 1970; raises `Invalid` for what is not one."""
    try:
        return default_ns if text is None else decode_time(text)
    except ValueError as error:
        raise Invalid(f"{field}: {error}") from None


def _money(text: str | None, field: str) -> Decimal | None:
    try:
        return None if text is None else decode_money(text)
    except ValueError as error:
        raise Invalid(f"{field}: {error}") from None


def _end_state(text: str | None) -> str:
    if text is None:
        return ""
    if text.lower() == RUNNING.lower():
        return RUNNING
    if (found := find_end_state(text)) is None:
        raise Invalid(f"end_state must be one of {', '.join([*EndState, RUNNING])}")
    return found
