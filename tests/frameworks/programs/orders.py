"""What the agents of the frameworks' programs are told, and what their tools do."""

from contextlib import suppress

from tests.frameworks.programs.asking import look_up

MODEL = "gpt-4o"
INSTRUCTIONS = "You know about orders."
CLERK = "clerk"
"""The agent whose tool works."""
CANCELLER = "canceller"
"""The agent whose tool fails."""
STRANGER = "stranger"
"""The agent whose model refuses."""
failing = suppress(Exception)
"""Around a step that fails: frameworks wrap what was raised in exceptions of their own, or raise nothing."""


class OrderGoneError(Exception):
    """What the failing tool raises."""


def look_up_order(order_id: str) -> str:
    """Where an order is.

    Args:
        order_id: The number of the order.
    """
    return look_up(order_id)


def cancel_order(order_id: str) -> str:
    """Cancel an order.

    Args:
        order_id: The number of the order.
    """
    raise OrderGoneError(f"order {order_id} is gone")
