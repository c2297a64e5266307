"""Step: secrets and personal data of known shapes are taken out before anything is stored, where that is asked for."""

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial

from agentops_server.domain.batch import Batch
from agentops_server.domain.event import Event
from agentops_server.domain.ids import ProjectId, find_uuid
from agentops_server.errors import Invalid
from agentops_server.ingest.metrics import IngestMetrics
from agentops_server.ingest.patterns import GROUPS, PATTERNS, Pattern
from agentops_server.ingest.pipeline import Step

_JSON_FIELDS = (
    *("params_json", "returns_json", "logs_json", "prompt_json", "completion_json", "details_json"),
    *("model_params_json", "tools_json"),
)
_TEXT_FIELDS = ("name", "action_type", "error_type", "error_code", "thread_id")
_STRING = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)

Patterns = Mapping[ProjectId | None, Sequence[Pattern]]


def decode_patterns(text: str) -> Patterns:
    """What to redact of which project; under None, of all.

    Args:
        text: Names of patterns, or ``secrets`` or ``all`` of them, with commas between; each may be for one project:
            ``emails@<id>``.

    Raises:
        Invalid: A name or an id is not one; the message says which there are.
    """
    wanted: dict[ProjectId | None, dict[str, Pattern]] = {}
    for word in filter(None, (part.strip() for part in text.split(","))):
        name, _, project = word.partition("@")
        project_id = find_uuid(project)
        if name not in GROUPS or (project and project_id is None):
            names = ", ".join(GROUPS)
            raise Invalid(f"AGENTOPS_REDACT: {word!r} is none of {names}, nor one of them with @ and a project's id")
        key = None if project_id is None else ProjectId(project_id)
        wanted.setdefault(key, {}).update((each, PATTERNS[each]) for each in GROUPS[name])
    general = wanted.get(None, {})
    return {key: list((general | own).values()) for key, own in wanted.items()}


def redact_with(patterns: Patterns, metrics: IngestMetrics) -> Step:
    """A step that redacts by these patterns, and counts what it took out."""

    def redact(batch: Batch) -> None:
        if not patterns:
            return
        found: Counter[str] = Counter()
        for event in batch.events:
            if of_project := patterns.get(event.project_id, patterns.get(None, ())):
                _redact_event(event, of_project, found)
        for name, count in found.items():
            metrics.redactions.labels(name).inc(count)

    return redact


def _redact_event(event: Event, patterns: Sequence[Pattern], found: Counter[str]) -> None:
    for field in _TEXT_FIELDS:
        setattr(event, field, _redact_text(getattr(event, field), patterns, found))
    for field in _JSON_FIELDS:
        setattr(event, field, _redact_json(getattr(event, field), patterns, found))
    if event.attributes:
        event.attributes = {key: _redact_text(text, patterns, found) for key, text in event.attributes.items()}


def _redact_json(text: str, patterns: Sequence[Pattern], found: Counter[str]) -> str:
    """Only inside strings: a number stays one. Strings without a secret stay as they were written."""
    likely = [pattern for pattern in patterns if pattern.likely.search(text)]
    return _STRING.sub(lambda match: _redact_string(match[0], likely, found), text) if likely else text


def _redact_string(quoted: str, patterns: Sequence[Pattern], found: Counter[str]) -> str:
    if not any(pattern.likely.search(quoted) for pattern in patterns):
        return quoted
    plain = json.loads(quoted, strict=False)
    redacted = _redact_text(plain, patterns, found)
    return quoted if redacted == plain else json.dumps(redacted)


def _redact_text(text: str, patterns: Sequence[Pattern], found: Counter[str]) -> str:
    for pattern in patterns:
        finds = sum(1 for match in pattern.shape.finditer(text) if pattern.is_it(match[0]))
        if finds:
            found[pattern.name] += finds
            text = pattern.shape.sub(partial(_replace, pattern), text)
    return text


def _replace(pattern: Pattern, match: re.Match[str]) -> str:
    return f"[redacted: {pattern.name}]" if pattern.is_it(match[0]) else match[0]
