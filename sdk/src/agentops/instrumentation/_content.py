"""Messages, tool arguments and results on the spans of OpenTelemetry's own instrumentors.

They leave content out unless an environment variable asks for it. It is read when an instrumentor is laid over its
library, so it is set for that moment only: an application's own instrumentors, which would send content wherever the
application's traces go, do not see it. What an application has set itself stands.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

VARIABLE = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"
"""Of opentelemetry-util-genai, which documents it."""


@contextmanager
def asking_for_content() -> Iterator[None]:
    """Instrumentors that are started inside the block put content on their spans."""
    if VARIABLE in os.environ:
        yield
        return
    os.environ[VARIABLE] = "SPAN_ONLY"
    try:
        yield
    finally:
        os.environ.pop(VARIABLE, None)


class NoHook:
    """Stands where an application's completion hook would be looked up: what we capture is not for that one."""

    def on_completion(self, **content: object) -> None:
        """Nothing."""
