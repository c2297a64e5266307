"""The warehouse on a ClickHouse server, or a cluster of them, through its HTTP interface.

The same SQL as embedded. Inserts wait until the rows are stored and may be sent again: rows have versions, so a second
copy changes nothing, and the server's own recognition of duplicates, which would hide how many rows it took, is off.
"""

import logging
import sys
from collections.abc import Generator, Iterator
from typing import Any

import clickhouse_connect
from clickhouse_connect.driver import httputil
from clickhouse_connect.driver.client import Client
from urllib3 import HTTPResponse, PoolManager

from agentops_server.errors import Invalid, Unavailable
from agentops_server.storage.warehouse.address import ClickHouseAddress
from agentops_server.storage.warehouse.clickhouse_answers import iter_blocks
from agentops_server.storage.warehouse.clickhouse_failures import server_errors
from agentops_server.storage.warehouse.cluster import Cluster
from agentops_server.storage.warehouse.failures import check_count, count_rows
from agentops_server.storage.warehouse.port import Format, Parameters, encode_parameter
from agentops_server.storage.warehouse.streams import StreamShare

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

CONNECTIONS = 32
COMPRESSION_LEVEL = 1
CONNECT_TIMEOUT_S = 10
# What the way may take beyond the time limit of a query.
MARGIN_S = 30
STREAM_TIMEOUT_S = 3600.0
SETTINGS: dict[str, str | int] = {
    "async_insert": 0,  # an insert answers when its rows are stored
    "insert_deduplicate": 0,
    "input_format_skip_unknown_fields": 0,  # a row's field without a column is an error
    "exclude_materialize_skip_indexes_on_insert": "words",  # merges make it: at inserts it costs as much as the rest
    "output_format_json_quote_decimals": 1,
    "output_format_json_quote_64bit_integers": 0,
}
# Otherwise the answer may begin, with its count of rows, before the last of them is stored.
_WHOLE_SUMMARY = {"wait_end_of_query": 1}


class ClickHouseWarehouse:
    """A `Warehouse` on a server. Calls may come from any thread."""

    def __init__(
        self, address: ClickHouseAddress, *, query_timeout_s: float = 30.0, stream_timeout_s: float = STREAM_TIMEOUT_S
    ) -> None:
        """Connect, and make the database if it is not there.

        Args:
            address: The server, and the cluster if it is a node of one.
            query_timeout_s: Seconds after which a query is ended by the server.
            stream_timeout_s: The same for a stream, however it is read.

        Raises:
            Unavailable: The server does not answer, or not to this user.
            Invalid: The server knows no such cluster.
        """
        self._address = address
        self._cluster = None if address.cluster is None else Cluster(address.cluster, address.database)
        self._query_settings = {"max_execution_time": query_timeout_s}
        self._stream_settings = {"max_execution_time": stream_timeout_s}
        self._streams = StreamShare()
        self._is_closed = False
        self._pool = httputil.get_pool_manager(maxsize=CONNECTIONS, ca_cert=address.ca_cert)
        with server_errors(address, may_tell=True):
            self._client = _connect(address, self._settings(), int(query_timeout_s) + MARGIN_S, self._pool)
        self._make_database()

    def _settings(self) -> dict[str, Any]:
        return SETTINGS if self._cluster is None else {**SETTINGS, **self._cluster.settings}

    def _make_database(self) -> None:
        everywhere = ""
        if self._cluster is not None:
            self._check_cluster(self._cluster)
            everywhere = f" ON CLUSTER '{self._cluster.name}'"
        wanted = self._address.database
        exists = "SELECT 1 FROM system.databases WHERE name = {name:String}"
        if not self.query(exists, {"name": wanted}):
            with server_errors(self._address, may_tell=True):
                self._client.command(f"CREATE DATABASE IF NOT EXISTS `{wanted}`{everywhere}", use_database=False)
        self._client.database = wanted

    def _check_cluster(self, cluster: Cluster) -> None:
        if not self.query(
            "SELECT 1 FROM system.clusters WHERE cluster = {name:String} LIMIT 1", {"name": cluster.name}
        ):
            raise Invalid(
                f"the ClickHouse server at {self._address} knows no cluster {cluster.name!r}: set the option cluster of"
                " AGENTOPS_WAREHOUSE_URL to one of system.clusters, or leave it out for a single server"
            )

    def insert(self, table: str, rows: bytes) -> None:
        expected = count_rows(rows)
        with self._calling():
            summary = self._client.raw_insert(
                table,
                insert_block=zstd.compress(rows, COMPRESSION_LEVEL),
                settings=_WHOLE_SUMMARY,
                fmt="JSONEachRow",
                compression="zstd",
            )
        # A cluster counts a row where it comes in and again where it is stored.
        written = summary.written_rows
        check_count(table, min(written, expected) if self._cluster else written, expected)

    def query(self, sql: str, parameters: Parameters) -> bytes:
        with self._calling():
            return bytes(
                self._client.raw_query(self._widen(sql), _bind(parameters), self._query_settings, "JSONEachRow")
            )

    def stream(self, sql: str, parameters: Parameters, output: Format = Format.LINES) -> Iterator[bytes]:
        return self._streams.open(self._iter_blocks(sql, parameters, output))

    def _iter_blocks(self, sql: str, parameters: Parameters, output: Format) -> Generator[bytes, None, None]:
        with self._calling():
            answer = self._client.raw_stream(self._widen(sql), _bind(parameters), self._stream_settings, output)
            assert isinstance(answer, HTTPResponse)  # noqa: S101 - over HTTP it is one; the library declares less
            yield from iter_blocks(answer, in_lines=output.is_lines)

    def execute(self, sql: str) -> None:
        for statement in [sql] if self._cluster is None else self._cluster.spread(sql):
            with self._calling(may_tell=True):
                self._client.command(statement)

    def close(self) -> None:
        self._is_closed = True
        self._streams.close()
        self._client.close()
        self._pool.clear()  # a client lets go of connections of its own pool only

    def _calling(self, *, may_tell: bool = False) -> Any:
        if self._is_closed:
            raise Unavailable("the warehouse is closed")
        return server_errors(self._address, may_tell=may_tell)

    def _widen(self, sql: str) -> str:
        return sql if self._cluster is None else self._cluster.widen(sql)


def _connect(address: ClickHouseAddress, settings: dict[str, Any], timeout_s: int, pool: PoolManager) -> Client:
    for name in ("clickhouse_connect", "urllib3.connectionpool"):
        logging.getLogger(name).setLevel(logging.ERROR)  # they warn of what is raised too
    return clickhouse_connect.get_client(
        interface=address.interface,
        host=address.host,
        port=address.port,
        username=address.user,
        password=address.password,
        settings=settings,
        compress=False,
        connect_timeout=CONNECT_TIMEOUT_S,
        send_receive_timeout=timeout_s,
        client_name="agentops-server",
        autogenerate_session_id=False,  # a session takes one query at a time
        form_encode_query_params=True,  # a long text does not fit into an address
        show_clickhouse_errors=True,  # otherwise the library logs addresses with parameters in them
        pool_mgr=pool,
    )


class _Encoded:
    """A parameter's text, which the library takes as it is."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __str__(self) -> str:
        return self._text


def _bind(parameters: Parameters) -> dict[str, _Encoded]:
    return {name: _Encoded(encode_parameter(value)) for name, value in parameters.items()}
