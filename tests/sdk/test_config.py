from __future__ import annotations

import inspect
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

import agentops
from agentops import Configuration, init
from agentops._config import OPTIONS, mask, state_directory
from agentops.exceptions import ConfigurationError


def test_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AGENTOPS_SPOOL_DIR")
    config = Configuration()
    assert config.endpoint == "http://localhost:8765"
    assert (config.max_wait_time, config.max_queue_size) == (5000, 512)
    assert config.auto_start_session
    assert not config.env_data_opt_out
    assert config.spool_directory.parent == state_directory() / "spool"


def test_arguments_beat_variables_and_variables_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGENTOPS_API_ENDPOINT", "https://example.com/")
    monkeypatch.setenv("AGENTOPS_DEFAULT_TAGS", "a, b,a")
    monkeypatch.setenv("AGENTOPS_ENV_DATA_OPT_OUT", "True")
    assert Configuration().endpoint == "https://example.com"
    assert Configuration().default_tags == ("a", "b")
    assert Configuration().env_data_opt_out
    assert Configuration(endpoint="http://localhost:1").endpoint == "http://localhost:1"


def test_a_variable_that_cannot_be_used_is_logged(
    monkeypatch: pytest.MonkeyPatch, warnings: Callable[[], list[str]]
) -> None:
    monkeypatch.setenv("AGENTOPS_MAX_WAIT_TIME", "soon")
    assert Configuration().max_wait_time == 5000
    assert "AGENTOPS_MAX_WAIT_TIME" in warnings()[0]


@pytest.mark.parametrize(
    "options", [{"endpoint": "localhost"}, {"max_wait_time": -1}, {"api_key": "two\nlines"}, {"default_tags": 7}]
)
def test_an_argument_that_cannot_be_used_raises_its_name(options: dict[str, object]) -> None:
    with pytest.raises(ConfigurationError, match=next(iter(options))):
        Configuration(**options)  # type: ignore[arg-type]


def test_it_is_frozen_and_compares_by_value() -> None:
    config = Configuration(api_key="k")
    with pytest.raises(AttributeError):
        config.api_key = "other"
    assert config == Configuration(api_key="k")
    assert hash(config) == hash(Configuration(api_key="k"))
    assert config.with_changes(max_wait_time=1) != config
    with pytest.raises(ConfigurationError, match="no option"):
        config.with_changes(nonsense=1)


def test_an_overlay_changes_only_what_it_names() -> None:
    base = Configuration(api_key="k", max_wait_time=1, default_tags=["a"])
    merged = base.overlaid_by(Configuration(default_tags=["b"]))
    assert (merged.api_key, merged.max_wait_time, merged.default_tags) == ("k", 1, ("b",))


def test_keys_are_not_shown() -> None:
    key = "11111111-2222-4333-8444-555555555555"
    assert key not in repr(Configuration(api_key=key))
    assert mask(key) == "…5555"
    assert key not in str(Configuration(api_key=key).spool_directory)


def test_init_and_configuration_take_every_option() -> None:
    names = {option.name for option in OPTIONS}
    assert names <= set(inspect.signature(Configuration).parameters)
    assert names <= set(inspect.signature(init).parameters)


def test_the_spool_is_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, client: object) -> None:
    monkeypatch.delenv("AGENTOPS_SPOOL_DIR")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    agentops.init("k", endpoint="http://127.0.0.1:9", max_wait_time=50)
    (segment,) = (tmp_path / "state" / "agentops" / "spool").rglob("*.seg")
    assert stat.S_IMODE(segment.stat().st_mode) == 0o600
    assert stat.S_IMODE(segment.parent.stat().st_mode) == 0o700
