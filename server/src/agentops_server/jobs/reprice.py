"""Pricing stored calls anew: first a plan that changes nothing, then, once somebody confirmed it, the change.

Everything is worked out from the calls as they are, so that a repricing that was killed begins again and finds what is
left, and one that is done changes nothing when it is done again.
"""

import logging
import time
from collections.abc import Iterator
from decimal import Decimal

from agentops_server.domain.money import sum_money
from agentops_server.errors import ServerError
from agentops_server.jobs.amending import Amendments, price_row
from agentops_server.jobs.calls import Call, Calls, is_other_price, standing_cost
from agentops_server.pricing.book import Price, PriceBook, Prices
from agentops_server.storage.control.repricings import Plan, PlanLine, Repricing, Repricings, RepricingState
from agentops_server.storage.warehouse.port import Warehouse

logger = logging.getLogger(__name__)

PAUSE_S = 0.5
# The part of one core that it may take, and how long it works before it pauses.
SHARE = 0.5
TURN_S = 1.0


class Repricer:
    """Does what repricings ask for, one after the other, a little in each turn."""

    def __init__(self, warehouse: Warehouse, amendments: Amendments, book: PriceBook, repricings: Repricings) -> None:
        self._warehouse = warehouse
        self._amendments = amendments
        self._book = book
        self._repricings = repricings
        self._under_way: Iterator[None] | None = None

    def run(self) -> None:
        """One turn."""
        until_s = time.monotonic() + TURN_S
        while time.monotonic() < until_s:
            if self._under_way is None:
                if (repricing := self._repricings.find_open()) is None:
                    return
                self._under_way = self._work(repricing)
            if next(self._under_way, self) is self:
                self._under_way = None

    def _work(self, repricing: Repricing) -> Iterator[None]:
        prices = self._book.of(repricing.project_id)
        work = self._plan if repricing.state is RepricingState.ASKED else self._apply
        try:
            yield from work(repricing, prices)
        except ServerError as error:
            logger.warning("a repricing failed: %s", error.message)
            self._repricings.change(
                repricing.id, repricing.state, state=RepricingState.FAILED.value, failure=error.message
            )

    def _plan(self, repricing: Repricing, prices: Prices) -> Iterator[None]:
        lines: dict[str, PlanLine] = {}
        for portion in Calls(self._warehouse, repricing).iter_portions():
            for call in (call for block in portion for call in block):
                _count(lines, call, call.price(prices))
            yield
        plan = Plan(prices.fingerprint, sorted(lines.values(), key=lambda line: line.model))
        self._repricings.change(repricing.id, repricing.state, state=RepricingState.PLANNED.value, plan=plan)

    def _apply(self, repricing: Repricing, prices: Prices) -> Iterator[None]:
        if prices.fingerprint != repricing.plan.prices:
            failure = "the prices are others than those of the plan; ask again"
            self._repricings.change(repricing.id, repricing.state, state=RepricingState.FAILED.value, failure=failure)
            return
        done = repricing.done_events
        calls = Calls(self._warehouse, repricing)
        for portion in calls.iter_portions():
            # Read out first: a query has a time limit, and writing takes its time.
            outdated = [call.key for block in portion for call in block if _is_other(call, call.price(prices))]
            for rows in calls.iter_rows(outdated):
                self._amendments.store([price_row(row, prices) for row in rows])
            done += len(outdated)
            self._repricings.change(repricing.id, repricing.state, done_events=done)
            yield
        self._repricings.change(repricing.id, repricing.state, state=RepricingState.DONE.value, done_events=done)


def _is_other(call: Call, new: Price | None) -> bool:
    return is_other_price(call.computed_cost, new) or call.price_version != ("" if new is None else new.version)


def _count(lines: dict[str, PlanLine], call: Call, new: Price | None) -> None:
    if (line := lines.get(call.model)) is None:
        line = lines[call.model] = PlanLine(call.model, 0, 0, 0, Decimal(0), Decimal(0), 0, 0)
    line.calls += 1
    if is_other_price(call.computed_cost, new):
        line.changed += 1
    elif _is_other(call, new):
        line.renamed += 1
    old_cost = None if call.cost is None else Decimal(call.cost)
    new_cost = standing_cost(call, None if new is None else new.amount)
    line.old_cost = sum_money((line.old_cost, old_cost or Decimal(0)))
    line.new_cost = sum_money((line.new_cost, new_cost or Decimal(0)))
    line.old_unknown += old_cost is None
    line.new_unknown += new_cost is None
