"""The rooms that the jobs about costs need, over a real engine, without their threads."""

import uuid
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from agentops_server.domain.clock import now_ns
from agentops_server.domain.event import Event, Usage
from agentops_server.domain.ids import EventId, ProjectId, SessionId
from agentops_server.domain.project import Project
from agentops_server.http.listing import Listing
from agentops_server.ingest.changes import Changes
from agentops_server.ingest.price import price_event
from agentops_server.ingest.settled import SettledWarehouse
from agentops_server.ingest.work import Work
from agentops_server.ingest.writer import Writer
from agentops_server.jobs.amending import Amendments
from agentops_server.jobs.estimate import Estimates
from agentops_server.jobs.reprice import Repricer
from agentops_server.jobs.summarise import Summaries
from agentops_server.pricing.book import PriceBook
from agentops_server.queries.events import get_event
from agentops_server.queries.totals import get_totals
from agentops_server.storage.control.location import control_url
from agentops_server.storage.control.store import ControlStore
from agentops_server.storage.warehouse.port import Parameters, Warehouse
from agentops_server.storage.warehouse.rows import EventRow, decode_rows
from agentops_server.storage.warehouse.totals import Totals
from tests.server.making import ASKING, NOON_NS


class Figures(NamedTuple):
    llms: int
    prompt_tokens: int
    completion_tokens: int
    cost: Decimal
    unpriced: int
    uncounted: int
    estimated: int
    cost_is_lower_bound: bool


def figures(totals: Totals) -> Figures:
    return Figures(
        totals.llms,
        totals.prompt_tokens,
        totals.completion_tokens,
        totals.total_cost,
        totals.unpriced_llms,
        totals.uncounted_llms,
        totals.estimated_llms,
        totals.cost_is_lower_bound,
    )


_KEPT = """
SELECT session_id, llms, prompt_tokens, completion_tokens, toString(session_totals.cost) AS cost,
    unpriced_llms, uncounted_llms, estimated_llms
FROM session_totals FINAL
WHERE project_id = {project_id:UUID} AND session_id IN ({session_ids:Array(UUID)})
"""


class CostRooms:
    """Everything from the price book to the totals. `restart` is what a killed server leaves to the next one."""

    def __init__(self, warehouse: Warehouse, folder: Path) -> None:
        self.warehouse = warehouse
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self.control = ControlStore.open(control_url(folder))
        self.control.migrate()
        self.book = PriceBook(self.control.price_overrides)
        self._open()

    def _open(self) -> None:
        self.changes = Changes()
        self.writer = Writer(self.warehouse, self._folder / "journal", changes=self.changes)
        self.amendments = Amendments(self.warehouse, self.writer)
        self.summaries = Summaries(self.warehouse, self.writer, self.changes)
        self.estimates = Estimates(self.warehouse, self.amendments, self.book)
        self.repricer = Repricer(self.warehouse, self.amendments, self.book, self.control.repricings)

    def restart(self) -> None:
        """All that was only in memory is gone."""
        self.writer.close()
        self._open()

    def close(self) -> None:
        self.writer.close()
        self.control.close()

    def make_project(self) -> Project:
        return self.control.create_project(f"project {uuid.uuid4()}")

    def record(self, project: Project, session_id: SessionId, **facts: Any) -> Event:
        """One LLM call, priced as at its door, in the warehouse."""
        given: dict[str, Any] = {
            "id": EventId(uuid.uuid4()),
            "kind": "llm",
            "event_type": "llms",
            "init_ns": NOON_NS,
            "end_ns": NOON_NS + 1,
            "received_ns": now_ns(),
            "model": "gpt-4o",
            "usage": Usage(1000, 500),
        }
        event = Event(project.id, session_id, **{**given, **facts})
        price_event(event, self.book.of(project.id))
        self.writer.submit(Work(events=[event])).result()
        return event

    def summarise(self) -> None:
        """Until nothing is left to sum up."""
        self.summaries.run()
        while self.summaries.summarise():
            pass

    def stored(self, event: Event) -> EventRow:
        return get_event(self.warehouse, event.project_id, event.session_id, event.id)

    def kept(self, project_id: ProjectId, session_id: SessionId) -> Figures:
        """The row of totals as it stands, by whatever rules it was made."""
        parameters: Parameters = {"project_id": project_id, "session_ids": [session_id]}
        (row,) = decode_rows(self.warehouse.query(_KEPT, parameters), Totals)
        return figures(row)

    def listed(self, project_id: ProjectId, session_id: SessionId) -> Figures:
        """What a list shows, in a process that just started."""
        listing = Listing(SettledWarehouse(self.warehouse, self.writer.pending), Changes(), ASKING)
        return figures(listing.sum_up(project_id, [session_id])[session_id])

    def exact(self, project_id: ProjectId, session_id: SessionId) -> Figures:
        return figures(get_totals(self.warehouse, project_id, session_id))
