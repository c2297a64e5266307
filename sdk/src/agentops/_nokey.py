"""Where records go when there is no API key: nowhere, because nobody could ever deliver them."""

# ruff: noqa: ARG002 - the parameters are those of every pipeline

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from uuid import UUID

from ._log import logger

if TYPE_CHECKING:
    from pathlib import Path

    from ._fast_path import Door
    from ._transport import Answer

Encode = Callable[[], bytes]


class NoKeyPipeline:
    """Takes nothing, and says so once."""

    def __init__(self) -> None:
        logger.warning(
            "AgentOps has no API key, so nothing is recorded. Make one with "
            "`agentops-server keys create --project NAME`, then set AGENTOPS_API_KEY or call agentops.init(api_key=…)."
        )

    def append(self, kind: int, session: bytes, sequence: int, payload: bytes, introduce: Encode) -> bool:
        return False

    def open_door(self) -> Door | None:
        return None

    def attend(self, session: bytes, introduce: Encode, encode_sign: Encode) -> None: ...

    def leave(self, session: bytes) -> None: ...

    def upload(self, session: bytes, path: Path, introduce: Encode) -> bool:
        return False

    def cancel_upload(self, session: bytes) -> None: ...

    def prepare_later(self, task: Callable[[], None]) -> None: ...

    def begin_flush(self, *, and_adopted: bool = False) -> int:
        return 0

    def flush(
        self,
        timeout_seconds: float,
        *,
        session: bytes | None = None,
        and_adopted: bool = False,
        ticket: int | None = None,
    ) -> bool:
        return True

    def fetch_stats(self, session_id: UUID, timeout_seconds: float) -> Answer | None:
        return None

    def prepare_fork(self) -> None: ...

    def reset_after_fork(self) -> None: ...

    def go_on(self) -> None: ...

    def await_imports(self, timeout_seconds: float) -> None: ...

    def seconds_left(self, seconds: float) -> float:
        return seconds

    def tidy(self) -> None: ...

    def close(self) -> None: ...
