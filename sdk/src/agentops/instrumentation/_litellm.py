"""LiteLLM: OpenInference's instrumentor forgets the functions that it has wrapped when it takes its wrappers away, and
does not tell when a stream began.

Whoever took a function by its name meanwhile, as Google ADK does (`from litellm import acompletion`), holds the wrapper
for good, and would meet a KeyError. Importing this module imports OpenTelemetry.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

from openinference.instrumentation.litellm import LiteLLMInstrumentor  # type: ignore[import-not-found]
from opentelemetry.trace import NoOpTracer

from ._first_chunks import FirstChunks


class LiteLLM(LiteLLMInstrumentor):  # type: ignore[misc]
    """The instrumentor, whose wrappers go on working, and report nothing, wherever they were left.

    The layer that times first chunks lies over them, so it is what others take by its name.
    """

    def _instrument(self, **options: Any) -> None:
        super()._instrument(**options)
        library = import_module("litellm")
        self._first_chunks = FirstChunks()
        self._first_chunks.lay(tuple(f"litellm:{name}" for name in self.original_litellm_funcs))
        self._wrappers = {name: getattr(library, name) for name in self.original_litellm_funcs}

    def _uninstrument(self, **options: Any) -> None:
        wrapped = dict(self.original_litellm_funcs)
        self._first_chunks.remove()
        super()._uninstrument(**options)
        self.original_litellm_funcs.update(wrapped)
        self._tracer = NoOpTracer()
        for module in list(sys.modules.values()):
            for name, wrapper in self._wrappers.items():
                if getattr(module, "__dict__", {}).get(name) is wrapper:
                    setattr(module, name, wrapped[name])
