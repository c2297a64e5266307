"""Servers that are measured beside ours, each in a virtual environment of its own under ``.venvs``."""

from dataclasses import dataclass
from pathlib import Path

from benchmarks.sdk.targets import ROOT, Target

_PEERS = Path(__file__).with_name("peers")


@dataclass(frozen=True)
class PeerServer(Target):
    """A server: `driver` is the module that starts it, loads it and asks it."""

    @property
    def requirements(self) -> Path:
        """Its hashed requirements."""
        return _PEERS / f"{self.name}.txt"

    @property
    def folder(self) -> Path:
        """Its virtual environment."""
        return ROOT / ".venvs" / f"bench-server-{self.name}"


PHOENIX = PeerServer("phoenix", "arize-phoenix", "arize-phoenix", "", "peers_phoenix")
MLFLOW = PeerServer("mlflow", "mlflow", "mlflow", "", "peers_mlflow")
PEER_SERVERS = (PHOENIX, MLFLOW)
