"""The properties of every item class, in the schema's order: one table per class.

A line is ``Name type shapes mode since``:

- type: how the value is read and written (see ``values``); ``any`` is known but not kept;
- shapes: ``D`` in Default and AllProperties, ``A`` in AllProperties, ``-`` on request only;
- mode: ``w`` writable, ``c`` on creation only, ``r`` computed;
- since: the first server (07, 10, 13, 16) that knows it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from . import meeting_tables, property_tables


@dataclass(frozen=True)
class Property:
    """One line of a table; ``uri`` is its FieldURI."""

    name: str
    type: str
    shapes: str
    mode: str
    since: int
    uri: str


_PREFIX = {
    "Item": "item",
    "CalendarItem": "calendar",
    "Contact": "contacts",
    "DistributionList": "contacts",
    "Task": "task",
    "Message": "message",
    "MeetingRequest": "meetingRequest",
    "MeetingResponse": "meeting",
    "MeetingCancellation": "meeting",
}
KINDS = frozenset(_PREFIX)
ITEM_CLASSES = {
    "IPM.Appointment": "CalendarItem",
    "IPM.Contact": "Contact",
    "IPM.DistList": "DistributionList",
    "IPM.Task": "Task",
    "IPM.Note": "Message",
    "IPM.Schedule.Meeting.Request": "MeetingRequest",
    "IPM.Schedule.Meeting.Resp": "MeetingResponse",
    "IPM.Schedule.Meeting.Canceled": "MeetingCancellation",
}
CLASS_OF = {kind: item_class for item_class, kind in ITEM_CLASSES.items()}
FOLDER_KINDS = {
    "IPF.Appointment": "CalendarFolder",
    "IPF.Contact": "ContactsFolder",
    "IPF.Task": "TasksFolder",
}

# Paths of classes that the sandbox does not hold; asking for them is no mistake.
FOREIGN_PATHS = frozenset(property_tables.FOREIGN.split())
FOREIGN_SPACES = frozenset(
    {
        "conversation",
        "person",
        "persona",
        "rolemember",
        "network",
        "abchperson",
        "booking",
        "insight",
    }
)
PATHLESS = frozenset(property_tables.PATHLESS.split())


def _read(text: str, prefix: str) -> tuple[Property, ...]:
    made = []
    for line in text.strip().splitlines():
        name, kind, shapes, mode, since = line.split()
        uri = name if ":" in name else f"{prefix}:{name}"
        made.append(Property(uri.partition(":")[2], kind, shapes, mode, int(since), uri))
    return tuple(made)


@cache
def table(kind: str) -> tuple[Property, ...]:
    """All properties of an item class, those of every item first."""
    common = _read(property_tables.ITEM, "item")
    own = property_tables.OWN.get(kind, "")
    if kind in meeting_tables.OWN:
        common += _read(property_tables.MESSAGE, "message")
        own = meeting_tables.OWN[kind]
    if kind == "Contact":
        own += "".join(f"{name} any - r 16\n" for name in property_tables.LATER_CONTACT.split())
    made = common + _read(own, _PREFIX[kind]) if own else common
    return tuple(
        replace(one, uri="distributionlist:Members") if one.type == "members" else one
        for one in made
    )


@cache
def by_uri(kind: str) -> dict[str, Property]:
    """The properties of an item class by FieldURI."""
    return {made.uri: made for made in table(kind)}


@cache
def by_name(kind: str) -> dict[str, Property]:
    """The properties of an item class by XML name."""
    return {made.name: made for made in table(kind)}


@cache
def all_uris() -> dict[str, int]:
    """Every known FieldURI of items with the server that brought it."""
    known = {made.uri: made.since for kind in _PREFIX for made in table(kind)}
    return {uri: since for uri, since in known.items() if uri not in PATHLESS}


@cache
def paths() -> dict[str, int]:
    """Every known FieldURI of items and folders with the server that brought it."""
    return all_uris() | folder_uris()


@cache
def folder_table() -> tuple[Property, ...]:
    """The properties of a folder."""
    return _read(property_tables.FOLDER, "folder")


@cache
def folder_uris() -> dict[str, int]:
    """Every known FieldURI of folders with the server that brought it."""
    known = {made.uri: made.since for made in folder_table() if made.uri not in PATHLESS}
    return known | {
        "folder:SearchParameters": 7,
        "folder:SharingEffectiveRights": 7,
        "folder:PermissionSet": 7,
        "folder:UnreadCount": 7,
    }
