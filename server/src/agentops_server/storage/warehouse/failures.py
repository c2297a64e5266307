"""What every driver says when the engine does not take or give the data: to a client, so without the engine's words."""

from agentops_server.errors import Unavailable

TOOK_TOO_LONG = "the query took longer than its time limit; narrow it, or raise AGENTOPS_QUERY_TIMEOUT_S"
TOOK_TOO_MUCH = "the query needs more memory than it may use; narrow it"
FAILED = "the warehouse did not take or give the data; the server's log says why"


def count_rows(rows: bytes) -> int:
    """How many rows JSONEachRow text has; the last line may end without a line feed."""
    return rows.count(b"\n") + (not rows.endswith(b"\n"))


def check_count(table: str, written: int, expected: int) -> None:
    """Raise `Unavailable` if the engine stored other than the given rows."""
    if written != expected:
        raise Unavailable(f"the warehouse stored {written} of {expected} rows of {table}")
