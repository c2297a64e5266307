"""What is expected of a library's program, and what of it was found in the session that the server shows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from tests.contract.otlp.scripted.script import ANSWER, INPUT_TOKENS, OUTPUT_TOKENS, REFUSAL

TOOL, FAILING_TOOL, FAILURE = "look_up_order", "cancel_order", "order 1042 is gone"
STOPPED = "stopped"
LISTS = ("llms", "tools", "actions", "errors")
AGENT_CALLS = {
    "plain": 1,
    "stream": 1,
    "asynchronous": 1,
    "asynchronous_stream": 1,
    "tools": 2,
    "streamed_tools": 2,
    "tool_error": 2,
    "error": 1,
}
"""The model calls of each step of most agent programs. Where a tool that fails ends the run, `tool_error` has one."""


@dataclass(frozen=True)
class Expectation:
    """One library.

    `calls` has each step of its program with the number of model calls in it; a call that is counted twice, or not at
    all, is a finding. `lacks` has the aspects that do not hold, with the reason: one that holds after all is a finding,
    too. `check` looks at what is this library's alone.
    """

    title: str
    distribution: str
    """Whose version the table names."""
    calls: Mapping[str, int]
    agents: tuple[str, ...] = ()
    """Names of the agents."""
    runs_tools: bool = False
    """Whether tools are run by the library, not only called by the model; agents run theirs."""
    has_model: bool = True
    """Whether it calls models; else it runs tools only."""
    error_says: str = REFUSAL
    retries: int = 1
    """How often a request was sent again in the step that was told to come again."""
    is_priced: bool = True
    """Whether the price book knows the model."""
    lacks: Mapping[str, str] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    """What else a user should know; the page has it."""
    check: "Callable[[Session], None] | None" = None
    environment: str = ""
    """The library in whose environment it runs, its own if not given."""
    libraries: tuple[str, ...] = ()
    """Titles in the SDK's table whose instrumentors must have captured it; the library's own if not given."""


class Step:
    """The events below one step of a program."""

    def __init__(self, rows: list[tuple[str, dict[str, Any]]]) -> None:
        self.rows = rows

    def _list(self, name: str) -> list[dict[str, Any]]:
        return [row for kind, row in self.rows if kind == name]

    @property
    def llms(self) -> list[dict[str, Any]]:
        return self._list("llms")

    @property
    def tools(self) -> list[dict[str, Any]]:
        return self._list("tools")

    @property
    def actions(self) -> list[dict[str, Any]]:
        return self._list("actions")

    @property
    def errors(self) -> list[dict[str, Any]]:
        return self._list("errors")


class Session:
    """A session as it was exported, by the steps of the program."""

    def __init__(self, export: dict[str, Any], left: Sequence[str] = ()) -> None:
        self.export = export
        self.left = left
        """What was still laid over the library after stopping."""
        rows = [(kind, row) for kind in LISTS for row in export[kind]]
        self._by_id = {row["id"]: row for _, row in rows}
        self._steps = {row["id"]: row["name"] for row in export["actions"] if row["parent_id"] is None}
        below: dict[str, list[tuple[str, dict[str, Any]]]] = {name: [] for name in self._steps.values()}
        self.strays: list[str] = []
        """Names of events that are below no step: their parent is unknown."""
        for kind, row in rows:
            if row["id"] in self._steps:
                continue
            root = self._root_of(row)
            if root in self._steps and self._steps[root] in below:
                below[self._steps[root]].append((kind, row))
            else:
                self.strays.append(f"{kind} {row['name']}")
        self.steps = {name: Step(found) for name, found in below.items()}

    def _root_of(self, row: dict[str, Any]) -> str:
        seen = {row["id"]}
        while (above := row.get("trigger_event_id") or row["parent_id"]) is not None:
            if above not in self._by_id or above in seen:
                return str(above)
            seen.add(above)
            row = self._by_id[above]
        return str(row["id"])

    def assert_tokens(self, *steps: str) -> None:
        """Every call in these steps has the endpoint's counts, and a price."""
        for name in steps:
            found = [(call["prompt_tokens"], call["completion_tokens"]) for call in self.steps[name].llms]
            assert set(found) == {(INPUT_TOKENS, OUTPUT_TOKENS)}, f"{name}: {found}"
            assert all(call["cost"] is not None for call in self.steps[name].llms), name

    @property
    def scopes(self) -> list[str]:
        """The instrumentation scopes that reported anything."""
        rows = (row for kind in LISTS for row in self.export[kind])
        return sorted({scope for row in rows if (scope := row["attributes"].get("otel.scope"))})


