"""Names of facts about agents. As SDK 0.4 has them."""


class AgentAttributes:
    """Names of facts about agents."""

    AGENT_ID = "agent.id"
    AGENT_NAME = "agent.name"
    AGENT_ROLE = "agent.role"
    AGENT_TOOLS = "agent.tools"
    AGENT_MODELS = "agent.models"
    TOOLS = "tools"
    HANDOFFS = "handoffs"
    FROM_AGENT = "from_agent"
    TO_AGENT = "to_agent"
    AGENT_REASONING = "agent.reasoning"
