"""Photos that a person uploads: what they are is read from their bytes, never from a name.

They are made anew: upright, cut square, at most `SIDE` wide, without metadata (a place where
it was taken, say). What is no picture fails there.
"""

import base64
import io
import warnings

from PIL import Image, ImageOps, UnidentifiedImageError

from andock_sdk import Photo

LARGEST_UPLOAD = 8 * 1024 * 1024  # bytes: a phone's picture
MOST_PIXELS = 50_000_000
SIDE = 480  # pixels
QUALITY = 85
_MAGIC = {
    b"\xff\xd8\xff": "JPEG",
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"GIF87a": "GIF",
    b"GIF89a": "GIF",
}
_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "GIF": "image/gif"}


class PhotoRefused(ValueError):
    """Not usable. `key` is a message key: photo.large or photo.unknown."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(key)


def kind_of(data: bytes) -> str:
    """The media type that the bytes begin like; empty for anything that is none of ours."""
    return _TYPES.get(_format(data), "")


def fit(data: bytes) -> Photo:
    """The picture as a contact keeps it, a JPEG. Raises PhotoRefused."""
    if len(data) > LARGEST_UPLOAD:
        raise PhotoRefused("photo.large")
    if not _format(data) and not _is_webp(data):
        raise PhotoRefused("photo.unknown")
    return _checked(data, SIDE)


def keep(data: bytes) -> Photo | None:
    """A picture out of a card, as it is when it is small and ours, else made to fit; None when it
    cannot be used."""
    media_type = kind_of(data)
    if media_type and len(data) <= 200_000:
        encoded = base64.b64encode(data).decode()
        return Photo.model_validate({"media_type": media_type, "data": encoded})
    try:
        return fit(data)
    except PhotoRefused:
        return None


def _checked(data: bytes, side: int) -> Photo:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's doubts; its refusals are errors
            return _made_anew(data, _format(data) or "WEBP", side)
    except (PhotoRefused, Image.DecompressionBombError) as error:
        raise PhotoRefused("photo.large") from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, MemoryError) as error:
        raise PhotoRefused("photo.unknown") from error


def small(data: bytes, side: int) -> bytes:
    """A photo that a contact holds, as a JPEG for the list. Raises PhotoRefused."""
    if kind_of(data) == "":
        raise PhotoRefused("photo.unknown")
    return base64.b64decode(_checked(data, side).data)


def _made_anew(data: bytes, format_name: str, widest: int) -> Photo:
    with Image.open(io.BytesIO(data), formats=[format_name]) as opened:
        if opened.width * opened.height > MOST_PIXELS:
            raise PhotoRefused("photo.large")
        if format_name == "JPEG":
            opened.draft("RGB", (widest * 2, widest * 2))  # decodes a large one small
        upright = ImageOps.exif_transpose(opened).convert("RGBA")
    side = min(widest, *upright.size)
    cut = ImageOps.fit(upright, (side, side))
    flat = Image.new("RGB", cut.size, "white")
    flat.paste(cut, mask=cut)
    out = io.BytesIO()
    flat.save(out, "JPEG", quality=QUALITY, optimize=True)
    return Photo(media_type="image/jpeg", data=base64.b64encode(out.getvalue()).decode())


def _format(data: bytes) -> str:
    return next((name for magic, name in _MAGIC.items() if data.startswith(magic)), "")


def _is_webp(data: bytes) -> bool:
    return data[:4] == b"RIFF" and data[8:12] == b"WEBP"
