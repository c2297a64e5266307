"""Names of facts about tools. As SDK 0.4 has them."""


class ToolAttributes:
    """Names of facts about tools."""

    TOOL_ID = "tool.id"
    TOOL_NAME = "tool.name"
    TOOL_DESCRIPTION = "tool.description"
    TOOL_PARAMETERS = "tool.parameters"
    TOOL_RESULT = "tool.result"
    TOOL_STATUS = "tool.status"
