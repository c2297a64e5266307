"""Words to look for in the text of events: names, prompts, completions, params, returns, logs and details of errors.

The text is JSON as it was recorded. A word is letters and digits; case does not matter. The index (see the migration of
the events) holds the words of each event; parts of the table that are not merged yet have none and are read, which
gives the same answer.
"""

import json
from typing import TypeAlias

from agentops_server.queries.sql_files import read_sql
from agentops_server.storage.warehouse.port import Parameter

Words: TypeAlias = tuple[str, ...]

# The expression that the index is on, letter by letter: another one would be right too, but slow.
TEXT = "concatWithSeparator(' ', name, error_type, prompt, completion, params, returns, logs, details)"
# What it mostly is of an LLM call, and of any other event. A column that is not read costs nothing.
TEXT_OF_CALLS = "concatWithSeparator(' ', name, error_type, prompt, completion)"
TEXT_OF_OTHERS = "concatWithSeparator(' ', name, error_type, params, returns, logs, details)"
MOST_WORDS = 20
LONGEST_TEXT = 500


def split_words(text: str) -> Words:
    """The words of what a person typed, each once; signs between words are no words."""
    return tuple(dict.fromkeys(word for word in text.split() if any(map(_is_of_word, word))))


def _is_of_word(character: str) -> bool:
    return character.isalnum() or ord(character) > 127


def words_sql(words: Words) -> str:
    """The condition that an event has all the words; its parameters are `word_parameters`."""
    return " AND ".join(
        f"({' OR '.join(f'hasAllTokens({TEXT}, {{{name}:String}})' for name in forms)})" for forms in _parts(words)
    )


def word_parameters(words: Words) -> dict[str, Parameter]:
    """The values for `words_sql`."""
    return {name: text for forms in _parts(words) for name, text in forms.items()}


def _parts(words: Words) -> list[dict[str, str]]:
    """What is looked for at once, each in one or several forms: parameter and text.

    All words of ASCII are one text, because each one reads what is not indexed yet again.
    """
    plain = " ".join(word for word in words if word.isascii())
    parts = [[plain]] * bool(plain) + [_forms(word) for word in words if not word.isascii()]
    return [{f"word_{number}_{form}": text for form, text in enumerate(forms)} for number, forms in enumerate(parts)]


def _forms(word: str) -> list[str]:
    r"""How the word may stand in JSON: as it is, or with ``\u`` escapes for what is not ASCII, in either case."""
    escaped = (json.dumps(form)[1:-1] for form in (word, word.lower(), word.upper()))
    return list(dict.fromkeys([word, *escaped]))


def in_events_sql(words: Words) -> str:
    """The condition that a session has an event with all the words."""
    return f"session_id IN\n(\n{read_sql('sessions_with_words').replace('/*WORDS*/', words_sql(words))})"
