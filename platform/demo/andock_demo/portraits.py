"""Invented people's pictures, drawn in code: head and shoulders on a coloured ground."""

import struct
import zlib

_SIZE = 96
Colour = tuple[int, int, int]


def portrait(ground: Colour, figure: Colour) -> bytes:
    """A small PNG in two colours."""
    rows = (
        b"\0" + b"".join(bytes(figure if _inside(x, y) else ground) for x in range(_SIZE))
        for y in range(_SIZE)
    )
    head = struct.pack(">IIBBBBB", _SIZE, _SIZE, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(b"".join(rows))), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in parts)


def _inside(x: int, y: int) -> bool:
    """Whether a point belongs to the head (a circle) or the shoulders (an ellipse)."""
    head = (x - 48) ** 2 + (y - 38) ** 2 < 19**2
    shoulders = ((x - 48) / 36) ** 2 + ((y - 96) / 34) ** 2 < 1
    return head or shoulders


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
