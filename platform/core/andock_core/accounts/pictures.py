"""Profile pictures: what is one, told by its bytes and never by what somebody calls it.

PNG and JPEG alone: every browser draws them, they hold no script, and their size stands in their
header (a small file may unfold to gigabytes in a colleague's browser).
"""

from struct import unpack

from andock_core.accounts.errors import BadPicture

LARGEST_PICTURE = 1024 * 1024
"""Bytes."""
WIDEST_PICTURE = 4096
"""Pixels, each way."""
PNG = b"\x89PNG\r\n\x1a\n"
JPEG = b"\xff\xd8\xff"
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}  # JPEG's start-of-frame markers


def media_type(data: bytes) -> str:
    """ "image/png" or "image/jpeg". Raises BadPicture: picture.large, picture.unknown,
    picture.wide."""
    if len(data) > LARGEST_PICTURE:
        raise BadPicture("picture.large")
    if data.startswith(PNG):
        kind, size = "image/png", _png_size(data)
    elif data.startswith(JPEG):
        kind, size = "image/jpeg", _jpeg_size(data)
    else:
        raise BadPicture("picture.unknown")
    if size is None or not all(size):
        raise BadPicture("picture.unknown")
    if max(size) > WIDEST_PICTURE:
        raise BadPicture("picture.wide")
    return kind


def _png_size(data: bytes) -> tuple[int, int] | None:
    if len(data) < 33 or data[12:16] != b"IHDR":
        return None
    width, height = unpack(">II", data[16:24])
    return width, height


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    """Out of the first frame header; None when there is none."""
    at = 2
    while at + 9 < len(data):
        if data[at] != 0xFF:
            return None
        marker = data[at + 1]
        if marker == 0xFF:  # fill bytes
            at += 1
            continue
        if marker in _FRAMES:
            height, width = unpack(">HH", data[at + 5 : at + 9])
            return width, height
        at += 2 + int(unpack(">H", data[at + 2 : at + 4])[0])
    return None
