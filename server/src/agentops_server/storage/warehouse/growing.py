"""Sums of sessions that are being recorded: what comes in is added to them, so that nobody has to ask for them again.

To ask the engine for the sums of a few sessions costs as much as all the rest of a list, and while events come in they
are out of date several times a second. They are not counted up all the same (ADR 7): they are asked of the events,
together with the ids of these, and the only change that is ever added is a new event of a known agent, in the order of
its process. After anything else, an id that is there already, a late event, a name, they are asked for anew. So they
are always what the engine would answer, and are never stored.
"""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import NamedTuple, TypeAlias
from uuid import UUID

import msgspec
from msgspec import structs

from agentops_server.domain.event import Kind
from agentops_server.domain.ids import ProjectId, SessionId
from agentops_server.domain.money import encode_money, sum_money
from agentops_server.storage.warehouse.cells import Cell, ParticipantTotals
from agentops_server.storage.warehouse.remembered import Remembered
from agentops_server.storage.warehouse.rows import NO_ID
from agentops_server.storage.warehouse.totals import Totals

MOST_IDS = 10_000
"""Of one session that grows."""
MOST_IDS_OF_ALL = 200_000
GROWS_FOR_S = 60.0
"""After somebody asked for them, sums grow for so long."""

_Key: TypeAlias = tuple[ProjectId, SessionId]


@dataclass(slots=True)
class Summed:
    """What a session adds up to, and what one must know to add to it.

    Attributes:
        totals: The sums, without their parts by model, tool and error; of those by agent only the names hold.
        ids: The ids of its events; None where it is not to grow. The set grows with it.
        agents: Those that recorded something.
        asked_s: When somebody asked for it last, on the monotonic clock.
    """

    totals: Totals
    ids: set[UUID] | None = None
    agents: frozenset[UUID] = frozenset()
    asked_s: float = field(default_factory=time.monotonic, compare=False)


class Stored(NamedTuple):
    """What one request brought, and is stored."""

    sessions: Sequence[_Key]
    events: memoryview
    """Rows of ``events``, as JSONEachRow."""
    names_agents: bool


class _New(msgspec.Struct):
    """What sums need of a row of ``events``."""

    project_id: UUID
    session_id: UUID
    event_id: UUID
    kind: str
    init_ns: int
    end_ns: int = 0
    agent_id: UUID = NO_ID
    participant_id: UUID = NO_ID
    sequence: int = 0
    input_tokens: int | None = None
    output_tokens: int | None = None
    usage: dict[str, int] = {}
    usage_estimated: bool = False
    cost: str | None = None


_decode = msgspec.json.Decoder(_New).decode


def summed_up(totals: Totals, cells: Sequence[Cell]) -> Summed:
    """The sums of a session from its cells; it does not grow where these have not the ids of all its events."""
    light = structs.replace(totals, by_model=[], by_tool=[], by_error=[])  # of a large session these are large
    ids = {each for cell in cells for each in cell.ids}
    if len(ids) < totals.events or len(ids) > MOST_IDS:
        return Summed(light)
    return Summed(light, ids, frozenset(cell.agent_id for cell in cells))


