"""Options as SDK 0.2 to 0.4 call them."""

from __future__ import annotations

from collections.abc import Mapping

from ._config import BY_NAME
from ._log import logger

_RENAMED = {"tags": "default_tags", "trace_name": "session_name", "export_flush_interval": "flush_interval"}
_MEANINGLESS = frozenset(("app_url", "auto_init", "fail_safe", "log_session_replay_url", "prefetch_jwt_token"))
"""What they ask for is always so, or there is nothing to ask for: no word about them."""
_ELSEWHERE = frozenset(("exporter", "exporter_endpoint", "metrics_endpoint", "processor"))


def read_options(caller: str, options: Mapping[str, object]) -> dict[str, object]:
    """The options by our names; what cannot be meant here is left out, and said if it matters."""
    known: dict[str, object] = {}
    for name, value in options.items():
        renamed = _RENAMED.get(name, name)
        if renamed in BY_NAME:
            known.setdefault(renamed, value)
        elif name not in _MEANINGLESS and value is not None:
            _warn(caller, name)
    return known


def _warn(caller: str, name: str) -> None:
    if name in _ELSEWHERE:
        logger.warning("AgentOps: %s ignores %s: everything goes to the endpoint.", caller, name)
    else:
        logger.warning("AgentOps: %s does not know the option %s, and ignores it.", caller, name)
