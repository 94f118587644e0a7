"""Contacts and pictures for the tests."""

import base64
import struct
import zlib
from typing import get_args

from andock_sdk import Contact, Photo
from andock_sdk.items import PhoneKey


def png(shade: int = 0, size: int = 2) -> bytes:
    """A small grey picture."""
    rows = b"".join(b"\0" + bytes([shade]) * size for _ in range(size))
    head = struct.pack(">IIBBBBB", size, size, 8, 0, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )


def photo(shade: int = 0) -> Photo:
    """A small grey picture, as a document holds it."""
    return Photo(media_type="image/png", data=base64.b64encode(png(shade)).decode())


def contact(**fields: object) -> Contact:
    """Bea, with a name and nothing else unless it is said."""
    given: dict[str, object] = {"display_name": "Bea Vogt", "given": "Bea", "surname": "Vogt"}
    return Contact.model_validate(given | fields)


PHONES = list(get_args(PhoneKey))

EVERYTHING = contact(
    title="Dr.",
    middle="Luise",
    suffix="MdB",
    nickname="Bee",
    company="Architekten & Söhne <GmbH>",
    department="Entwurf",
    job_title="Leiterin",
    emails={
        "email1": {"name": "Bea V.", "email": "bea@architekten.test"},
        "email2": {"email": "bea@privat.test"},
        "email3": {"name": "Büro", "email": "buero@architekten.test"},
    },
    phones={key: f"+49 40 {number}" for number, key in enumerate(PHONES, 1000)},
    addresses={
        key: {
            "street": f"{key} 1\nHinterhaus",
            "city": "Hamburg",
            "region": "HH",
            "postcode": "20095",
            "country": "Deutschland",
        }
        for key in ("business", "home", "other")
    },
    birthday="1980-03-31",
    website="https://www.architekten.test/bea?a=1#b",
    notes={"content": "Erste Zeile\nzweite Zeile"},
    categories=["Bau", "Familie"],
    photo=photo(),
)
"""A contact with every field that there is."""
