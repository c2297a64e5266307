"""Step: payloads that are too large for a row, and base64 media inside of payloads, go to the object store.

In their places stay markers (see `agentops_server.storage.objects.markers`). An event with nothing large in it costs a
look at the lengths of its payloads. The objects are on disk when the step is done, so before the event is acknowledged;
a kill in between leaves an object that nobody refers to, which a job collects.
"""

import base64
import binascii
import re
from operator import attrgetter

from agentops_server.domain.batch import Batch
from agentops_server.domain.event import Event
from agentops_server.domain.ids import ProjectId
from agentops_server.domain.media import MediaName, find_media_suffix, name_content
from agentops_server.ingest.pipeline import Step
from agentops_server.storage.objects.markers import WORD, mark_inside, mark_whole
from agentops_server.storage.objects.store import ObjectStore

# A payload that is larger than this, as UTF-8, does not stay in its row.
WHOLE_BYTES = 256 << 10
# Base64 shorter than this stays where it is: an icon is cheaper in its row than as a file.
FEWEST_DIGITS = 8 << 10
_HEAD_DIGITS = 32
_BYTES_PER_CHARACTER = 4
_JSON_FIELDS = (
    "params_json",
    "returns_json",
    "logs_json",
    "model_params_json",
    "tools_json",
    "prompt_json",
    "completion_json",
    "details_json",
)
_TEXT_FIELDS = ("screenshot",)
_texts_of = attrgetter(*_JSON_FIELDS, *_TEXT_FIELDS)
# The look behind lets a match begin at the start of a run only, and the run is never given back: reading is linear.
_BASE64 = re.compile(rf"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{{{FEWEST_DIGITS},}}+={{0,2}}")


def offload_with(objects: ObjectStore) -> Step:
    """A step that keeps what is large in this store.

    It raises `Unavailable` when the store does not take something; nothing of the batch was stored then.
    """

    def offload(batch: Batch) -> None:
        for event in batch.events:
            if _is_large(event):
                _offload_event(event, batch, objects)

    return offload


def _is_large(event: Event) -> bool:
    texts = (*_texts_of(event), *event.attributes.values())
    return max(map(len, texts)) >= FEWEST_DIGITS


def _offload_event(event: Event, batch: Batch, objects: ObjectStore) -> None:
    keeper = _Keeper(event.project_id, batch, objects)
    for field in _JSON_FIELDS:
        setattr(event, field, _offload(getattr(event, field), "json", keeper))
    for field in _TEXT_FIELDS:
        setattr(event, field, _offload(getattr(event, field), "txt", keeper))
    event.attributes = {key: _offload(value, "txt", keeper) for key, value in event.attributes.items()}
    event.objects = list(dict.fromkeys([*event.objects, *map(str, keeper.names)]))


def _offload(text: str, suffix: str, keeper: "_Keeper") -> str:
    if len(text) < FEWEST_DIGITS and WORD not in text:
        return text
    looks_marked = WORD in text
    marked = text if looks_marked else _BASE64.sub(keeper.keep_base64, text)
    if not looks_marked and not _is_over(marked):
        return marked
    content = marked.encode()
    name = keeper.keep(content, suffix)
    return mark_whole(name, len(content), marked, has_markers=marked is not text and marked != text)


def _is_over(text: str) -> bool:
    return len(text) * _BYTES_PER_CHARACTER > WHOLE_BYTES and len(text.encode()) > WHOLE_BYTES


class _Keeper:
    """Puts the contents of one event into the store."""

    def __init__(self, project_id: ProjectId, batch: Batch, objects: ObjectStore) -> None:
        self._project_id = project_id
        self._batch = batch
        self._objects = objects
        self.names: list[MediaName] = []

    def keep(self, content: bytes, suffix: str) -> MediaName:
        """Keep a content; it is claimed until the batch is settled, so that nobody deletes it as unused."""
        name = name_content(content, suffix)
        key = (self._project_id, name)
        self._objects.claims.claim([key])
        self._batch.when_settled.append(lambda: self._objects.claims.release([key]))
        self._objects.put_bytes(self._project_id, name, content)
        self.names.append(name)
        return name

    def keep_base64(self, match: re.Match[str]) -> str:
        """The marker for a run of base64 that spells an image, a sound or a video; others stay as they are."""
        digits = match[0]
        suffix = find_media_suffix(base64.b64decode(digits[:_HEAD_DIGITS]))
        if suffix is None:
            return digits
        try:
            content = base64.b64decode(digits, validate=True)
        except binascii.Error:
            return digits
        if base64.b64encode(content).decode() != digits:
            return digits
        return mark_inside(self.keep(content, suffix), len(content))
