"""How each peer is started and asked, by what its own page asks for."""

import sqlite3
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import urllib3

from benchmarks.server.peers_spans import RARE_WORD, trace_id
from benchmarks.server.peers_targets import MLFLOW, PHOENIX, PeerServer

TIMEOUT_S = 300
PAGE_SPANS = 1000


@dataclass(frozen=True)
class Peer:
    """A peer: its command (with `{folder}` and `{port}` in it), what it is asked, and what helps it before."""

    target: PeerServer
    command: str
    environment: Mapping[str, str]
    health: str
    count_spans: "Callable[[Client], int]"
    questions: "Mapping[str, Callable[[Client], int]]"
    headers: Mapping[str, str] = field(default_factory=dict)
    prepare: Callable[[Path], None] = lambda _: None


@dataclass
class Client:
    """Asks a running peer."""

    url: str
    http: urllib3.PoolManager = field(default_factory=lambda: urllib3.PoolManager(timeout=TIMEOUT_S, retries=False))
    waited_ms: float = 0.0

    def ask(self, path: str, body: Any = None) -> Any:
        """The JSON of an answer."""
        start = time.perf_counter()
        answer = self.http.request("GET" if body is None else "POST", self.url + path, json=body)
        self.waited_ms += (time.perf_counter() - start) * 1000
        assert answer.status == 200, answer.data[:500]
        return answer.json()

    def query(self, fields: str) -> Any:
        """What GraphQL tells of the default project."""
        answer = self.ask("/graphql", {"query": f'{{ getProjectByName(name:"default") {{ {fields} }} }}'})
        assert "errors" not in answer, answer["errors"]
        return answer["data"]["getProjectByName"]


_SPAN_ROW = (
    "edges { node { id name spanKind startTime latencyMs statusCode tokenCountTotal cumulativeTokenCountTotal "
    "input { truncatedValue } output { truncatedValue } trace { traceId costSummary { total { cost } } } } }"
)


def _phoenix_spans(condition: str) -> Callable[[Client], int]:
    fields = f'spans(first: 50, sort: {{col: startTime, dir: desc}}, filterCondition: "{condition}") {{ {_SPAN_ROW} }}'
    return lambda client: len(client.query(fields)["spans"]["edges"])


def _phoenix_count(client: Client) -> int:
    return int(client.query("recordCount")["recordCount"])


def _phoenix_summary(client: Client) -> int:
    quantiles = "latencyMsQuantile(probability: 0.5) p99: latencyMsQuantile(probability: 0.99)"
    return int(client.query(f"traceCount tokenCountTotal {quantiles} costSummary {{ total {{ cost }} }}")["traceCount"])


def _phoenix_trace(client: Client) -> int:
    """Page by page, as its page reads it."""
    after, count = "", 0
    while after is not None:
        page = f"first: {PAGE_SPANS}{f', after: {chr(34)}{after}{chr(34)}' if after else ''}"
        node = "id name spanId parentId startTime endTime attributes"
        fields = f"spans({page}) {{ edges {{ node {{ {node} }} }} pageInfo {{ hasNextPage endCursor }} }}"
        spans = client.query(f'trace(traceId: "{trace_id(0).hex()}") {{ {fields} }}')["trace"]["spans"]
        count += len(spans["edges"])
        after = spans["pageInfo"]["endCursor"] if spans["pageInfo"]["hasNextPage"] else None
    return count


def _analyse_mlflow(folder: Path) -> None:
    """MLflow never does; without it, SQLite chooses a slow way to look for a word."""
    with closing(sqlite3.connect(folder / "mlflow.db")) as database:
        database.execute("ANALYZE")


_EXPERIMENT = [{"type": "MLFLOW_EXPERIMENT", "mlflow_experiment": {"experiment_id": "0"}}]


def _mlflow_list(client: Client) -> int:
    body = {"locations": _EXPERIMENT, "max_results": 50, "order_by": ["timestamp_ms DESC"]}
    return len(client.ask("/api/3.0/mlflow/traces/search", body)["traces"])


def _mlflow_search(client: Client) -> int:
    body = {"locations": _EXPERIMENT, "max_results": 50, "filter": f"trace.text LIKE '%{RARE_WORD}%'"}
    return len(client.ask("/api/3.0/mlflow/traces/search", body)["traces"])


def _mlflow_metric(client: Client, metric: str, aggregation: str, view: str = "TRACES") -> float:
    body = {"experiment_ids": ["0"], "view_type": view, "metric_name": metric}
    answer = client.ask("/api/3.0/mlflow/traces/metrics", {**body, "aggregations": [{"aggregation_type": aggregation}]})
    return float(answer["data_points"][0]["values"][aggregation])


def _mlflow_summary(client: Client) -> int:
    _mlflow_metric(client, "total_tokens", "SUM")
    _mlflow_metric(client, "latency", "AVG")
    return int(_mlflow_metric(client, "trace_count", "COUNT"))


def _mlflow_trace(client: Client) -> int:
    answer = client.ask(f"/api/3.0/mlflow/traces/get?trace_id=tr-{trace_id(0).hex()}")
    return len(answer["trace"]["spans"])


PEERS = (
    Peer(
        PHOENIX,
        "-m phoenix.server.main serve",
        {
            "PHOENIX_WORKING_DIR": "{folder}",
            "PHOENIX_HOST": "127.0.0.1",
            "PHOENIX_PORT": "{port}",
            "PHOENIX_GRPC_PORT": "{grpc_port}",
            "PHOENIX_TELEMETRY_ENABLED": "false",
        },
        "/healthz",
        _phoenix_count,
        {
            "newest 50 sessions with their figures": _phoenix_spans("parent_id is None"),
            "summary by day and model": _phoenix_summary,
            "search for a rare word": _phoenix_spans(f"'{RARE_WORD}' in input.value"),
            "10,000 events whole": _phoenix_trace,
        },
    ),
    Peer(
        MLFLOW,
        "-m mlflow server --backend-store-uri sqlite:///{folder}/mlflow.db --host 127.0.0.1 --port {port} --workers 1",
        {"MLFLOW_DISABLE_TELEMETRY": "true"},
        "/health",
        lambda client: int(_mlflow_metric(client, "span_count", "COUNT", "SPANS")),
        {
            "newest 50 sessions with their figures": _mlflow_list,
            "summary by day and model": _mlflow_summary,
            "search for a rare word": _mlflow_search,
            "10,000 events whole": _mlflow_trace,
        },
        {"x-mlflow-experiment-id": "0"},
        _analyse_mlflow,
    ),
)
