"""Records the golden samples: what published libraries export over OTLP.

    .venv/bin/python -m tests.contract.otlp.record [NAME ...]

Each program of ``programs/`` runs in an environment of its own with the published package, against a model endpoint
with fixed answers, and exports to a sink. ``<name>.json`` holds what it sent, with versions and date;
``<name>.expected.json`` what this server makes of it, to be read through before it is committed.
"""

import gzip
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import venv
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any
from uuid import UUID

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from tests.contract.otlp.outline import HERE, body_of, is_traces, outline, read_requests, replay
from tests.contract.otlp.scripted_models import scripted_models
from tests.contract.otlp.sink import Sink, open_sink
from tests.provision import ROOT
from tests.serving import Reader, Server

PROGRAMS = HERE / "programs"
ENVIRONMENTS = Path(tempfile.gettempdir()) / "agentops-otlp"
API_KEY = "6f1b3a52-7d0c-4c1e-9a44-0c6f2d8b9e11"
TIMEOUT_S = 180
_SDK = ("opentelemetry-sdk==1.45.2", "opentelemetry-exporter-otlp-proto-http==1.45.2")
_OPENAI = "openai==3.52.0"
# SDK 0.4.21 does not run with newer versions.
_OLD_SDK = (
    "opentelemetry-sdk==1.36.0",
    "opentelemetry-api==1.36.0",
    "opentelemetry-exporter-otlp-proto-http==1.36.0",
    "opentelemetry-instrumentation==0.57b0",
)


@dataclass(frozen=True)
class Environment:
    """A virtual environment, or a folder of Node packages."""

    name: str
    packages: tuple[str, ...]

    @property
    def folder(self) -> Path:
        return ENVIRONMENTS / self.name

    @property
    def is_node(self) -> bool:
        return self.name == "vercel"

    def make(self) -> None:
        """Install what is not there."""
        stamp = self.folder / "packages"
        if stamp.exists() and stamp.read_text() == " ".join(self.packages):
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.is_node:
            command = ["npm", "install", "--no-audit", "--no-fund", "--silent", *self.packages]
        else:
            venv.create(self.folder, with_pip=True)
            command = [str(self.folder / "bin/python"), "-m", "pip", "install", "-q", *self.packages]
        subprocess.run(command, cwd=self.folder, check=True)
        stamp.write_text(" ".join(self.packages))

    def command(self, program: str) -> list[str]:
        """What runs a program in it."""
        if not self.is_node:
            return [str(self.folder / "bin/python"), str(PROGRAMS / f"{program}.py")]
        copied = shutil.copy(PROGRAMS / f"{program}.mjs", self.folder)  # Node looks for packages beside the program
        return ["node", str(copied)]


_GENAI = Environment(
    "genai",
    (
        *_SDK,
        _OPENAI,
        "anthropic==2.11.0",
        "opentelemetry-instrumentation-genai-openai==1.3b0",
        "opentelemetry-instrumentation-genai-anthropic==1.3b0",
    ),
)
_OPENINFERENCE = Environment(
    "openinference",
    (
        *_SDK,
        _OPENAI,
        "langchain==1.4.7",
        "langchain-openai==1.7.3",
        "openinference-instrumentation-openai==0.1.66",
        "openinference-instrumentation-langchain==0.1.80",
    ),
)
_PYDANTIC = Environment("pydantic", (*_SDK, "pydantic-ai-slim[openai]==2.68.0", "logfire==5.2.0"))
_HAYSTACK = Environment("haystack", (*_SDK, "openai==3.57.0", "haystack-ai==3.4.1", "opentelemetry-haystack==2.0.0"))
_AG2 = Environment("ag2", (*_SDK, "openai==3.57.0", "ag2[openai]==1.2.1"))
_NODE_PACKAGES = (
    "ai@6.0.326",
    "@ai-sdk/openai",
    "zod",
    "@opentelemetry/api",
    "@opentelemetry/sdk-trace-node",
    "@opentelemetry/exporter-trace-otlp-http",
)
_OPENLLMETRY = Environment("openllmetry", (*_SDK, _OPENAI, "opentelemetry-instrumentation-openai==0.62.4"))
SAMPLES = {
    "genai_openai": _GENAI,
    "genai_anthropic": _GENAI,
    "openinference_openai": _OPENINFERENCE,
    "openinference_langchain": _OPENINFERENCE,
    "openllmetry_openai": _OPENLLMETRY,
    "openllmetry_assistants": _OPENLLMETRY,
    "langfuse_openai": Environment("langfuse", ("langfuse==5.0.4", _OPENAI)),
    "pydantic_ai_native": _PYDANTIC,
    "haystack_native": _HAYSTACK,
    "ag2_native": _AG2,
    "logfire_pending": _PYDANTIC,
    "agentops_0_4": Environment("agentops", ("agentops==0.4.21", _OPENAI, *_OLD_SDK)),
    "vercel_ai": Environment("vercel", _NODE_PACKAGES),
}


