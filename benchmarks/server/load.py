"""Events for servers: LLM calls of 3 KB, a prompt of 2 KB and a completion of 1 KB, of words as frequent as a text's.

Every event has an id and a text of its own. What they cost to make is the sender's CPU, which shares the machine.
"""

import random
import string
import time
import uuid
from bisect import bisect
from functools import cache
from itertools import accumulate

PROMPT_BYTES = 2000
COMPLETION_BYTES = 1000
_VOCABULARY = 8000
_TEXT_WORDS = 400_000

_HEAD = (
    '{"id":"%s","event_type":"llms","init_timestamp":"%s.%06d+00:00",'
    '"end_timestamp":"%s.%06d+00:00","model":"gpt-4o",'
    '"prompt":[{"role":"user","content":"%s"}],"completion":{"role":"assistant","content":"%s"},'
    '"prompt_tokens":%d,"completion_tokens":250}'
)


@cache
def _make_text(seed: int) -> str:
    """It takes a third of a second, which who sends for a short time, again and again, should not pay each time."""
    source = random.Random(seed)
    words = ["".join(source.choices(string.ascii_lowercase, k=2 + n % 9)) for n in range(_VOCABULARY)]
    shares = list(accumulate(1 / (rank + 1) for rank in range(_VOCABULARY)))
    return " ".join(words[bisect(shares, source.random() * shares[-1])] for _ in range(_TEXT_WORDS))


class Events:
    """Makes bodies. Words are as frequent as in a text (their frequency falls with their rank)."""

    def __init__(self, seed: int = 0) -> None:
        self._random = random.Random(seed)
        self._text = _make_text(seed)

    def body(self, count: int) -> bytes:
        """A ``create_events`` body."""
        now = time.gmtime()
        second = time.strftime("%Y-%m-%dT%H:%M:%S", now)
        return f'{{"events":[{",".join(self._event(second) for _ in range(count))}]}}'.encode()

    def _event(self, second: str) -> str:
        prompt, completion = self.texts()
        began = self._random.randrange(500_000)
        tokens = 500 + began % 100
        return _HEAD % (uuid.uuid4(), second, began, second, 2 * began, prompt, completion, tokens)

    def texts(self) -> tuple[str, str]:
        """A prompt and a completion; there is nothing in them that JSON would escape."""
        start = self._random.randrange(len(self._text) - PROMPT_BYTES - COMPLETION_BYTES)
        middle = start + PROMPT_BYTES
        return self._text[start:middle], self._text[middle : middle + COMPLETION_BYTES]
