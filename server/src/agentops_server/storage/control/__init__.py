"""The control store: projects, API keys, secrets and login codes, in a relational database."""
