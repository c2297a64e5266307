"""`agentops flush` delivers what waits on this machine; `agentops doctor` says what that is and what is set."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from . import __version__, _acceleration
from ._config import OPTIONS, Configuration, mask
from ._pipeline import SpoolPipeline
from ._segment import REJECTED_SUFFIX
from ._totals import list_segments, read_totals
from ._uploads import JOB_SUFFIX
from .exceptions import ConfigurationError

if TYPE_CHECKING:
    from ._totals import Description, Totals
    from ._transport import Answer


class _Deaf:
    """Nobody here wants to hear what the server says of the sessions."""

    def hear_created(self, session_id: UUID, answer: Answer) -> None: ...

    def hear_updated(self, session_id: UUID, answer: Answer) -> None: ...

    def hear_rejected(self, session_id: UUID, participants: Sequence[str]) -> None: ...


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code: 0 all is well, 1 something waits still, 2 it cannot be done."""
    options = _parser().parse_args(arguments)
    try:
        config = Configuration(api_key=options.api_key, endpoint=options.endpoint, spool_dir=options.spool_dir)
    except ConfigurationError as error:
        _say(f"agentops: {error}")
        return 2
    return _flush(config, options.timeout) if options.command == "flush" else _diagnose(config)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="agentops", description="What AgentOps keeps on this machine.")
    parser.add_argument("--version", action="version", version=f"agentops {__version__}")
    commands = parser.add_subparsers(dest="command", required=True)
    flush = commands.add_parser("flush", help="deliver what ended processes left, for one endpoint and key")
    flush.add_argument(
        "--timeout", type=float, default=60.0, metavar="SECONDS", help="give up after this (default: 60)"
    )
    doctor = commands.add_parser("doctor", help="say what is set, what waits and whether the server answers")
    for command in (flush, doctor):
        command.add_argument("--api-key", help="default: AGENTOPS_API_KEY")
        command.add_argument("--endpoint", help="default: AGENTOPS_API_ENDPOINT, else http://localhost:8765")
        command.add_argument("--spool-dir", help="default: AGENTOPS_SPOOL_DIR, else the platform's state directory")
    return parser


def _flush(config: Configuration, timeout_seconds: float) -> int:
    if not config.api_key:
        _say("agentops: there is no API key. Set AGENTOPS_API_KEY or give --api-key.")
        return 2
    directory = config.spool_directory
    if not directory.is_dir():
        _say(f"Nothing waits for {config.endpoint}.")
        return 0
    pipeline = SpoolPipeline(config, _Deaf())
    delivered = pipeline.flush(timeout_seconds, and_adopted=True)
    pipeline.close()
    _say(_describe_totals(read_totals(directory)) + _describe_files(directory))
    if delivered:
        _say(f"Everything that ended processes left is delivered to {config.endpoint}.")
        return 0
    _say(f"Not everything was delivered within {timeout_seconds:g} s; it waits in {directory}.")
    return 1


def _diagnose(config: Configuration) -> int:
    for option in OPTIONS:
        _say(f"{option.name:22} {_show(option.name, getattr(config, option.name)):40} {option.variable}")
    _acceleration.load()
    _say(f"\nrecording              {'compiled' if _acceleration.native else f'in Python: {_acceleration.obstacle}'}")
    _say(f"server                 {_describe_server(config)}")
    own = config.spool_directory
    directories = sorted(path for path in own.parent.glob("*") if path.is_dir())
    _say(f"spool                  {own.parent}{'' if directories else ': nothing was recorded on this machine yet'}")
    waiting, events = 0, 0
    for directory in directories:
        segments = list_segments(directory)
        totals = read_totals(directory, segments)
        _say(f"\n{directory.name}{'  (this endpoint and key)' if directory == own else '  (another endpoint or key)'}")
        _say(f"  {_describe_totals(totals)}{_describe_files(directory)}")
        for segment in segments:
            _say(f"  {_describe_segment(segment)}")
        waiting += sum(segment.is_waiting for segment in segments)
        events += totals.spooled
    if waiting:
        _say(f"\n{events} events wait, with what became of their sessions. `agentops flush` delivers what was left for")
        _say("the endpoint and key that it is given; running processes deliver their own.")
    return 1 if waiting else 0


def _show(name: str, value: object) -> str:
    if value is None or value == ():
        return "-"
    if name in {"api_key", "parent_key"}:
        return mask(str(value))
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _describe_totals(totals: Totals) -> str:
    return "  ".join(f"{name} {count}" for name, count in totals._asdict().items())


def _describe_files(directory: Path) -> str:
    uploads = len(list(directory.glob(f"*{JOB_SUFFIX}")))
    rejected = sorted(path.name for path in directory.glob(f"*{REJECTED_SUFFIX}"))
    told = f"\n  videos to upload {uploads}" if uploads else ""
    return told + (f"\n  what the server rejected is in {', '.join(rejected)}" if rejected else "")


def _describe_segment(segment: Description) -> str:
    state = "open in a running process" if segment.is_held else "left by a process that ended"
    size = f"{segment.size_bytes / 1e6:.1f} MB"
    behind = f"  sessions held back {segment.sessions_behind}" if segment.sessions_behind else ""
    counts = _describe_totals(segment.totals).rpartition("  ")[0]  # what was refused is in no segment
    return f"segment {segment.name}: process {segment.participant or '-'}, {state}, {size}\n    {counts}{behind}"


def _describe_server(config: Configuration) -> str:
    from ._transport import BadAnswerError, Transport, UnreachableError  # noqa: PLC0415 - it imports urllib3

    transport = Transport(config.endpoint, config.api_key or "", None)
    try:
        answer = transport.get("/v2/sessions?limit=1", 5.0)
    except (UnreachableError, BadAnswerError) as error:
        return f"{config.endpoint} does not answer: {error}"
    finally:
        transport.close()
    if answer.status == 401:
        return f"{config.endpoint} answers, but does not know the API key"
    return f"{config.endpoint} answers{'' if answer.status == 200 else f' with HTTP {answer.status}: {answer.message}'}"


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    sys.exit(main())
