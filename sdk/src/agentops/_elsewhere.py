"""Attributes of the package that are imported once somebody asks for them: rooms of SDK 0.3 and 0.4, LangChain's."""

from __future__ import annotations

from importlib import import_module

_ROOMS = frozenset(
    (
        *("client", "config", "decorators", "enums", "event", "exceptions", "instrumentation", "integration"),
        *("helpers", "legacy", "logging", "partners", "sdk", "semconv", "testing", "validation"),
    )
)
_HANDLERS = frozenset(("AsyncLangchainCallbackHandler", "LangchainCallbackHandler"))


def find_elsewhere(name: str) -> object:
    """The attribute `name` of `agentops`."""
    if name in _ROOMS:
        return import_module(f"agentops.{name}")
    if name in _HANDLERS:
        try:
            return getattr(import_module("agentops.partners.langchain_callback_handler"), name)
        except ImportError as error:
            raise AttributeError(f"agentops.{name} needs langchain-core: {error}") from error
    raise AttributeError(f"module 'agentops' has no attribute {name!r}")
