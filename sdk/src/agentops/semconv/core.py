"""Names of facts that any span may have. As SDK 0.4 has them."""


class CoreAttributes:
    """Names of facts that any span may have."""

    ERROR_TYPE = "error.type"
    ERROR_MESSAGE = "error.message"
    TAGS = "agentops.tags"
    TRACE_ID = "trace.id"
    SPAN_ID = "span.id"
    PARENT_ID = "parent.id"
    GROUP_ID = "group.id"
