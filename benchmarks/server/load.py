"""Events for servers: LLM calls of 3 KB, a prompt of 2 KB and a completion of 1 KB, of words as frequent as a text's.

Every event has an id and a text of its own. What they cost to make is the sender's CPU, which shares the machine.
"""

import json
import random
import string
import uuid
from bisect import bisect
from itertools import accumulate

PROMPT_BYTES = 2000
COMPLETION_BYTES = 1000
_VOCABULARY = 8000
_TEXT_WORDS = 400_000

_HEAD = (
    '{"id":"%s","event_type":"llms","init_timestamp":"2026-11-20T16:50:19.845646+00:00",'
    '"end_timestamp":"2026-11-20T16:50:21.845646+00:00","model":"gpt-4o",'
    '"prompt":[{"role":"user","content":"%s"}],"completion":{"role":"assistant","content":"%s"},'
    '"prompt_tokens":%d,"completion_tokens":250}'
)


class Events:
    """Makes bodies. Words are as frequent as in a text (their frequency falls with their rank)."""

    def __init__(self, seed: int = 0) -> None:
        self._random = random.Random(seed)
        words = ["".join(self._random.choices(string.ascii_lowercase, k=2 + n % 9)) for n in range(_VOCABULARY)]
        shares = list(accumulate(1 / (rank + 1) for rank in range(_VOCABULARY)))
        text = (words[bisect(shares, self._random.random() * shares[-1])] for _ in range(_TEXT_WORDS))
        self._text = " ".join(text)

    def body(self, count: int) -> bytes:
        """A ``create_events`` body."""
        return f'{{"events":[{",".join(self._event() for _ in range(count))}]}}'.encode()

    def _event(self) -> str:
        start = self._random.randrange(len(self._text) - PROMPT_BYTES - COMPLETION_BYTES)
        middle = start + PROMPT_BYTES
        prompt, completion = self._text[start:middle], self._text[middle : middle + COMPLETION_BYTES]
        return _HEAD % (uuid.uuid4(), prompt, completion, 500 + start % 100)

    def texts(self) -> tuple[str, str]:
        """The prompt and the completion of one event, for senders of other protocols."""
        event = json.loads(self._event())
        return event["prompt"][0]["content"], event["completion"]["content"]
