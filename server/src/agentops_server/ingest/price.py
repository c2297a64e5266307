"""Step: what each LLM call cost, and each call of a tool that says so."""

from agentops_server.domain.batch import Batch
from agentops_server.domain.event import Event, Kind
from agentops_server.domain.ids import ProjectId
from agentops_server.ingest.pipeline import Step
from agentops_server.pricing.book import PriceBook, Prices


def price_with(book: PriceBook) -> Step:
    """A step that prices with this book, by the prices of each event's project as they are at that moment."""

    def price(batch: Batch) -> None:
        of_project: dict[ProjectId, Prices] = {}
        project_id: ProjectId | None = None
        for event in batch.events:
            if event.kind == Kind.TOOL:
                event.cost = event.reported_cost  # nobody else knows what a tool costs
            if event.kind != Kind.LLM:
                continue
            if event.project_id is not project_id:  # to compare ids by value costs more than the price
                project_id = event.project_id
                if (found := of_project.get(project_id)) is None:
                    found = of_project[project_id] = book.of(project_id)
                prices = found
            price_event(event, prices)

    return price


def price_event(event: Event, prices: Prices) -> None:
    """Set what an LLM call cost. What the client reported is kept beside our sum, and stands; none is ever invented."""
    priced = prices.price_event(event)
    event.computed_cost = None if priced is None else priced.amount
    event.price_version = "" if priced is None else priced.version
    event.cost = event.computed_cost if event.reported_cost is None else event.reported_cost
