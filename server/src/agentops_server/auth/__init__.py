"""Credentials: API keys, tokens of sessions, the page's cookie, one-time login links."""
