"""Callback handlers for LangChain, under their path in SDK 0.4."""

from __future__ import annotations

from agentops.partners.langchain_callback_handler import AsyncLangchainCallbackHandler, LangchainCallbackHandler

__all__ = ["AsyncLangchainCallbackHandler", "LangchainCallbackHandler"]
