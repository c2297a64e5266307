"""The driver for ClickHouse servers: what the conformance suite cannot ask of the embedded engine too."""

import logging
import socket
import ssl
import subprocess
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import clickhouse_connect
import pytest

from agentops_server.errors import Invalid, Unavailable
from agentops_server.storage.warehouse.address import ClickHouseAddress, decode_address
from agentops_server.storage.warehouse.clickhouse import ClickHouseWarehouse
from agentops_server.storage.warehouse.location import open_warehouse
from agentops_server.storage.warehouse.port import Format, Warehouse

from .front import PASSWORD, USER, Front

ROWS = 70_000
TABLE = "CREATE TABLE things (n UInt32, text String) ENGINE = MergeTree ORDER BY n"


@pytest.fixture
def front(tmp_path: Path) -> Iterator[Front]:
    front = Front(tmp_path)
    yield front
    front.close()


@pytest.fixture
def warehouse(front: Front) -> Iterator[ClickHouseWarehouse]:
    warehouse = ClickHouseWarehouse(decode_address(front.url))
    yield warehouse
    warehouse.close()


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("clickhouse://host", ClickHouseAddress("http", "host", 8123)),
        ("clickhouses://host", ClickHouseAddress("https", "host", 8443)),
        ("https://host:9000/db", ClickHouseAddress("https", "host", 9000, database="db")),
        (
            "clickhouse://us%40er:p%2F%3A%40@[::1]:8123/db?cluster=main-1&ca_cert=/etc/ca.pem",
            ClickHouseAddress("http", "::1", 8123, "us@er", "p/:@", "db", "main-1", "/etc/ca.pem"),
        ),
    ],
)
def test_a_url_is_decoded(url: str, expected: ClickHouseAddress) -> None:
    assert decode_address(url) == expected


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("mysql://u:s3cret@host/x", "its scheme must be one of clickhouse"),
        ("clickhouse://", "names no host"),
        ("clickhouse://u:s3cret@host:port/x", "percent-encode the password"),
        ("clickhouse://u:s3cret/x@host/x", "percent-encode the password"),
        ("clickhouse://u:s3cret@host/x?cluter=a", "unknown option 'cluter'; there are cluster, ca_cert"),
        ("clickhouse://u:s3cret@host/a'b", "its database must be letters"),
        ("clickhouse://u:s3cret@host/x?cluster=a'b", "its cluster must be letters"),
        ("s3cret", "its scheme"),
    ],
)
def test_a_url_that_is_none_is_refused_without_being_quoted(url: str, problem: str) -> None:
    with pytest.raises(Invalid, match=problem) as refused:
        decode_address(url)
    assert "s3cret" not in refused.value.message
    assert "AGENTOPS_WAREHOUSE_URL" in refused.value.message


