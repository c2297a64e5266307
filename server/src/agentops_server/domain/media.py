"""Media beside events: videos, screenshots and sounds, named by their content."""

import re
from dataclasses import dataclass

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
}
_BY_SUFFIX = {suffix: content_type for content_type, suffix in TYPES.items()}
_NAME = re.compile(rf"([0-9a-f]{{64}})\.({'|'.join(_BY_SUFFIX)})")


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


def decode_media_name(text: str) -> MediaName:
    """The name that a text spells.

    Raises:
        ValueError: It is not the SHA-256 in lower-case hexadecimal and one of the known suffixes.
    """
    if (match := _NAME.fullmatch(text)) is None:
        known = ", ".join(sorted(_BY_SUFFIX))
        raise ValueError(f"an object is named <SHA-256 of its content>.<suffix>, with one of the suffixes {known}")
    return MediaName(match[1], match[2])
