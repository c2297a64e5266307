"""The OpenAI Agents SDK: its errors are dictionaries, which the instrumentor writes as Python shows them."""

import re

_LONGEST = 20_000
_ERROR = re.compile(r"\{'message': '[^']*', 'data': \{.*'error': (['\"])(?P<error>.*)\1\}\}", re.DOTALL)


def plain_message(message: str) -> str:
    """What went wrong, without what the SDK says around it; any other message as it is."""
    if not message.startswith("{'message': ") or len(message) > _LONGEST:
        return message
    found = _ERROR.fullmatch(message)
    return message if found is None else found["error"]