Aspect: TypeAlias = Callable[[Expectation, Session], str | None]
"""What is wrong, None for nothing."""


def judge(expected: Expectation, session: Session) -> dict[str, str | None]:
    """For each aspect that applies to the library, what is wrong with it, or None."""
    missing = expected.calls.keys() - session.steps.keys()
    if missing:
        return dict.fromkeys(ASPECTS, f"no step {', '.join(sorted(missing))} in the session")
    return {
        name: find(expected, session)
        for name, (steps, find) in ASPECTS.items()
        if (not steps or any(step in expected.calls for step in steps))
        and (expected.has_model or name in _WITHOUT_MODEL)
    }


def _step(session: Session, *names: str) -> Step:
    """The first of these steps that there is."""
    return next(session.steps[name] for name in names if name in session.steps)


def _once(expected: Expectation, session: Session) -> str | None:
    found = {name: len(step.llms) for name, step in session.steps.items() if name != STOPPED}
    return None if found == dict(expected.calls) else f"model calls {found}, not {dict(expected.calls)}"


def _parents(expected: Expectation, session: Session) -> str | None:
    return f"belongs to nothing: {', '.join(session.strays)}" if session.strays else None


def _stopping(expected: Expectation, session: Session) -> str | None:
    """What was captured after it was stopped, and what was not taken away."""
    if session.left:
        return f"left behind: {', '.join(session.left)}"
    step = session.steps.get(STOPPED)
    if step is None:
        return "not tried"
    return f"still captured: {[row['name'] for _, row in step.rows]}" if step.rows else None


def _messages_of(*steps: str) -> Aspect:
    def find(expected: Expectation, session: Session) -> str | None:
        calls = _step(session, *steps).llms
        for call in calls:
            if "Where is order 1042?" not in str(call["prompt"]):
                return f"prompt {call['prompt']!r}"
            if not any(word in str(call["completion"]) for word in (ANSWER, TOOL)):
                return f"completion {call['completion']!r}"
        return None if calls else "no call"

    return find


def _tokens_of(*steps: str) -> Aspect:
    def find(expected: Expectation, session: Session) -> str | None:
        calls, wanted = _step(session, *steps).llms, (INPUT_TOKENS, OUTPUT_TOKENS)
        found = [(call["prompt_tokens"], call["completion_tokens"]) for call in calls]
        if not found:
            return "no call"
        if any(call["usage_estimated"] for call in calls):
            return f"none were told; estimated as {found}"
        return None if set(found) == {wanted} else f"tokens {found}, not {wanted}"

    return find


def _cost(expected: Expectation, session: Session) -> str | None:
    costs = [call["cost"] for call in _step(session, "plain", "tools").llms]
    if not expected.is_priced:
        return None if costs == [None] else f"costs {costs}, though nobody knows the price"
    return None if costs and all(cost is not None and float(cost) > 0 for cost in costs) else f"costs {costs}"


def _first_token(expected: Expectation, session: Session) -> str | None:
    streams = [name for name in ("stream", "asynchronous_stream") if name in expected.calls]
    times = {name: [call["time_to_first_chunk"] for call in session.steps[name].llms] for name in streams}
    return None if all(told and all(told) for told in times.values()) else f"times {times}"


def _tools(expected: Expectation, session: Session) -> str | None:
    step = session.steps["tools"]
    called = [str(call["completion"]) for call in step.llms]
    if expected.has_model and not any(TOOL in text and "1042" in text for text in called):
        return f"no call by the model in {called}"
    if not expected.agents and not expected.runs_tools:
        return None
    run = [tool for tool in step.tools if tool["name"].endswith(TOOL)]
    if len(run) != 1:
        return f"tools {[tool['name'] for tool in step.tools]}"
    (tool,) = run
    if "1042" not in str(tool["params"]):
        return f"arguments {tool['params']!r}"
    return None if "order 1042 is on its way" in str(tool["returns"]) else f"result {tool['returns']!r}"


