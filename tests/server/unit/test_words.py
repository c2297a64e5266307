"""Words to look for, and that the index of them is on what queries ask for."""

import pytest

from agentops_server.queries.words import TEXT, split_words, word_parameters, words_sql
from agentops_server.storage.warehouse.embedded import EmbeddedWarehouse


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ()),
        (" !? -- ", ()),
        ("one  two\tone\n", ("one", "two")),
        ("rate-limit !", ("rate-limit",)),
        ("日本 é", ("日本", "é")),
    ],
)
def test_words_are_what_has_letters_or_digits_each_once(text: str, words: tuple[str, ...]) -> None:
    assert split_words(text) == words


def test_words_of_ascii_are_looked_for_at_once_and_others_in_each_form_that_json_may_have() -> None:
    words = ("one", "Été", "two")
    assert list(word_parameters(words).values()) == [
        "one two", "Été", "\\u00c9t\\u00e9", "\\u00e9t\\u00e9", "\\u00c9T\\u00c9"
    ]  # fmt: skip
    assert words_sql(words).count(" AND ") == 1
    assert words_sql(words).count(" OR ") == 3


def test_the_index_answers(warehouse: EmbeddedWarehouse) -> None:
    """The expression of a query must be the one of the index, letter by letter; else every text would be read."""
    warehouse.insert("events", b'{"name": "heron"}')
    warehouse.execute("OPTIMIZE TABLE events FINAL")
    sql = f"EXPLAIN indexes = 1 SELECT version FROM events WHERE {words_sql(('heron', 'é'))}"
    plan = warehouse.query(sql, word_parameters(("heron", "é"))).decode()
    assert "Name: words" in plan
    assert TEXT.startswith("concatWithSeparator(")