def test_a_server_that_is_not_there_is_said(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(Unavailable, match="nothing takes connections there; start it, or set AGENTOPS_WAREHOUSE_URL"):
        open_warehouse(f"clickhouse://127.0.0.1:{port}/x", tmp_path, query_timeout_s=1)


def test_a_wrong_password_is_said(front: Front) -> None:
    url = front.url.replace("p%40ss", "s3cret")
    with pytest.raises(Unavailable, match="refuses the user or the password") as refused:
        ClickHouseWarehouse(decode_address(url))
    assert "s3cret" not in refused.value.message


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    """For 127.0.0.1, signed by itself, and its key."""
    paths = tmp_path / "certificate.pem", tmp_path / "key.pem"
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=front"
    options = ["-addext", "subjectAltName=IP:127.0.0.1", "-out", str(paths[0]), "-keyout", str(paths[1])]
    subprocess.run([*command.split(), *options], check=True, capture_output=True)
    return paths


def test_tls_is_spoken_and_checked(tmp_path: Path, certificate: tuple[Path, Path]) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(*certificate)
    front = Front(tmp_path / "engine", tls=tls)
    url = front.url.replace("clickhouse://", "clickhouses://")
    with pytest.raises(Unavailable, match="certificate is not trusted.*ca_cert"):
        ClickHouseWarehouse(decode_address(url))
    warehouse = ClickHouseWarehouse(decode_address(f"{url}?ca_cert={certificate[0]}"))
    assert warehouse.query("SELECT 1 AS n", {}) == b'{"n":1}\n'
    warehouse.close()
    front.close()


def test_an_unknown_cluster_is_said(front: Front) -> None:
    with pytest.raises(Invalid, match="knows no cluster 'main'.*system.clusters"):
        ClickHouseWarehouse(decode_address(f"{front.url}?cluster=main"))


def test_no_password_and_no_parameter_is_logged_or_put_into_an_address(
    front: Front, warehouse: ClickHouseWarehouse, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    hidden = str(uuid.uuid4())
    warehouse.query("SELECT {text:String} AS text", {"text": hidden})
    with pytest.raises(Unavailable):
        warehouse.query("SELECT {text:String} AS text, bogus", {"text": hidden})
    address = str(decode_address(front.url))
    front.close()
    warehouse._client.close_connections()
    with pytest.raises(Unavailable, match=f"{address} does not answer"):
        warehouse.query("SELECT {text:String} AS text", {"text": hidden})
    assert all(word not in caplog.text for word in (PASSWORD, "p%40ss", hidden))
    assert all(hidden not in request and PASSWORD not in request for request in front.requests)


def test_a_server_that_falls_silent_is_given_up(front: Front, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agentops_server.storage.warehouse.clickhouse.MARGIN_S", 1)
    warehouse = ClickHouseWarehouse(decode_address(front.url), query_timeout_s=0.1)
    front.silent.set()
    with pytest.raises(Unavailable, match="does not answer: it took the question and then was silent"):
        warehouse.query("SELECT 1", {})
    front.silent.clear()
    assert warehouse.query("SELECT 1 AS n", {}) == b'{"n":1}\n'
    warehouse.close()


def test_what_makes_an_insert_durable_and_exact_is_asked_for(front: Front, warehouse: Warehouse) -> None:
    warehouse.execute(TABLE)
    warehouse.insert("things", b'{"n": 1}')
    settings = parse_qs(urlsplit(front.requests[-1]).query)
    wanted = {"async_insert": ["0"], "insert_deduplicate": ["0"], "input_format_skip_unknown_fields": ["0"]}
    assert {name: settings[name] for name in wanted} == wanted
    assert settings["query"] == ["INSERT INTO things FORMAT JSONEachRow"]
    assert settings["database"] == ["telemetry"]


def test_a_stream_that_is_dropped_ends_its_query_on_the_server(front: Front, warehouse: Warehouse) -> None:
    before = threading.active_count()
    for _ in range(3):
        stream = warehouse.stream("SELECT number AS n, repeat('x', 1000) AS t FROM numbers(100000000)", {})
        next(stream)
        del stream
    while threading.active_count() > before + 1:  # each request has a thread of the front
        pass
    assert warehouse.query("SELECT 1 AS n", {}) == b'{"n":1}\n'


def test_an_export_that_breaks_in_the_middle_is_no_csv(front: Front, warehouse: Warehouse) -> None:
    sql = "SELECT number AS n, throwIf(number = 500000) AS t FROM numbers(1000000) SETTINGS max_block_size = 1000"
    blocks: list[bytes] = []
    with pytest.raises(Unavailable):
        blocks.extend(warehouse.stream(sql, {}, Format.CSV))
    received = b"".join(blocks)
    assert received.startswith(b'"n","t"\n0,0\n')
    assert received.endswith(b",0\n")
    assert b"xception" not in received


@pytest.mark.parametrize("compression", [False, "lz4", "zstd", "gzip"])
def test_the_front_takes_every_block_of_an_insert(front: Front, compression: str | bool) -> None:
    """The client writes a frame for each block; a front that decoded only the first would say that all is well."""
    client = clickhouse_connect.get_client(
        host="127.0.0.1", port=front.port, username=USER, password=PASSWORD, compress=compression
    )
    client.command(TABLE)
    columns = [list(range(ROWS)), [str(n) * 40 for n in range(ROWS)]]
    summary = client.insert("things", columns, column_names=["n", "text"], column_oriented=True)
    assert summary.written_rows == ROWS
    assert client.query("SELECT count(), sum(n) FROM things").first_row == (ROWS, ROWS * (ROWS - 1) // 2)
    client.close()
