"""Step: what each LLM call cost."""

from agentops_server.domain.batch import Batch
from agentops_server.domain.event import Kind
from agentops_server.ingest.pipeline import Step
from agentops_server.pricing.book import PriceBook


def price_with(book: PriceBook) -> Step:
    """A step that prices with this book. A cost that the client reported is kept, and stands; none is ever invented."""

    def price(batch: Batch) -> None:
        for event in batch.events:
            if event.kind != Kind.LLM:
                continue
            if event.reported_cost is not None:
                event.cost = event.reported_cost
            elif event.usage is not None and (priced := book.find_price(event.model, event.usage, event.init_ns)):
                event.cost = priced.amount
                event.price_version = priced.version

    return price
