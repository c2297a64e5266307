"""What a handler does for a program that has not called `agentops.init()`."""

from __future__ import annotations

from collections.abc import Mapping

from agentops import init
from agentops._client import Client
from agentops._guard import guarded


@guarded
def set_up(options: Mapping[str, object], tags: list[str]) -> None:
    """As SDK 0.3 does: who has no session yet gets one, with these options."""
    client = Client()
    if client.has_sessions:
        return
    client.configure(**{name: value for name, value in options.items() if value is not None})
    if tags:
        client.add_default_tags(tags)
    if not client.is_initialized or client.config.auto_start_session:
        init()
