"""Media beside events: videos, screenshots, sounds and large payloads, named by their content."""

import re
from dataclasses import dataclass
from hashlib import sha256

# What a browser can show; anything else would be served as something that it is not.
TYPES = {
    "video/mp4": "mp4",
    "video/webm": "webm",
    "video/ogg": "ogv",
    "video/quicktime": "mov",
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/webp": "webp",
    "image/gif": "gif",
    "audio/wav": "wav",
    "audio/mpeg": "mp3",
    "audio/ogg": "ogg",
    "application/json": "json",
    "text/plain": "txt",
}
TEXTS = {"json", "txt"}
_BY_SUFFIX = {suffix: content_type for content_type, suffix in TYPES.items()}
_NAME = re.compile(rf"([0-9a-f]{{64}})\.({'|'.join(_BY_SUFFIX)})")
# The first bytes of files; the dots of the RIFF and MP4 ones stand for their sizes.
_HEADS = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "png"),
    (re.compile(rb"\xff\xd8\xff"), "jpg"),
    (re.compile(rb"GIF8[79]a"), "gif"),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), "webp"),
    (re.compile(rb"RIFF....WAVE", re.DOTALL), "wav"),
    (re.compile(rb"ID3|\xff[\xfb\xf3\xf2]"), "mp3"),
    (re.compile(rb"OggS"), "ogg"),
    (re.compile(rb"\x1aE\xdf\xa3"), "webm"),
    (re.compile(rb"....ftypqt", re.DOTALL), "mov"),
    (re.compile(rb"....ftyp", re.DOTALL), "mp4"),
)


@dataclass(frozen=True, slots=True)
class MediaName:
    """The name of an object: the SHA-256 of its content, and a suffix that says how to show it."""

    sha256: str
    suffix: str

    def __str__(self) -> str:
        return f"{self.sha256}.{self.suffix}"

    @property
    def content_type(self) -> str:
        """The media type to serve it as."""
        return _BY_SUFFIX[self.suffix]

    @property
    def is_text(self) -> bool:
        """Whether the content is UTF-8 text."""
        return self.suffix in TEXTS


def name_content(content: bytes, suffix: str) -> MediaName:
    """The name of a content."""
    return MediaName(sha256(content).hexdigest(), suffix)


def find_media_suffix(head: bytes) -> str | None:
    """The suffix for an image, a sound or a video that begins with these bytes (a dozen will do); None for others."""
    return next((suffix for pattern, suffix in _HEADS if pattern.match(head)), None)


def find_media_name(text: str) -> MediaName | None:
    """The name that a text spells, if it spells one."""
    match = _NAME.fullmatch(text)
    return None if match is None else MediaName(match[1], match[2])


def decode_media_name(text: str) -> MediaName:
    """The name that a text spells.

    Raises:
        ValueError: It is not the SHA-256 in lower-case hexadecimal and one of the known suffixes.
    """
    if (name := find_media_name(text)) is None:
        known = ", ".join(sorted(_BY_SUFFIX))
        raise ValueError(f"an object is named <SHA-256 of its content>.<suffix>, with one of the suffixes {known}")
    return name
