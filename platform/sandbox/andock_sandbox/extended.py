"""Extended (MAPI) properties: how an ExtendedFieldURI names one, and what a value may be.

A property is kept under a key such as ``guid/name/String`` or ``tag/0x37/String``, so that the
same property is found whichever way its set was named.
"""

from __future__ import annotations

import base64
import binascii
import re
import uuid

from .errors import EwsError
from .ids import global_object_id
from .model import Json
from .soap import Element, add, child, children

_SETS = {
    "Meeting": "6ed8da90-450b-101b-98da-00aa003f1305",
    "Appointment": "00062002-0000-0000-c000-000000000046",
    "Common": "00062008-0000-0000-c000-000000000046",
    "PublicStrings": "00020329-0000-0000-c000-000000000046",
    "Address": "00062004-0000-0000-c000-000000000046",
    "InternetHeaders": "00020386-0000-0000-c000-000000000046",
    "CalendarAssistant": "11000e07-b51b-40d6-af21-caa85edab1d0",
    "UnifiedMessaging": "4442858e-a9e3-4e80-b900-317a210cc15b",
    "Task": "00062003-0000-0000-c000-000000000046",
    "Sharing": "00062040-0000-0000-c000-000000000046",
}
_GLOBAL_ID = f"{_SETS['Meeting']}/3/Binary"
_CLEAN_GLOBAL_ID = f"{_SETS['Meeting']}/35/Binary"
_NUMBERS = {"Integer": 32, "Short": 16, "Long": 64, "Error": 32}
_DATETIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?")


def key_of(uri: Element) -> str:
    """The key of an ExtendedFieldURI. EwsError ErrorInvalidExtendedProperty when its attributes
    do not name one property."""
    named = {str(attribute): str(value) for attribute, value in uri.attrib.items()}
    kind = named.pop("PropertyType")
    known, guid = named.get("DistinguishedPropertySetId"), named.get("PropertySetId")
    tag, label, number = (
        named.get("PropertyTag"),
        named.get("PropertyName"),
        named.get("PropertyId"),
    )
    if tag is not None:
        value = int(tag, 16) if tag[:2] in ("0x", "0X") else int(tag)
        if len(named) > 1 or value >= 0x8000:
            raise EwsError("ErrorInvalidExtendedProperty")
        return f"tag/{value:#x}/{kind}"
    if (known is None) == (guid is None) or (label is None) == (number is None):
        raise EwsError("ErrorInvalidExtendedProperty")
    space = _SETS[known] if known else str(guid).lower()
    return f"{space}/{label if label is not None else int(str(number))}/{kind}"


def read(element: Element) -> tuple[str, Json]:
    """(key, {"uri": attributes, "value": text or list of texts}) of an ExtendedProperty."""
    uri = child(element, "ExtendedFieldURI")
    if uri is None:
        raise EwsError("ErrorInvalidExtendedProperty")
    key, single, several = key_of(uri), child(element, "Value"), child(element, "Values")
    kind = uri.get("PropertyType", "")
    if kind.endswith("Array") != (several is not None):
        raise EwsError("ErrorInvalidExtendedPropertyValue")
    value: Json
    if several is not None:
        value = [entry.text or "" for entry in children(several)]
        for text in value:
            check(kind.removesuffix("Array"), text)
    else:
        value = (single.text or "") if single is not None else ""
        check(kind, value)
    return key, {"uri": {str(a): str(v) for a, v in uri.attrib.items()}, "value": value}


def check(kind: str, text: str) -> None:
    """EwsError ErrorInvalidExtendedPropertyValue for a text that is no value of a type."""
    try:
        if kind in _NUMBERS and not -(2 ** (_NUMBERS[kind] - 1)) <= int(text) < 2 ** (
            _NUMBERS[kind] - 1
        ):
            raise ValueError
        if kind in ("Double", "Float", "Currency", "ApplicationTime"):
            float(text)
        if kind == "Binary":
            base64.b64decode(text, validate=True)
        if kind == "CLSID":
            uuid.UUID(text)
        if kind == "Boolean" and text.strip().lower() not in ("true", "false", "1", "0"):
            raise ValueError
        if kind == "SystemTime" and not _DATETIME.fullmatch(text.strip()):
            raise ValueError
    except (ValueError, binascii.Error) as error:
        raise EwsError("ErrorInvalidExtendedPropertyValue") from error


def value_of(key: str, held: dict[str, Json], uid: str, original: str | None) -> Json:
    """The value under a key: stored, or computed for the meeting's global ids; else None."""
    if key in held:
        return held[key]["value"]
    if uid and key in (_GLOBAL_ID, _CLEAN_GLOBAL_ID):
        raw = global_object_id(uid, original if key == _GLOBAL_ID else None)
        return base64.b64encode(raw).decode()
    return None


def write(parent: Element, uri: dict[str, str], value: Json) -> None:
    """An ExtendedProperty element that names the property as the client did."""
    made = add(parent, "ExtendedProperty")
    add(made, "ExtendedFieldURI", **uri)
    if isinstance(value, list):
        holder = add(made, "Values")
        for text in value:
            add(holder, "Value", text)
    else:
        add(made, "Value", value)
