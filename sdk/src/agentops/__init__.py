"""The SDK of AgentOps."""
