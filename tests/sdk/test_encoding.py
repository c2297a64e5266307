"""Values that are not JSON get a faithful or a clearly marked form, and both encoders agree on it."""

from __future__ import annotations

import base64
import json
from collections import OrderedDict, UserDict
from dataclasses import dataclass
from datetime import date, datetime, timezone
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import numpy as np
import pydantic
import pytest
from hypothesis import given
from hypothesis import strategies as st

import agentops
from agentops import _encoding
from agentops._encoding import Encoder, load_fast_encoder
from agentops._plain import MAX_TEXT_BYTES
from tests.serving import Reader, Server


class Colour(Enum):
    RED = "red"


@dataclass
class Point:
    x: int
    inner: Any = None


class Model(pydantic.BaseModel):
    name: str
    at: datetime


class Struct(msgspec.Struct):
    a: int


class Hostile:
    def __repr__(self) -> str:
        raise RuntimeError("no")

    def __str__(self) -> str:
        raise RuntimeError("no")


class Order(pydantic.BaseModel):
    """With what pydantic has: aliases, nested models, private and computed fields, types of its own."""

    model_config = pydantic.ConfigDict(arbitrary_types_allowed=True, populate_by_name=True)

    number: str = pydantic.Field(alias="orderNumber")
    total: Decimal
    lines: list[Model]
    colour: Colour = Colour.RED
    secret: pydantic.SecretStr = pydantic.SecretStr("hidden")
    _private: int = 7

    @pydantic.computed_field  # type: ignore[prop-decorator]
    @property
    def label(self) -> str:
        return f"order {self.number}"


class BrokenModel(pydantic.BaseModel):
    @pydantic.model_serializer
    def fail(self) -> dict[str, object]:
        raise RuntimeError("no")


