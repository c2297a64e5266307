"""The errors of the SDK.

```
AgentOpsError
├── ConfigurationError   an option that cannot be used as it is
├── NoSessionError       asked for a session where there is none, or more than one
└── SpoolError           the spool cannot be written
```

None of them reaches a host program through `agentops.*` or a `Session`: those log and go on. They are raised by
`Configuration(...)` when it is called directly, and used inside.
"""

from __future__ import annotations


class AgentOpsError(Exception):
    """The root of all errors of the SDK."""


class ConfigurationError(AgentOpsError, ValueError):
    """An option that cannot be used as it is; the message names the option and a remedy."""


class NoSessionError(AgentOpsError, LookupError):
    """There is no session to act on, or more than one and none of them is current."""


class SpoolError(AgentOpsError, OSError):
    """The spool cannot be created, locked or written."""


MultiSessionException = NoSessionException = NoSessionError
NoApiKeyException = InvalidApiKeyException = ConfigurationError
AgentOpsClientNotInitializedException = NoSessionError
"""Names of SDK 0.3 and 0.4."""


class ApiServerException(AgentOpsError):
    """Raised by SDK 0.3 and 0.4 where the server could not be asked. Never raised here: it is logged."""


class AgentOpsApiJwtExpiredException(AgentOpsError):
    """Raised by SDK 0.4 where a token was too old. Never raised here: the SDK gets another one."""
