"""The world that the support agents work in: one ticket, one order, one policy, and the tools that reach them."""

import time
from typing import Any

pace = 1.0  # how long the tools take; 0 answers at once
TICKET = (
    "From: Ada Okafor\nSubject: Kettle arrived broken\n\nHello, my kettle (order 1042) came with a broken lid, see the "
    "picture. I would like my money back, please."
)
ORDERS = {
    "1042": {
        "order_id": "1042",
        "customer": "Ada Okafor",
        "item": "Gooseneck kettle, matte black",
        "paid_usd": "39.90",
        "delivered_days_ago": 9,
        "refunded": False,
    }
}
POLICY = (
    "Damaged on arrival: within 30 days of delivery we refund in full to the card that paid. "
    "A photograph is enough; the item need not come back below 50 USD."
)


def lookup_order(order_id: str) -> dict[str, Any]:
    time.sleep(0.18 * pace)
    return dict(ORDERS[order_id])


def search_policy(query: str) -> dict[str, str]:
    time.sleep(0.32 * pace)
    return {"query": query, "found": POLICY}


def issue_refund(order_id: str, amount: str, reason: str) -> dict[str, str]:
    time.sleep(0.4 * pace)
    ORDERS[order_id]["refunded"] = True
    return {"refund_id": f"rf_{order_id}", "amount_usd": amount, "reason": reason, "status": "accepted"}


TOOLS = {"lookup_order": lookup_order, "search_policy": search_policy, "issue_refund": issue_refund}


def describe(name: str, purpose: str, *parameters: str) -> dict[str, Any]:
    """A tool as the model is told of it."""
    properties = {parameter: {"type": "string"} for parameter in parameters}
    schema = {"type": "object", "properties": properties, "required": list(parameters)}
    return {"type": "function", "function": {"name": name, "description": purpose, "parameters": schema}}


RESEARCH_TOOLS = [
    describe("lookup_order", "An order with its items, price and delivery", "order_id"),
    describe("search_policy", "What the handbook says about a case", "query"),
]
REFUND_TOOLS = [describe("issue_refund", "Pays money back to the card that paid", "order_id", "amount", "reason")]
