"""The server of AgentOps."""