def _agents(expected: Expectation, session: Session) -> str | None:
    found = {agent["name"] for agent in session.export["agents"]}
    if not expected.agents:
        return f"agents {sorted(found)}" if found else None
    return None if set(expected.agents) <= found else f"agents {sorted(found)}, not {list(expected.agents)}"


def _errors(expected: Expectation, session: Session) -> str | None:
    others = {name: len(step.errors) for name, step in session.steps.items() if step.errors and "error" not in name}
    if others:
        return f"errors in {others}"
    errors = session.steps["error"].errors
    if len(errors) != 1:
        return f"{len(errors)} errors: {[(error['error_type'], error['trigger_event_type']) for error in errors]}"
    return None if expected.error_says in str(errors[0]) else f"it says {errors[0]['details']!r}"


def _tool_errors(expected: Expectation, session: Session) -> str | None:
    """One error, of the tool, however many exceptions the library has made of it."""
    step = session.steps["tool_error"]
    run = [tool["id"] for tool in step.tools if tool["name"].endswith(FAILING_TOOL)]
    told = [(error["error_type"], error["trigger_event_type"]) for error in step.errors]
    if len(run) != 1 or [error["trigger_event_id"] for error in step.errors] != run:
        return f"{len(run)} calls of the tool, errors {told}"
    return None if FAILURE in str(step.errors[0]["details"]) else f"it says {step.errors[0]['details']!r}"


def _finish_reason(expected: Expectation, session: Session) -> str | None:
    steps = [session.steps[name] for name in ("plain", "tools", "stream") if name in session.steps]
    calls = [call for step in steps for call in step.llms]
    missing = [call["name"] for call in calls if not call["finish_reasons"]]
    return f"none in {missing}" if missing else None


def _definitions(expected: Expectation, session: Session) -> str | None:
    found = [call["tool_definitions"] for call in session.steps["tools"].llms]
    return None if found and TOOL in str(found[0]) and "order_id" in str(found[0]) else f"found {found}"


def _parameters(expected: Expectation, session: Session) -> str | None:
    found = [call["model_params"] for call in _step(session, "plain", "tools").llms]
    return None if found and "0.2" in str(found[0]) else f"found {found}"


def _retries(expected: Expectation, session: Session) -> str | None:
    """One call, whose answer is there and which says how often it was sent again; that is no error of the session."""
    step = session.steps["retried"]
    found = [(ANSWER in str(call["completion"]), call["attributes"].get("agentops.retries")) for call in step.llms]
    wanted = [(True, str(expected.retries))]
    return None if found == wanted and not step.errors else f"calls {found}, {len(step.errors)} errors"


_ASKED = ("plain", "tools")
_WITHOUT_MODEL = frozenset(("once", "parents", "stopping", "tools", "errors"))

ASPECTS: dict[str, tuple[tuple[str, ...], Aspect]] = {
    "once": ((), _once),
    "parents": ((), _parents),
    "stopping": ((), _stopping),
    "messages": (_ASKED, _messages_of(*_ASKED)),
    "tokens": (_ASKED, _tokens_of(*_ASKED)),
    "cost": (_ASKED, _cost),
    "async": (("asynchronous",), _tokens_of("asynchronous")),
    "stream": (("stream",), _messages_of("stream")),
    "stream tokens": (("stream",), _tokens_of("stream")),
    "async stream": (("asynchronous_stream",), _tokens_of("asynchronous_stream")),
    "first token": (("stream",), _first_token),
    "tools": (("tools",), _tools),
    "agents": (("tools",), _agents),
    "errors": (("error",), _errors),
    "tool errors": (("tool_error",), _tool_errors),
    "finish reason": (_ASKED, _finish_reason),
    "tool definitions": (("tools",), _definitions),
    "parameters": (_ASKED, _parameters),
    "retries": (("retried",), _retries),
}
"""The aspects of a library: the steps one of which it takes to see each, and who finds what is wrong."""
