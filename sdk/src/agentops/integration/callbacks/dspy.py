"""The callback handler for DSPy, under its path in SDK 0.4."""

from __future__ import annotations

from agentops.partners.dspy_callback_handler import DSPyCallbackHandler

__all__ = ["DSPyCallbackHandler"]
