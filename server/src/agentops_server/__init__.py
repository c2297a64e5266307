"""The server of AgentOps: stores, prices and shows the sessions of AI agents, in one process."""

from importlib.metadata import version

__version__ = version("agentops-server")
