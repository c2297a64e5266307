from agentops_server.wire.dialects.attributes import Attributes, unwrap


def test_numbers_only_order() -> None:
    attributes = Attributes({"a.999999999.x": "last", "a.0.x": "first", "a.10.x": "second"})
    assert attributes.fold("a.") == [{"x": "first"}, {"x": "second"}, {"x": "last"}]


def test_a_name_that_is_value_and_prefix_loses_nothing_else() -> None:
    assert Attributes({"a.0": "x", "a.0.y": 1, "a.1": 2}).fold("a.") == [{"y": 1}, 2]


def test_names_of_a_thousand_parts_end_somewhere() -> None:
    folded = Attributes({"a." + "0." * 1000 + "x": 1}).fold("a.")
    for _ in range(24):
        folded = folded[0]
    assert list(folded.values()) == [1]


def test_json_in_text_is_unwrapped_twice_and_no_further() -> None:
    assert unwrap('"[1]"') == [1]
    assert unwrap("{broken") == "{broken"
    assert unwrap("[" * 100_000) == "[" * 100_000
    assert unwrap(" plain") == " plain"


def test_only_what_was_read_is_understood() -> None:
    attributes = Attributes({"a": "", "b": 1, "c": 2})
    assert attributes.find("a", "b", "c") == 1
    assert dict(attributes.left()) == {"a": "", "c": 2}