class GrowingSums(Remembered[Summed]):
    """Sums of the sessions that somebody asked for."""

    def grow(self, stored: Iterable[Stored]) -> dict[_Key, Summed]:
        """The sums with what was stored, of those sessions where that can be told; nobody else may store meanwhile."""
        told = list(stored)
        # All at once: sums that a reader brings in between would lack what was looked at before.
        before = self._find_growing(key for each in told for key in each.sessions)
        growing: dict[_Key, _Growth | None] = {key: _Growth(summed) for key, summed in before.items()}
        for sessions, events, names_agents in told:
            own = {key for key in sessions if growing.get(key) is not None}
            if names_agents:
                growing |= dict.fromkeys(own)
            elif own:
                _add_events(growing, events)
        return {key: growth.summed for key, growth in growing.items() if growth is not None}

    def _find_growing(self, keys: Iterable[_Key]) -> dict[_Key, Summed]:
        earliest_s = time.monotonic() - GROWS_FOR_S
        with self._lock:
            found = {key: summed for key in keys if (summed := self._peek(key)) is not None}
        return {key: each for key, each in found.items() if each.ids is not None and each.asked_s > earliest_s}

    def keep_grown(self, grown: Mapping[_Key, Summed]) -> None:
        """Remember what `grow` told, after the change of these sessions was counted."""
        now = self.now
        with self._lock:
            for key, summed in grown.items():
                self._put(key, summed, now)
            self._bound_ids()

    def find(self, project_id: ProjectId, session_ids: Iterable[SessionId]) -> dict[SessionId, Summed]:
        found = super().find(project_id, session_ids)
        for summed in found.values():
            summed.asked_s = time.monotonic()
        return found

    def keep(self, project_id: ProjectId, values: Mapping[SessionId, Summed], since: int) -> None:
        super().keep(project_id, values, since)
        with self._lock:
            self._bound_ids()

    def _bound_ids(self) -> None:
        left = MOST_IDS_OF_ALL
        for key, (counted, summed) in reversed(self._values.items()):
            left -= len(summed.ids or ())
            if left < 0:
                self._values[key] = (counted, replace(summed, ids=None))


def _add_events(growing: "dict[_Key, _Growth | None]", events: memoryview) -> None:
    for line in bytes(events).split(b"\n"):
        new = _decode(line)
        key = (ProjectId(new.project_id), SessionId(new.session_id))
        if (growth := growing.get(key)) is not None and not growth.add(new):
            growing[key] = None


class _Growth:
    """The sums of one session while events are added."""

    def __init__(self, before: Summed) -> None:
        self._before = before
        self._ids = set() if before.ids is None else before.ids
        self._new: list[_New] = []
        self._participants = {each.participant_id: each for each in before.totals.participants}

    def add(self, new: _New) -> bool:
        """Add an event; false when its sums can only be told by the engine."""
        is_known = new.event_id in self._ids or len(self._ids) >= MOST_IDS
        if is_known or not (new.agent_id == NO_ID or new.agent_id in self._before.agents):
            return False
        if new.sequence:
            place = ParticipantTotals(new.participant_id, 0, 0)
            known = self._participants.get(new.participant_id, place)
            if new.sequence <= known.recorded:
                return False  # late, or a number that was given twice
            self._participants[new.participant_id] = structs.replace(
                known, recorded=new.sequence, received=known.received + 1
            )
        self._ids.add(new.event_id)
        self._new.append(new)
        return True

    @property
    def summed(self) -> Summed:
        """The sums with what was added."""
        before, new = self._before.totals, self._new
        llms = [each for each in new if each.kind == Kind.LLM]
        tools = sum(each.kind == Kind.TOOL for each in new)
        errors = sum(each.kind == Kind.ERROR for each in new)
        costs = [Decimal(each.cost) for each in new if each.cost is not None]
        totals = structs.replace(
            before,
            events=before.events + len(new),
            llms=before.llms + len(llms),
            tools=before.tools + tools,
            errors=before.errors + errors,
            actions=before.actions + len(new) - len(llms) - tools - errors,
            prompt_tokens=before.prompt_tokens + sum(each.input_tokens or 0 for each in new),
            completion_tokens=before.completion_tokens + sum(each.output_tokens or 0 for each in new),
            cache_read_tokens=before.cache_read_tokens + sum(each.usage.get("cache_read", 0) for each in new),
            cost=encode_money(sum_money([before.total_cost, *costs])),
            unpriced_llms=before.unpriced_llms + sum(each.cost is None for each in llms),
            uncounted_llms=before.uncounted_llms
            + sum(each.input_tokens is None or each.output_tokens is None for each in llms),
            estimated_llms=before.estimated_llms + sum(each.usage_estimated for each in llms),
            last_ns=max([before.last_ns, *(max(each.init_ns, each.end_ns) for each in new)]),
            participants=[self._participants[each] for each in sorted(self._participants)],
        )
        return Summed(totals, self._ids, self._before.agents, self._before.asked_s)
