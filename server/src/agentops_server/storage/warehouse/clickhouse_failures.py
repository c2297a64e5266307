"""The errors of a ClickHouse server and of the way to it, as ours, each with what to do about it."""

from collections.abc import Iterator
from contextlib import contextmanager

from clickhouse_connect.driver.exceptions import Error
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError, ReadTimeoutError, SSLError

from agentops_server.errors import Unavailable
from agentops_server.storage.warehouse.address import ClickHouseAddress
from agentops_server.storage.warehouse.failures import FAILED, TOOK_TOO_LONG, TOOK_TOO_MUCH

# ClickHouse's error codes, from ErrorCodes.cpp.
_UNREACHED = {
    81: "there is no such database, and it could not be made",
    192: "it does not know the user of AGENTOPS_WAREHOUSE_URL",
    194: "the password in AGENTOPS_WAREHOUSE_URL is missing",
    497: "its user may not do this: grant it SELECT, INSERT, ALTER, CREATE TABLE and, on a cluster, CLUSTER and REMOTE",
    516: "it refuses the user or the password of AGENTOPS_WAREHOUSE_URL",
}
_ANSWERS = {
    159: TOOK_TOO_LONG,
    160: TOOK_TOO_LONG,
    241: TOOK_TOO_MUCH,
    202: "the ClickHouse server runs as many queries as it may; try again in a few seconds",
    209: "the ClickHouse server waited too long for another node; look at its network",
    210: "the ClickHouse server lost another node; look at its network",
    242: "a table is read-only: the ClickHouse server lost its Keeper; look at Keeper",
    243: "there is no space left on the ClickHouse server",
    252: "the ClickHouse server has too many parts and merges them first; try again in a minute",
    279: "the ClickHouse server reaches no replica of a shard; look at its nodes",
    999: "the ClickHouse server lost its Keeper; look at Keeper",
}


@contextmanager
def server_errors(address: ClickHouseAddress, *, may_tell: bool = False) -> Iterator[None]:
    """The errors of a block of calls as `Unavailable`.

    Args:
        address: The server, for messages.
        may_tell: Whether the server's words may reach who asked: those on a query may quote data.
    """
    try:
        yield
    except (Error, HTTPError) as error:
        raise Unavailable(_explain(address, error, may_tell)) from error


def _explain(address: ClickHouseAddress, error: Exception, may_tell: bool) -> str:
    code = getattr(error, "code", None)
    if code in _UNREACHED:
        return f"the ClickHouse server at {address} cannot be used: {_UNREACHED[code]}"
    if code in _ANSWERS:
        return _ANSWERS[code]
    if code is None and (reason := _explain_transport(error)):
        return f"the ClickHouse server at {address} does not answer: {reason}"
    if may_tell:
        return f"the ClickHouse server at {address} refused a statement: {_first_line(error)}"
    return FAILED


def _explain_transport(error: BaseException) -> str | None:
    """Why there was no answer, found among the causes of an error."""
    kinds = {type(each) for each in _iter_causes(error)}
    if SSLError in kinds:
        return "its certificate is not trusted, or it does not speak TLS there; see ca_cert of AGENTOPS_WAREHOUSE_URL"
    if ReadTimeoutError in kinds:
        return "it took the question and then was silent; look at its load"
    if kinds & {NewConnectionError, ConnectTimeoutError}:
        return "nothing takes connections there; start it, or set AGENTOPS_WAREHOUSE_URL right"
    if any(issubclass(kind, HTTPError) for kind in kinds):
        return "the connection broke; look at its log"
    return None


def _iter_causes(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    waiting: list[object] = [error]
    while waiting:
        each = waiting.pop()
        if isinstance(each, BaseException) and id(each) not in seen:
            seen.add(id(each))
            yield each
            waiting += [each.__cause__, each.__context__, getattr(each, "reason", None)]


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0][:300]
