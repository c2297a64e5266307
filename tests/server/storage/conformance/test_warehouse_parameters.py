"""Values travel beside the SQL and never become a part of it, on every driver."""

import json
import uuid

import pytest

from agentops_server.storage.warehouse.port import Warehouse, encode_parameter

from .answers import answer

TEXTS = [
    "",
    "plain",
    "it's",
    "''",
    '"double"',
    "`tick`",
    "back\\slash",
    "\\",
    "\\'",
    "\\\\'",
    "\\n is not a newline",
    "tab\tnewline\nreturn\rend",
    "nul\0byte",
    "\0",
    "\b\f\v\x1b\x7f",
    "東京 😀 é e\u0301",
    "\u2028\u2029\ufeff",
    "%s %d {a:String} $1 ?",
    "'; DROP TABLE things; --",
    "' OR 1 = 1 --",
    "\\' OR 1 = 1 --",
    "']) OR 1 = 1 --",
    "','other",
    "[1,2]",
    "NULL",
    "\\N",
    " leading and trailing ",
    "x" * 100_000,
]


@pytest.fixture
def tagged(empty: Warehouse) -> Warehouse:
    empty.execute("CREATE TABLE things (text String, tags Array(String)) ENGINE = MergeTree ORDER BY text")
    empty.insert("things", b'{"text": "secret", "tags": ["secret"]}')
    return empty


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_a_text_round_trips_alone_and_in_a_list(tagged: Warehouse, text: str) -> None:
    sql = "SELECT {text:String} AS text, {texts:Array(String)} AS texts"
    for texts in ([text], [text, "a", text]):
        assert answer(tagged, sql, text=text, texts=texts) == [{"text": text, "texts": texts}]


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_a_text_finds_what_was_stored_with_it_and_nothing_else(tagged: Warehouse, text: str) -> None:
    tagged.insert("things", json.dumps({"text": text, "tags": [text, "b"]}).encode())
    by_text = answer(tagged, "SELECT text FROM things WHERE text = {text:String}", text=text)
    by_tag = answer(tagged, "SELECT text FROM things WHERE hasAll(tags, {tags:Array(String)})", tags=("b", text))
    assert by_text == by_tag == [{"text": text}]


def test_empty_lists_round_trip(tagged: Warehouse) -> None:
    sql = "SELECT {texts:Array(String)} AS texts, {ids:Array(UUID)} AS ids"
    assert answer(tagged, sql, texts=[], ids=()) == [{"texts": [], "ids": []}]


def test_ids_and_numbers_round_trip(tagged: Warehouse) -> None:
    one, two = uuid.uuid4(), uuid.uuid4()
    sql = "SELECT {one:UUID} AS one, {ids:Array(UUID)} AS ids, {low:Int64} AS low, {high:UInt64} AS high"
    found = answer(tagged, sql, one=one, ids=[one, two], low=-(1 << 63), high=(1 << 64) - 1)
    assert found == [{"one": str(one), "ids": [str(one), str(two)], "low": -(1 << 63), "high": (1 << 64) - 1}]


def test_a_text_list_cannot_leave_its_quotes() -> None:
    assert encode_parameter(["a'b", "c\\"]) == r"['a\'b','c\\']"


def test_a_percent_sign_in_the_sql_is_no_placeholder(tagged: Warehouse) -> None:
    sql = "SELECT text FROM things WHERE text LIKE 'sec%' AND text != {other:String}"
    assert answer(tagged, sql, other="%s") == [{"text": "secret"}]


def test_a_list_of_thousands_of_ids_round_trips(tagged: Warehouse) -> None:
    ids = [uuid.uuid4() for _ in range(2000)]
    assert answer(tagged, "SELECT {ids:Array(UUID)} AS ids", ids=ids) == [{"ids": list(map(str, ids))}]
