"""States of a tool. As SDK 0.4 has them."""

from enum import Enum


class ToolStatus(Enum):
    """States of a tool."""

    EXECUTING = "executing"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
