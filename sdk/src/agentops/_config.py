"""What can be set: one table of name, environment variable, default and meaning, and the frozen Configuration."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ._log import logger
from ._plain import find_tags
from .exceptions import ConfigurationError

if TYPE_CHECKING:
    Redaction = str | Callable[[str], str] | Iterable[str | Callable[[str], str]]


def _flag(value: object) -> bool:
    if isinstance(value, str):
        word = value.strip().lower()
        if word in {"1", "true", "yes", "on"}:
            return True
        if word in {"", "0", "false", "no", "off"}:
            return False
        raise ValueError("use true or false")
    return bool(value)


def _tags(value: object) -> tuple[str, ...]:
    found = find_tags(value)
    if found is None:
        raise ValueError("use a list of texts")
    return tuple(found)


def _tags_of_variable(value: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(tag.strip() for tag in value.split(",") if tag.strip()))


def _key(value: object) -> str:
    text = str(value).strip()
    if not text.isascii() or not text.isprintable() or " " in text:
        raise ValueError("a key is printable ASCII without spaces")
    return text


def _endpoint(value: object) -> str:
    text = str(value).strip().rstrip("/")
    if not text.startswith(("http://", "https://")):
        raise ValueError("use a URL like http://localhost:8765")
    return text


def _natural(value: object) -> int:
    text = str(value).strip()
    if not (text.isascii() and text.isdecimal()):
        raise ValueError("use a whole number that is not negative")
    return int(text)


def _text(value: object) -> str:
    text = str(value).strip()
    if not text:
        raise ValueError("use a text that is not empty")
    return text


def _level(value: object) -> int:
    level = value if isinstance(value, int) else logging.getLevelName(str(value).strip().upper())
    if not isinstance(level, int):
        raise ValueError("use DEBUG, INFO, WARNING, ERROR or CRITICAL")
    return level


def _log_file(value: object) -> Path | None:
    """A path, or whether there is to be a file of the usual name."""
    if isinstance(value, (bool, str)):
        try:
            return Path("agentops.log") if _flag(value) else None
        except ValueError:
            pass
    return Path(str(value)).expanduser()


def _redactions(value: object) -> tuple[object, ...]:
    from ._redaction import read_choice  # noqa: PLC0415 - most programs have none

    return read_choice(value)


class Option:
    """One option: its name, how a value is read, its default, its environment variable, and what it means.

    `refused` is what stands in for a value that cannot be used where nothing may be raised, if not the default.
    """

    __slots__ = ("convert", "default", "help", "name", "refused", "variable")

    def __init__(
        self,
        name: str,
        convert: Callable[[object], object],
        default: object,
        variable: str | None,
        help: str,  # noqa: A002 - what everybody calls it
        refused: object = None,
    ) -> None:
        self.name = name
        self.convert = convert
        self.default = default
        self.variable = variable
        self.help = help
        self.refused = refused


OPTIONS: tuple[Option, ...] = (
    Option("api_key", _key, None, "AGENTOPS_API_KEY", "the project's key; without one nothing can be delivered"),
    Option("parent_key", _key, None, "AGENTOPS_PARENT_KEY", "sent as X-Agentops-Parent-Key; this server ignores it"),
    Option("endpoint", _endpoint, "http://localhost:8765", "AGENTOPS_API_ENDPOINT", "the server's URL"),
    Option("max_wait_time", _natural, 5000, "AGENTOPS_MAX_WAIT_TIME", "ms that end_session, flush and exit may wait"),
    Option("max_queue_size", _natural, 512, "AGENTOPS_MAX_QUEUE_SIZE", "most events in one request, up to 500"),
    Option("default_tags", _tags, (), "AGENTOPS_DEFAULT_TAGS", "tags of every session (variable: comma separated)"),
    Option("instrument_llm_calls", _flag, True, "AGENTOPS_INSTRUMENT_LLM_CALLS", "record calls of known LLM libraries"),
    Option("auto_start_session", _flag, True, "AGENTOPS_AUTO_START_SESSION", "init() starts a session"),
    Option("skip_auto_end_session", _flag, False, "AGENTOPS_SKIP_AUTO_END_SESSION", "ignore ends by frameworks"),
    Option("env_data_opt_out", _flag, False, "AGENTOPS_ENV_DATA_OPT_OUT", "send nothing of the host environment", True),
    Option("flush_interval", _natural, 200, "AGENTOPS_EXPORT_FLUSH_INTERVAL", "ms between recording and sending"),
    Option("spool_dir", lambda value: Path(str(value)).expanduser(), None, "AGENTOPS_SPOOL_DIR", "where events wait"),
    Option("spool_quota_bytes", _natural, 512 * 2**20, "AGENTOPS_SPOOL_QUOTA_BYTES", "most bytes that wait on disk"),
    Option("max_text_bytes", _natural, 1_000_000, "AGENTOPS_MAX_TEXT_BYTES", "longer texts are cut, with a marker"),
    Option(
        "redact",
        _redactions,
        (),
        "AGENTOPS_REDACT",
        "what is taken out before anything is written: secrets, emails, cards, everything, or a function",
        ("everything",),
    ),
    Option("session_name", _text, None, "AGENTOPS_TRACE_NAME", "name of sessions, else that of the program"),
    Option(
        "heartbeat_interval",
        _natural,
        30_000,
        "AGENTOPS_HEARTBEAT_INTERVAL",
        "ms of silence after which a running session gives a sign of life; 0: never",
    ),
    Option("log_level", _level, None, "AGENTOPS_LOGGING_LEVEL", "from which level on the SDK's own log is shown"),
    Option("log_to_file", _log_file, None, "AGENTOPS_LOGGING_TO_FILE", "true, or a path: the SDK's own log, appended"),
)
_said: set[str] = set()
BY_NAME = {option.name: option for option in OPTIONS}


class Configuration:
    """The options of a client, or of one session. Frozen: `with_changes` makes another one.

    What is not given comes from the environment variable, then from the default (see OPTIONS). A Configuration given to
    `start_session` leaves what it does not name to the client's.

    Raises:
        ConfigurationError: an argument that cannot be used; the message names it. An environment variable that cannot
            be used is logged, and its default taken.
    """

    api_key: str | None
    parent_key: str | None
    endpoint: str
    max_wait_time: int
    max_queue_size: int
    default_tags: tuple[str, ...]
    instrument_llm_calls: bool
    auto_start_session: bool
    skip_auto_end_session: bool
    env_data_opt_out: bool
    flush_interval: int
    spool_dir: Path | None
    spool_quota_bytes: int
    max_text_bytes: int
    redact: tuple[object, ...]
    session_name: str | None
    heartbeat_interval: int
    log_level: int | None
    log_to_file: Path | None

    __slots__ = (*(option.name for option in OPTIONS), "_given")
    _given: dict[str, object]

    def __init__(
        self,
        *,
        api_key: str | None = None,
        parent_key: str | None = None,
        endpoint: str | None = None,
        max_wait_time: int | None = None,
        max_queue_size: int | None = None,
        default_tags: Iterable[str] | None = None,
        instrument_llm_calls: bool | None = None,
        auto_start_session: bool | None = None,
        skip_auto_end_session: bool | None = None,
        env_data_opt_out: bool | None = None,
        flush_interval: int | None = None,
        spool_dir: str | Path | None = None,
        spool_quota_bytes: int | None = None,
        max_text_bytes: int | None = None,
        redact: Redaction | None = None,
        session_name: str | None = None,
        heartbeat_interval: int | None = None,
        log_level: int | str | None = None,
        log_to_file: bool | str | Path | None = None,
    ) -> None:
        arguments = locals()
        given = {name: arguments[name] for name in BY_NAME if arguments[name] is not None}
        for option in OPTIONS:
            object.__setattr__(self, option.name, _resolve(option, given, os.environ))
        object.__setattr__(self, "_given", given)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a Configuration is frozen: use with_changes({name}=…)")

    def __repr__(self) -> str:
        shown = {name: getattr(self, name) for name in BY_NAME}
        if self.api_key:
            shown["api_key"] = mask(self.api_key)
        return f"Configuration({', '.join(f'{name}={value!r}' for name, value in shown.items())})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Configuration) and all(getattr(self, n) == getattr(other, n) for n in BY_NAME)

    def __hash__(self) -> int:
        return hash(tuple(getattr(self, name) for name in BY_NAME))

    def with_changes(self, **changes: object) -> Configuration:
        """This configuration with some options set anew; None leaves an option as it is."""
        unknown = changes.keys() - BY_NAME.keys()
        if unknown:
            raise ConfigurationError(f"there is no option {', '.join(sorted(unknown))}")
        merged = {**self._given, **{name: value for name, value in changes.items() if value is not None}}
        return Configuration(**merged)  # type: ignore[arg-type]

    def overlaid_by(self, other: Configuration) -> Configuration:
        """This configuration with what `other` was given explicitly."""
        return self.with_changes(**other._given)

    @property
    def spool_directory(self) -> Path:
        """Where the events for this endpoint and key wait. The name holds a hash of the key, never the key."""
        name: str = _find_sha256()(f"{self.endpoint}\n{self.api_key or ''}".encode()).hexdigest()
        return (self.spool_dir or state_directory() / "spool") / name[:16]


def _find_sha256() -> Callable[[bytes], Any]:
    """The one that is built in, where it is: `hashlib` loads OpenSSL, which takes longer than the rest of `init()`."""
    for module in ("_sha2", "_sha256", "hashlib"):  # since Python 3.12; before it; elsewhere
        with suppress(ImportError):
            return import_module(module).sha256  # type: ignore[no-any-return]
    raise ImportError("this Python has no SHA-256")


def _resolve(option: Option, given: Mapping[str, object], environ: Mapping[str, str]) -> object:
    value, source = given.get(option.name), option.name
    if value is None and option.variable:
        text = environ.get(option.variable, "").strip()
        if not text:
            return option.default
        source, value = option.variable, _tags_of_variable(text) if option.name == "default_tags" else text
    try:
        return option.convert(value)
    except (TypeError, ValueError) as error:
        problem = f"{source}: {value!r} cannot be used: {error}"
        if source == option.variable:
            stand_in = option.default if option.refused is None else option.refused
            if problem not in _said:  # the variables are read for each Configuration
                _said.add(problem)
                remedy = "It is as if it were not set" if stand_in is None else f"{stand_in!r} is used"
                logger.warning("AgentOps: %s. %s.", problem, remedy)
            return stand_in
        raise ConfigurationError(problem) from None


def mask(key: str) -> str:
    """A key as it may be shown: its last four characters."""
    return f"…{key[-4:]}"


def state_directory() -> Path:
    """Where programs keep state on this platform: XDG_STATE_HOME (XDG base directory specification), or its like."""
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or "~/AppData/Local")
    elif sys.platform == "darwin":
        base = Path("~/Library/Application Support")
    else:
        base = Path(os.environ.get("XDG_STATE_HOME") or "~/.local/state")
    try:
        return base.expanduser() / "agentops"
    except RuntimeError:  # no home directory: the spool will fall back to memory and say so
        return base / "agentops"