@pytest.fixture(params=["fast", "plain"])
def decode(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Any:
    load_fast_encoder()
    assert _encoding._fast is not None
    if request.param == "plain":
        monkeypatch.setattr(_encoding, "_fast", None)
    return lambda value: json.loads(Encoder().encode({"value": value}))["value"]


CASES = [
    (datetime(2026, 1, 2, 3, 4, 5, 600, tzinfo=timezone.utc), "2026-01-02T03:04:05.000600Z"),
    (date(2026, 1, 2), "2026-01-02"),
    (Decimal("0.10"), "0.10"),
    (UUID(int=7), "00000000-0000-0000-0000-000000000007"),
    (Colour.RED, "red"),
    (Point(1, Point(2)), {"x": 1, "inner": {"x": 2, "inner": None}}),
    (
        Model(name="a", at=datetime(2026, 1, 1, tzinfo=timezone.utc)),
        {"name": "a", "at": "2026-01-01T00:00:00Z"},
    ),
    (Struct(3), {"a": 3}),
    (b"\x00\xff", "AP8="),
    ({1}, [1]),
    ((1, "a"), [1, "a"]),
    (ValueError("bad"), {"type": "ValueError", "message": "bad"}),
    (UserDict({"a": 1}), {"a": 1}),
    (OrderedDict(a=1), {"a": 1}),
    ({1: "int", None: "none"}, {"1": "int", "null": "none"}),
    ({Colour.RED: 1, "lone \ud800": 2}, {"red": 1, "lone \\ud800": 2}),
    ({("a", 1): 2}, {"('a', 1)": 2}),
    (2**70, 2**70),
    ([float("nan"), float("inf")], [None, None]),
    (np.float64(1.5), 1.5),
    (np.float32(1.5), 1.5),
    (np.float16(0.5), 0.5),
    (np.int64(-7), -7),
    (np.uint8(200), 200),
    (np.bool_(True), True),
    (np.str_("text"), "text"),
    (np.bytes_(b"\x00\xff"), "AP8="),
    (np.datetime64("2026-01-02T03:04:05"), "2026-01-02T03:04:05"),
    (np.timedelta64(5, "s"), "5.0s"),
    (np.float64("nan"), None),
    ({np.int64(3): np.float32(1.5)}, {"3": 1.5}),
    (np.array(3), 3),
    (np.arange(4), [0, 1, 2, 3]),
    (np.arange(10)[::-3], [9, 6, 3, 0]),
    (np.ones((2, 2), dtype=np.float32), [[1.0, 1.0], [1.0, 1.0]]),
    (np.array([Decimal("1.1"), None], dtype=object), ["1.1", None]),
    (np.array(["2026-01-01"], dtype="datetime64[D]"), ["2026-01-01"]),
    (np.ma.masked_array([1, 2], mask=[False, True]), [1, None]),
    (np.longdouble("1.5"), {"type": "numpy.longdouble", "repr": "np.longdouble('1.5')"}),
    (1 + 2j, {"type": "complex", "repr": "(1+2j)"}),
    (
        Order(
            orderNumber="A-1",
            total=Decimal("19.90"),
            lines=[Model(name="a", at=datetime(2026, 1, 1, tzinfo=timezone.utc))],
        ),
        {
            "number": "A-1",
            "total": "19.90",
            "lines": [{"name": "a", "at": "2026-01-01T00:00:00Z"}],
            "colour": "red",
            "secret": {"type": "pydantic.types.SecretStr", "repr": "SecretStr('**********')"},
            "label": "order A-1",
        },
    ),
    (BrokenModel(), {"type": f"{__name__}.BrokenModel", "repr": "BrokenModel()"}),
    ("lone \ud800 surrogate", "lone \\ud800 surrogate"),
]


@pytest.mark.parametrize(("value", "expected"), CASES)
def test_forms(decode: Any, value: object, expected: object) -> None:
    assert decode(value) == expected


def test_an_object_without_content_is_marked(decode: Any) -> None:
    assert decode(Hostile()) == {"type": f"{__name__}.Hostile", "repr": "<repr() failed>"}
    assert decode([Hostile]) == [{"type": "type", "repr": repr(Hostile)}]
    assert decode(print)["type"] == "builtin_function_or_method"


def test_cycles_and_depth_are_marked(decode: Any) -> None:
    cycle: list[Any] = [1]
    cycle.append({"again": cycle})
    assert decode(cycle) == [1, {"again": "<cycle: list>"}]
    deep: list[Any] = []
    for _ in range(5000):
        deep = [deep]
    assert "<nested deeper than 64 levels: list>" in json.dumps(decode(deep))


def test_long_text_is_cut_and_keeps_its_length(decode: Any) -> None:
    cut = decode("x" * (MAX_TEXT_BYTES + 5))
    assert cut.startswith("x" * MAX_TEXT_BYTES)
    assert str(MAX_TEXT_BYTES + 5) in cut[MAX_TEXT_BYTES:]


@pytest.mark.parametrize("fast", [True, False])
def test_the_limit_is_in_bytes_and_for_each_text(monkeypatch: pytest.MonkeyPatch, fast: bool) -> None:
    load_fast_encoder()
    if not fast:
        monkeypatch.setattr(_encoding, "_fast", None)
    encoder = Encoder(max_text_bytes=10)
    value = {"short": "x" * 10, "euro": "€" * 5, "list": ["y" * 11, 7], "object": {"z" * 12: None}}
    assert json.loads(encoder.encode(value)) == {
        "short": "x" * 10,
        "euro": "€€€… [cut: 15 bytes in all]",
        "list": ["y" * 10 + "… [cut: 11 bytes in all]", 7],
        "object": {"z" * 10 + "… [cut: 12 bytes in all]": None},
    }


def test_what_identifies_an_event_is_never_cut() -> None:
    wire = {
        "id": str(UUID(int=7)),
        "init_timestamp": "2026-01-02T03:04:05+00:00",
        "event_type": "actions",
        "params": "p",
    }
    assert json.loads(Encoder(max_text_bytes=0).encode(wire)) == {**wire, "params": "… [cut: 1 bytes in all]"}


def test_small_values_are_not_walked(monkeypatch: pytest.MonkeyPatch) -> None:
    load_fast_encoder()
    monkeypatch.setattr(_encoding.Plain, "_walk", lambda *_: pytest.fail("walked"))
    assert Encoder().encode({"text": "x" * 100_000}) == b'{"text":"' + b"x" * 100_000 + b'"}'


@pytest.mark.parametrize(
    "binary",
    [
        base64.b64encode(bytes(range(256)) * 8000).decode(),
        base64.urlsafe_b64encode(bytes(range(256)) * 8000).decode(),
        "data:audio/wav;base64," + "UklG" * 400_000,
    ],
)
def test_base64_without_a_known_beginning_is_kept_whole(decode: Any, binary: str) -> None:
    assert decode(binary) == binary


@pytest.mark.parametrize(
    "text",
    ["word " * 400_000, "x" * 2_000_000, "aB3!" * 500_000, "data:text/plain," + "a" * 10**6],
)
def test_what_is_not_base64_is_cut(decode: Any, text: str) -> None:
    assert decode(text).endswith(f"… [cut: {len(text)} bytes in all]")


def test_binary_beyond_its_own_limit_is_not_kept(decode: Any) -> None:
    assert decode(b"\xff" * 25_000_001) == "<25000001 bytes, more than the limit of 25000000>"
    assert decode("iVBOR" + "A" * 34_000_000).endswith("… [cut: 34000005 bytes in all]")


def test_keys_that_come_to_the_same_text_are_both_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_encoding, "_fast", None)
    assert json.loads(Encoder().encode({"value": {1: "a", "1": "b"}})) == {"value": {"1": "a", "1 (2)": "b"}}


