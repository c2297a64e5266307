"""What is measured side by side: this project's SDK and its peers, each in a virtual environment of its own."""

from dataclasses import dataclass, replace
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


@dataclass(frozen=True)
class Target:
    """One SDK: its name in tables, its package, what an agent imports of it, the module in drivers/ that uses it."""

    name: str
    title: str
    package: str
    imports: str
    driver: str

    @property
    def requirements(self) -> Path:
        """Its hashed requirements."""
        return HERE / "peers" / f"{self.name}.txt"

    @property
    def folder(self) -> Path:
        """Its virtual environment."""
        return ROOT / ".venvs" / f"bench-{self.name}"

    @property
    def python(self) -> Path:
        """The interpreter of its virtual environment."""
        return self.folder / "bin" / "python"

    @property
    def is_ours(self) -> bool:
        return self.name == OURS.name


_OPENTELEMETRY_IMPORTS = (
    "import opentelemetry.trace, opentelemetry.sdk.resources, opentelemetry.sdk.trace.export, "
    "opentelemetry.exporter.otlp.proto.http.trace_exporter"
)
OURS = Target("agentops", "this SDK", "agentops", "import agentops", "drive_ours")
PEERS = (
    Target("agentops-0.3", "agentops", "agentops", "import agentops", "drive_agentops_0_3"),
    Target(
        "opentelemetry",
        "OpenTelemetry SDK, batch processor, OTLP/HTTP",
        "opentelemetry-sdk",
        _OPENTELEMETRY_IMPORTS,
        "drive_opentelemetry",
    ),
    Target("langfuse", "langfuse", "langfuse", "import langfuse", "drive_langfuse"),
    Target("mlflow", "mlflow-tracing", "mlflow-tracing", "import mlflow", "drive_mlflow"),
)
TARGETS = (OURS, *PEERS)
BARE_WRITE = replace(OURS, title="limit: a bare write of 3 KB to a file", driver="drive_write")
"""No SDK: the part of our own recording that the operating system does."""
