"""Ids and change keys: opaque, case-sensitive base64 as long as Exchange's.

An id names the mailbox, the kind of object and its number, and ends in a keyed digest: whatever
was not issued by this sandbox is refused as malformed, as Exchange does. An occurrence's id adds
the minute at which the pattern puts it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import struct
from dataclasses import dataclass
from datetime import UTC, datetime

from .errors import EwsError
from .times import instant, iso

FOLDER, ITEM, OCCURRENCE, ATTACHMENT = 1, 2, 3, 4
_HEAD = bytes.fromhex("000324002426")
# As long as Exchange's own: clients (DavMail) tell an item's id by its 152 characters.
_PADDING = {FOLDER: bytes(11), ITEM: bytes(35), OCCURRENCE: bytes(71), ATTACHMENT: bytes(71)}
_BODY = struct.Struct(">BQQ")
_GOID = bytes.fromhex("040000008200E00074C5B7101A82E008")
_VCAL = b"vCal-Uid\x01\x00\x00\x00"


@dataclass(frozen=True)
class Ref:
    """A decoded id: ``kind``, the object's number, for an occurrence its original start, for an
    attachment (whose ``num`` is its item's) its own number as ``part``."""

    kind: int
    num: int
    original: str | None = None
    part: int = 0


@dataclass(frozen=True)
class IdMaker:
    """Issues and reads the ids of one mailbox. ``guid`` is its 16 secret-free bytes, ``key``
    what the digests are made with."""

    guid: bytes
    key: bytes

    def folder(self, num: int) -> str:
        """A folder's id."""
        return self._encode(FOLDER, num, 0)

    def item(self, num: int, original: str | None = None) -> str:
        """An item's id, or that of its occurrence which the pattern puts at ``original``."""
        if original is None:
            return self._encode(ITEM, num, 0)
        return self._encode(OCCURRENCE, num, int(instant(original).timestamp()))

    def attachment(self, num: int, part: int) -> str:
        """The id of an item's attachment."""
        return self._encode(ATTACHMENT, num, part)

    def _encode(self, kind: int, num: int, extra: int) -> str:
        body = _HEAD + self.guid + _BODY.pack(kind, num, extra) + _PADDING[kind]
        digest = hmac.new(self.key, body, hashlib.sha384).digest()
        return base64.b64encode(body + digest[:40]).decode()

    def decode(self, text: str) -> Ref:
        """The object that an id names. EwsError when it is empty, malformed or foreign."""
        if not text:
            raise EwsError("ErrorInvalidIdEmpty")
        try:
            raw = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError) as error:
            raise EwsError("ErrorInvalidIdMalformed") from error
        begin, cut = len(_HEAD) + 16, len(raw) - 40
        padding = _PADDING.get(raw[begin]) if len(raw) > begin else None
        if padding is None or cut != begin + _BODY.size + len(padding) or not raw.startswith(_HEAD):
            raise EwsError("ErrorInvalidIdMalformed")
        if raw[len(_HEAD) : len(_HEAD) + 16] != self.guid:
            # A well-formed id of somebody else's mailbox: nothing is given away about it.
            raise EwsError("ErrorItemNotFound")
        if not hmac.compare_digest(
            hmac.new(self.key, raw[:cut], hashlib.sha384).digest()[:40], raw[cut:]
        ):
            raise EwsError("ErrorInvalidIdMalformed")
        kind, num, extra = _BODY.unpack_from(raw, begin)
        original = iso(datetime.fromtimestamp(extra, UTC)) if kind == OCCURRENCE else None
        return Ref(kind, num, original, extra if kind == ATTACHMENT else 0)


def change_key(guid: bytes, version: int) -> str:
    """A change key: opaque, different after every change."""
    raw = b"\x0f\x00\x00\x00\x16\x00\x00\x00" + guid + struct.pack(">Q", version)
    return base64.b64encode(raw).decode()


def read_change_key(guid: bytes, text: str) -> int:
    """The version that a change key stands for. EwsError ErrorInvalidChangeKey."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise EwsError("ErrorInvalidChangeKey") from error
    if len(raw) != 32 or raw[8:24] != guid:
        raise EwsError("ErrorInvalidChangeKey")
    return int(struct.unpack(">Q", raw[24:])[0])


def new_uid(guid: bytes, num: int) -> str:
    """The UID that Exchange gives an entry of its own: a GlobalObjectId in hexadecimal."""
    data = hashlib.sha256(guid + struct.pack(">Q", num)).digest()[:16]
    return (_GOID + bytes(20) + struct.pack("<I", len(data)) + data).hex().upper()


def global_object_id(uid: str, original: str | None = None) -> bytes:
    """The GlobalObjectId of a UID ([MS-OXOCAL] 2.2.1.27): a foreign UID is wrapped (vCal-Uid).

    ``original`` puts an occurrence's date in; without it this is the CleanGlobalObjectId.
    """
    try:
        raw = bytes.fromhex(uid)
    except ValueError:
        raw = b""
    if not raw.startswith(_GOID) or len(raw) < 40:
        data = _VCAL + uid.encode("utf-8", "replace") + b"\0"
        raw = _GOID + bytes(20) + struct.pack("<I", len(data)) + data
    if original is None:
        return raw
    day = instant(original)
    return raw[:16] + struct.pack(">HBB", day.year, day.month, day.day) + raw[20:]
