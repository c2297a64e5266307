"""Looking after a trace on the server, under its path in SDK 0.4."""

from __future__ import annotations

from ._validation import ValidationError, print_validation_summary, validate_trace_spans

__all__ = ["ValidationError", "print_validation_summary", "validate_trace_spans"]
