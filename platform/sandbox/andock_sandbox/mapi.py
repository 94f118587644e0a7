"""MAPI properties that are the same as an EWS property: one store, two names for what is in it.

Clients such as DavMail speak MAPI tags for most fields. The tables map the key of an extended
property (see ``extended.key_of``) to a path into an item's properties and the way its value is
spelled. Sources: [MS-OXPROPS], [MS-OXOCAL], [MS-OXOCNTC].
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from . import extended, views
from .model import Folder, Item, Json, Props
from .state import MailboxState
from .views import View

_APPOINTMENT = "00062002-0000-0000-c000-000000000046"
_COMMON = "00062008-0000-0000-c000-000000000046"
_PUBLIC = "00020329-0000-0000-c000-000000000046"
_ADDRESS = "00062004-0000-0000-c000-000000000046"

_BODY = "tag/0x1000/String"
_SENSITIVITIES = ("Normal", "Personal", "Private", "Confidential")
_IMPORTANCES = ("Low", "Normal", "High")
_BUSY = ("Free", "Tentative", "Busy", "OOF", "WorkingElsewhere")
_WORDS = {
    "Sensitivity": _SENSITIVITIES,
    "Importance": _IMPORTANCES,
    "LegacyFreeBusyStatus": _BUSY,
}

# Property, then the keys that name it. A dotted name leads into a contact's dictionaries.
_ITEM = f"""
Subject tag/0x37/String
Sensitivity tag/0x36/Integer
Importance tag/0x17/Integer
Categories {_PUBLIC}/Keywords/StringArray
ReminderIsSet {_COMMON}/{0x8503}/Boolean
ReminderMinutesBeforeStart {_COMMON}/{0x8501}/Integer
"""
_CALENDAR = f"""
LegacyFreeBusyStatus {_APPOINTMENT}/{0x8205}/Integer
Location {_APPOINTMENT}/{0x8208}/String
IsAllDayEvent {_APPOINTMENT}/{0x8215}/Boolean
Start {_APPOINTMENT}/{0x820D}/SystemTime
End {_APPOINTMENT}/{0x820E}/SystemTime
"""
_CONTACT = f"""
DisplayName tag/0x3001/String
GivenName tag/0x3a06/String
Surname tag/0x3a11/String
MiddleName tag/0x3a44/String
Generation tag/0x3a05/String
Nickname tag/0x3a4f/String
Initials tag/0x3a0a/String
CompanyName tag/0x3a16/String
JobTitle tag/0x3a17/String
Department tag/0x3a18/String
OfficeLocation tag/0x3a19/String
Profession tag/0x3a46/String
SpouseName tag/0x3a48/String
Manager tag/0x3a4e/String
AssistantName tag/0x3a30/String
BusinessHomePage tag/0x3a51/String
Birthday tag/0x3a42/SystemTime
WeddingAnniversary tag/0x3a41/SystemTime
FileAs {_ADDRESS}/{0x8005}/String
FileAs {_PUBLIC}/urn:schemas:contacts:fileas/String
ImAddresses.ImAddress1 {_ADDRESS}/{0x8062}/String
EmailAddresses.EmailAddress1.Address {_ADDRESS}/{0x8083}/String
EmailAddresses.EmailAddress2.Address {_ADDRESS}/{0x8093}/String
EmailAddresses.EmailAddress3.Address {_ADDRESS}/{0x80A3}/String
EmailAddresses.EmailAddress1.Name {_ADDRESS}/{0x8084}/String
EmailAddresses.EmailAddress2.Name {_ADDRESS}/{0x8094}/String
EmailAddresses.EmailAddress3.Name {_ADDRESS}/{0x80A4}/String
PhoneNumbers.BusinessPhone tag/0x3a08/String
PhoneNumbers.BusinessPhone2 tag/0x3a1b/String
PhoneNumbers.HomePhone tag/0x3a09/String
PhoneNumbers.HomePhone2 tag/0x3a2f/String
PhoneNumbers.MobilePhone tag/0x3a1c/String
PhoneNumbers.BusinessFax tag/0x3a24/String
PhoneNumbers.HomeFax tag/0x3a25/String
PhoneNumbers.Pager tag/0x3a21/String
PhoneNumbers.CarPhone tag/0x3a1e/String
PhoneNumbers.OtherTelephone tag/0x3a1f/String
PhoneNumbers.PrimaryPhone tag/0x3a1a/String
PhoneNumbers.AssistantPhone tag/0x3a2e/String
PhysicalAddresses.Home.City tag/0x3a59/String
PhysicalAddresses.Home.CountryOrRegion tag/0x3a5a/String
PhysicalAddresses.Home.PostalCode tag/0x3a5b/String
PhysicalAddresses.Home.State tag/0x3a5c/String
PhysicalAddresses.Home.Street tag/0x3a5d/String
PhysicalAddresses.Other.City tag/0x3a5f/String
PhysicalAddresses.Other.CountryOrRegion tag/0x3a60/String
PhysicalAddresses.Other.PostalCode tag/0x3a61/String
PhysicalAddresses.Other.State tag/0x3a62/String
PhysicalAddresses.Other.Street tag/0x3a63/String
PhysicalAddresses.Business.Street {_ADDRESS}/{0x8045}/String
PhysicalAddresses.Business.City {_ADDRESS}/{0x8046}/String
PhysicalAddresses.Business.State {_ADDRESS}/{0x8047}/String
PhysicalAddresses.Business.PostalCode {_ADDRESS}/{0x8048}/String
PhysicalAddresses.Business.CountryOrRegion {_ADDRESS}/{0x8049}/String
"""
_OWN = {"CalendarItem": _CALENDAR, "Contact": _CONTACT}

_INSTANCE_TYPES = {"Single": 0, "RecurringMaster": 1, "Occurrence": 2, "Exception": 3}
# What only the server says, whatever a client writes there.
_COMPUTED: dict[str, Callable[[MailboxState, View], Json]] = {
    "tag/0x1a/String": lambda state, view: views.value(state, view, "ItemClass"),
    "tag/0x3007/SystemTime": lambda state, view: view.item.created,
    "tag/0x3008/SystemTime": lambda state, view: view.item.modified,
    "tag/0xe06/SystemTime": lambda state, view: view.item.created,
    "tag/0xe08/Integer": lambda state, view: views.value(state, view, "Size"),
    "tag/0xe23/Integer": lambda state, view: view.item.num,
    f"{_COMMON}/{0x8506}/Boolean": lambda state, view: (
        view.props.get("Sensitivity") in ("Private", "Confidential")
    ),
}
_COMPUTED_CALENDAR: dict[str, Callable[[MailboxState, View], Json]] = {
    f"{_APPOINTMENT}/{0x8223}/Boolean": lambda state, view: view.type != "Single",
    f"{_APPOINTMENT}/{0x8217}/Integer": lambda state, view: views.value(
        state, view, "AppointmentState"
    ),
    f"{_PUBLIC}/urn:schemas:calendar:instancetype/Integer": lambda state, view: _INSTANCE_TYPES[
        view.type
    ],
}
_COMPUTED_CONTACT: dict[str, Callable[[MailboxState, View], Json]] = {
    f"{_ADDRESS}/{0x8015}/Boolean": lambda state, view: views.value(state, view, "HasPicture"),
}


@cache
def _paths(kind: str) -> dict[str, tuple[str, ...]]:
    lines = (line.split(maxsplit=1) for line in (_ITEM + _OWN.get(kind, "")).splitlines() if line)
    return {key: tuple(path.split(".")) for path, key in lines}


@cache
def _computed(kind: str) -> dict[str, Callable[[MailboxState, View], Json]]:
    own = {"CalendarItem": _COMPUTED_CALENDAR, "Contact": _COMPUTED_CONTACT}
    return {**_COMPUTED, **own.get(kind, {})}


def value(state: MailboxState, view: View, key: str) -> Json:
    """What an item has under the key of an extended property; None when nothing."""
    if key == _BODY:
        return (views.value(state, view, "TextBody") or {}).get("text") or None
    computed = _computed(view.item.kind).get(key)
    if computed is not None:
        return computed(state, view)
    path = _paths(view.item.kind).get(key)
    if path is None:
        uid = view.props.get("UID", "")
        return extended.value_of(key, view.extended, uid, view.original)
    found: Json = view.props
    for part in path:
        if not isinstance(found, dict):
            return None
        found = found.get(part)
    words = _WORDS.get(path[0])
    if words and found in words:
        return words.index(found)
    return found if found not in ("", []) else None


def absorb(item: Item | None, kind: str, props: Props, held: dict[str, Json]) -> None:
    """Take what was written by MAPI names over into the properties they stand for; ``item`` is
    what is being changed, None for a new one."""
    before: Props = item.props if item is not None else {}
    for key in list(held):
        if key in _computed(kind):
            del held[key]
            continue
        if key == _BODY:
            props["Body"] = {"type": "Text", "text": held.pop(key)["value"]}
            continue
        path = _paths(kind).get(key)
        if path is None:
            continue
        found = _read(path[0], key, held.pop(key)["value"])
        if len(path) == 1:
            props[path[0]] = found
            continue
        entries = props.setdefault(path[0], {**(before.get(path[0]) or {})})
        if len(path) == 2:
            entries[path[1]] = found
        else:
            entries[path[1]] = {**(entries.get(path[1]) or {}), path[2]: found}


def names(kind: str, keys: set[str]) -> set[str]:
    """The keys to remove, with those that stand for a whole property as its name."""
    known = _paths(kind)
    return {known[key][0] if len(known.get(key, ())) == 1 else key for key in keys}


def _read(name: str, key: str, text: Json) -> Json:
    words = _WORDS.get(name)
    if words and isinstance(text, str):
        number = int(text)
        return words[number] if 0 <= number < len(words) else words[0]
    if key.endswith("/Boolean"):
        return str(text).strip().lower() in ("true", "1")
    if key.endswith("/Integer"):
        return int(text)
    if key.endswith("/SystemTime"):
        return str(text).strip()[:19].rstrip("Z") + "Z"
    return text


def text_of(found: Json) -> Json:
    """A value as the text (or texts) of an ExtendedProperty."""
    if isinstance(found, list):
        return [str(entry) for entry in found]
    return str(found).lower() if isinstance(found, bool) else str(found)


def folder_value(state: MailboxState, folder: Folder, key: str) -> Json:
    """What a folder has under the key of an extended property; None when nothing."""
    match key:
        case "tag/0x3001/String":
            return folder.name
        case "tag/0x3613/String":
            return folder.folder_class
        case "tag/0x3602/Integer":
            return len(state.contents[folder.num])
        case "tag/0x3603/Integer":
            return 0
        case "tag/0x360a/Boolean":
            return any(True for _ in state.subfolders(folder.num))
        case "tag/0x3008/SystemTime" | "tag/0x670a/SystemTime":
            log = state.logs[folder.num]
            return state.items[log[-1][1]].modified if log else "2001-01-01T00:00:00Z"
    held = folder.extended.get(key)
    return held["value"] if held else None
