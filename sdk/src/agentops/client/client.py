"""The client, under its longer path in SDK 0.4."""

from __future__ import annotations

from agentops._client import Client

__all__ = ["Client"]
