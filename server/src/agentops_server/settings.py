"""Every setting of the server, in one table: its environment variable is ``AGENTOPS_`` and its name in capitals.

Only `agentops_server.app` and the commands read it; everything else is given plain values.
"""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """How this server runs."""

    model_config = SettingsConfigDict(
        env_prefix="AGENTOPS_", frozen=True, extra="forbid", use_attribute_docstrings=True
    )

    data_dir: Path = Path("agentops-data")
    """Where everything is kept."""
    warehouse_url: str | None = Field(default=None, repr=False)
    """A ClickHouse server for the events, like `clickhouse://user:password@host:8123/database?cluster=name`; embedded
    by default."""
    control_url: str | None = Field(default=None, repr=False)
    """A PostgreSQL database for projects and keys, like `postgresql://user:password@host:5432/database`; a SQLite file
    in the data directory by default."""
    app_url: str | None = None
    """The address under which people reach the page, where it differs from the one that clients use."""
    grpc_port: int | None = Field(default=None, ge=0, le=65535)
    """A port on which OTLP is taken over gRPC too, usually 4317; needs `agentops-server[grpc]`."""
    init_api_key: str | None = Field(default=None, repr=False)
    """An API key (UUID) that is valid from the first start on, for demos, tests and containers."""
    init_project: str = "default"
    """The name of the project that the first start makes, and that `init_api_key` opens."""
    max_body_bytes: int = Field(default=32 << 20, ge=1024)
    """The largest request body, before and after decompression, in bytes."""
    max_waiting_bytes: int = Field(default=64 << 20, ge=1024)
    """How much of bodies may be in memory before clients are asked to come back later, in bytes."""
    max_journal_bytes: int = Field(default=4 << 30, ge=1024)
    """How much may wait on disk while the warehouse is away before clients are asked to come back later, in bytes."""
    lease_s: float = Field(default=120.0, gt=0)
    """After how many seconds of silence a process counts as vanished; our SDK sends a heartbeat every 30."""
    silent_lease_s: float = Field(default=3600.0, gt=0)
    """The same for older SDKs, which send nothing while their agent waits."""
    max_upload_bytes: int = Field(default=4 << 30, ge=1)
    """The largest video or other object that may be uploaded, in bytes."""
    objects_url: str | None = None
    """Where videos and other objects are kept, like `s3://bucket/prefix`; a folder in the data directory by default."""
    query_timeout_s: float = Field(default=30.0, gt=0)
    """After how many seconds a query is ended."""
    redact: str | None = None
    """What is taken out of events before they are stored: `secrets`, `emails`, `cards` or `all`, with commas between;
    for one project, `emails@<its id>`."""
    estimate_tokens: bool = True
    """Whether token counts that nobody reported are estimated from the messages, and marked so."""