def test_an_array_of_very_many_numbers_is_summed_up(decode: Any) -> None:
    summed_up = decode(np.zeros((1000, 101)))
    assert summed_up["type"] == "numpy.ndarray"
    assert "shape=(1000, 101)" in summed_up["repr"]
    assert len(summed_up["repr"]) < 1000
    assert len(decode(np.zeros((1000, 100)))) == 1000


def test_each_kind_of_value_arrives_in_its_form(mortal_server: Server, tmp_path: Path) -> None:
    """The whole way: through the spool, over HTTP, into the warehouse and out of the export."""
    values = [value for value, _ in CASES]
    session = agentops.init(
        mortal_server.api_key, endpoint=mortal_server.url, spool_dir=tmp_path / "spool", max_wait_time=60_000
    )
    assert session is not None
    for value in values:
        session.record(agentops.ActionEvent(params={"value": value}))
    session.end_session("Success")
    agentops.Client().close()
    rows = Reader(mortal_server.url, mortal_server.api_key).export(session.session_id)["actions"]
    assert [row["params"]["value"] for row in rows] == [expected for _, expected in CASES]


def test_a_screenshot_is_kept_whole(decode: Any) -> None:
    picture = "data:image/png;base64," + "A" * (2 * MAX_TEXT_BYTES)
    assert decode(picture) == picture
    assert len(decode(b"\x89PNG" * 500_000)) == 4 * ((2_000_000 + 2) // 3)


_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda children: st.lists(children, max_size=4) | st.dictionaries(st.text(), children, max_size=4),
    max_leaves=20,
)


@given(_JSON)
def test_json_values_are_kept_as_they_are(value: object) -> None:
    load_fast_encoder()
    encoded = json.loads(Encoder().encode({"value": value}))["value"]
    fast, _encoding._fast = _encoding._fast, None
    try:
        plain = json.loads(Encoder().encode({"value": value}))["value"]
    finally:
        _encoding._fast = fast
    assert encoded == plain
    if "\\ud" not in json.dumps(value):
        assert encoded == value
