"""Kinds of requests to a model. As SDK 0.4 has them."""

from enum import Enum


class LLMRequestTypeValues(Enum):
    """Kinds of requests to a model."""

    COMPLETION = "completion"
    CHAT = "chat"
    RERANK = "rerank"
    EMBEDDING = "embedding"
    UNKNOWN = "unknown"
