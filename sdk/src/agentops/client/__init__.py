"""The client, under its path in SDK 0.3 and 0.4."""

from __future__ import annotations

from agentops._client import Client

__all__ = ["Client"]