def record(name: str, models_url: str, sink: Sink) -> None:
    environment = SAMPLES[name]
    environment.make()
    sink.requests.clear()
    env = {key: value for key, value in os.environ.items() if not key.lower().endswith("_proxy")}
    # The proxy leads nowhere on purpose: nothing of a recording may reach out of this machine.
    env |= {"HTTPS_PROXY": "http://127.0.0.1:9", "HTTP_PROXY": "http://127.0.0.1:9", "NO_PROXY": "127.0.0.1"}
    env |= {"SCRIPTED_MODELS": models_url, "OTLP_SINK": sink.url, "AGENTOPS_API_KEY": API_KEY}
    env |= {"OTEL_BSP_SCHEDULE_DELAY": "60000"}  # one export of all, however busy the machine is
    env |= {"OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT": "span_only", "AGENTOPS_LOGGING_TO_FILE": "false"}
    subprocess.run(environment.command(name), env=env, cwd=environment.folder, check=True, timeout=TIMEOUT_S)
    facts = {"program": name, "packages": environment.packages, "python": platform.python_version()}
    facts["recorded_on"] = datetime.now(timezone.utc).date().isoformat()
    head = "\n".join(f" {json.dumps(key)}: {json.dumps(value)}," for key, value in facts.items())
    lines = ",\n".join(f"  {json.dumps(scrub(request))}" for request in sink.requests)
    (HERE / f"{name}.json").write_text(f'{{\n{head}\n "requests": [\n{lines}\n ]\n}}\n')


def scrub(request: dict[str, Any]) -> dict[str, Any]:
    """A request without what tells of this machine: folders in tracebacks, its name."""
    if "json" in request:
        return {**request, "json": json.loads(_scrub_text(json.dumps(request["json"])))}
    if not is_traces(request):
        return request
    message = ExportTraceServiceRequest.FromString(body_of(request))
    _scrub_message(message)
    body = message.SerializeToString()
    packed = gzip.compress(body, mtime=0) if request["headers"].get("Content-Encoding") == "gzip" else body
    return {**request, "base64": b64encode(packed).decode()}


def _scrub_message(message: Any) -> None:
    for field, value in message.ListFields():
        if field.type == field.TYPE_STRING and not isinstance(value, str):
            continue
        if isinstance(value, str):
            setattr(message, field.name, _scrub_text(value))
        elif field.type == field.TYPE_MESSAGE:
            for each in value if isinstance(value, Iterable) else [value]:
                _scrub_message(each)


def _scrub_text(text: str) -> str:
    for folder, instead in (
        (str(ROOT), "/srv/shop"),
        (str(ENVIRONMENTS), "/srv/environments"),
        (sys.base_prefix, "/usr"),
    ):
        text = text.replace(folder, instead)
    return text.replace(platform.node(), "workbench") if platform.node() else text


def expect(name: str, server: Server) -> None:
    """Write what a server makes of the sample."""
    reader = Reader(server.url, server.api_key)
    for request in filter(is_traces, read_requests(name)):
        replay(server.url, server.api_key, request)
    sessions = reader.pages("/v2/sessions", "sessions")
    outlines = [outline(session, reader.export(UUID(session["session_id"]))) for session in sessions]
    text = json.dumps(sorted(outlines, key=json.dumps), indent=1, ensure_ascii=False)
    (HERE / f"{name}.expected.json").write_text(text + "\n")


def main(names: list[str]) -> None:
    """Record the samples that are named, or all; with ``--expect`` only write anew what is made of them."""
    only_expect = "--expect" in names
    names = [name for name in names if name in SAMPLES] or list(SAMPLES)
    with scripted_models() as models_url, open_sink() as sink:
        for name in names:
            if not only_expect:
                record(name, models_url, sink)
            with tempfile.TemporaryDirectory() as folder:
                server = Server(Path(folder))
                server.start()
                try:
                    expect(name, server)
                finally:
                    server.stop()
            print(f"{name}: {len(read_requests(name))} requests")


if __name__ == "__main__":
    main(sys.argv[1:])
