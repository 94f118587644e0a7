"""Restrictions and sort orders of FindItem and FindFolder."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC
from typing import TypeAlias

from . import extended, mapi, properties, times, views
from .errors import EwsError
from .model import Folder, Json
from .soap import Element, child, children, local
from .state import MailboxState
from .views import View

# Reads one property of a thing (an item's view, a folder).
Reader: TypeAlias = Callable[[Json], Json]
Test: TypeAlias = Callable[[Json], bool]
Resolve: TypeAlias = Callable[[Element], Reader]

# Computed or structured on Exchange too, so not searchable there (exchangelib's list agrees).
_UNSEARCHABLE = frozenset(
    {
        "calendar:UID",
        "calendar:Recurrence",
        "calendar:ModifiedOccurrences",
        "calendar:DeletedOccurrences",
        "calendar:FirstOccurrence",
        "calendar:LastOccurrence",
        "calendar:RequiredAttendees",
        "calendar:OptionalAttendees",
        "calendar:Resources",
        "calendar:CalendarItemType",
        "calendar:IsMeeting",
        "calendar:StartTimeZone",
        "calendar:EndTimeZone",
        "calendar:Duration",
        "calendar:MeetingTimeZone",
        "calendar:AllowNewTimeProposal",
        "contacts:Companies",
        "item:Attachments",
        "item:Culture",
        "item:EffectiveRights",
        "item:ReminderDueBy",
        "message:ReplyTo",
        "task:Recurrence",
        "task:Status",
    }
)
_ORDER: dict[str, Callable[[Json, Json], bool]] = {
    "IsEqualTo": lambda one, other: one == other,
    "IsNotEqualTo": lambda one, other: one != other,
    "IsGreaterThan": lambda one, other: one > other,
    "IsGreaterThanOrEqualTo": lambda one, other: one >= other,
    "IsLessThan": lambda one, other: one < other,
    "IsLessThanOrEqualTo": lambda one, other: one <= other,
}


def item_reader(state: MailboxState) -> Resolve:
    """Resolves a path of items to a reader. EwsError ErrorUnsupportedPathForQuery."""

    def resolve(path: Element) -> Reader:
        if local(path) == "ExtendedFieldURI":
            key = extended.key_of(path)
            return lambda view: mapi.value(state, view, key)
        uri = path.get("FieldURI", "")
        if local(path) == "IndexedFieldURI":
            return _indexed(uri, path.get("FieldIndex", ""))
        if uri in _UNSEARCHABLE or uri.startswith("folder:"):
            raise EwsError("ErrorUnsupportedPathForQuery")
        return lambda view: _item_value(state, view, uri)

    return resolve


def _item_value(state: MailboxState, view: View, uri: str) -> Json:
    prop = properties.by_uri(view.item.kind).get(uri)
    if prop is None:
        return None
    if prop.name == "ItemId":
        return state.ids.item(view.item.num)
    if prop.name == "ParentFolderId":
        return state.ids.folder(view.item.folder)
    found = views.value(state, view, prop.name)
    if prop.type == "body" and found:
        return found["text"]
    if prop.type == "recipient" and found:
        return found["EmailAddress"]
    return found


def _indexed(uri: str, index: str) -> Reader:
    place, _, part = uri.removeprefix("contacts:").partition(":")
    name = {
        "EmailAddress": "EmailAddresses",
        "PhoneNumber": "PhoneNumbers",
        "ImAddress": "ImAddresses",
        "PhysicalAddress": "PhysicalAddresses",
    }.get(place)
    if name is None:
        raise EwsError("ErrorUnsupportedPathForQuery")

    def reader(view: View) -> Json:
        entry = (view.props.get(name) or {}).get(index)
        return entry.get(part or "Address") if isinstance(entry, dict) else entry

    return reader


def folder_reader(state: MailboxState) -> Resolve:
    """Resolves a path of folders to a reader."""

    def resolve(path: Element) -> Reader:
        if local(path) == "ExtendedFieldURI":
            key = extended.key_of(path)
            return lambda folder: mapi.folder_value(state, folder, key)
        name = path.get("FieldURI", "").removeprefix("folder:")
        known: dict[str, Callable[[Folder], Json]] = {
            "DisplayName": lambda folder: folder.name,
            "FolderClass": lambda folder: folder.folder_class,
            "TotalCount": lambda folder: len(state.contents[folder.num]),
            "ChildFolderCount": lambda folder: sum(1 for _ in state.subfolders(folder.num)),
        }
        if name not in known:
            raise EwsError("ErrorUnsupportedPathForQuery")
        return known[name]

    return resolve


def restriction(element: Element | None, resolve: Resolve) -> Test:
    """The test that a Restriction stands for; everything passes when there is none."""
    if element is None:
        return lambda thing: True
    tests = [_expression(part, resolve) for part in children(element)]
    return lambda thing: all(test(thing) for test in tests)


def _expression(element: Element, resolve: Resolve) -> Test:
    kind, inner = local(element), children(element)
    if sum(local(part).endswith("FieldURI") for part in inner) > 1:
        # The schema lets several paths pass; no comparison has a use for them.
        raise EwsError("ErrorInvalidRestriction")
    if kind in ("And", "Or"):
        tests = [_expression(part, resolve) for part in inner]
        combine = all if kind == "And" else any
        return lambda thing: combine(test(thing) for test in tests)
    if kind == "Not":
        negated = [_expression(part, resolve) for part in inner]
        return lambda thing: not all(test(thing) for test in negated)
    if kind == "Exists":
        reader = resolve(inner[0])
        return lambda thing: reader(thing) not in (None, [], "")
    if kind == "Contains":
        return _contains(element, resolve)
    if kind == "Excludes":
        reader, mask = resolve(inner[0]), int(inner[1].get("Value", "0"), 0)
        return lambda thing: not int(reader(thing) or 0) & mask
    return _comparison(element, resolve)


def _comparison(element: Element, resolve: Resolve) -> Test:
    path, operand = children(element)[:2]
    reader, compare = resolve(path), _ORDER[local(element)]
    other = children(operand)[0]
    if local(other) != "Constant":
        second = resolve(other)
        return lambda thing: _compare(compare, reader(thing), second(thing))
    text = other.get("Value", "")
    as_instant = _instant_or_none(text)

    def test(thing: Json) -> bool:
        found = reader(thing)
        if found is None:
            return local(element) == "IsNotEqualTo"
        return _compare(compare, *_alike(found, text, as_instant))

    return test


def _instant_or_none(text: str) -> str | None:
    try:
        return times.read(text, UTC)
    except EwsError:
        return None


def _alike(found: Json, text: str, as_instant: str | None) -> tuple[Json, Json]:
    """The found value and the constant in a common type; text compares without case."""
    if isinstance(found, bool):
        return found, text.strip().lower() in ("true", "1")
    if isinstance(found, int | float):
        try:
            return float(found), float(text)
        except ValueError:
            return str(found), text
    if isinstance(found, list):
        return (text.casefold() in [str(entry).casefold() for entry in found]), True
    if as_instant is not None and _instant_or_none(str(found)) is not None:
        return _instant_or_none(str(found)), as_instant
    return str(found).casefold(), text.casefold()


def _compare(compare: Callable[[Json, Json], bool], one: Json, other: Json) -> bool:
    if one is None or other is None:
        return False
    try:
        return compare(one, other)
    except TypeError:
        return False


def _contains(element: Element, resolve: Resolve) -> Test:
    path = children(element)[0]
    constant = child(element, "Constant")
    wanted = constant.get("Value", "") if constant is not None else ""
    mode = element.get("ContainmentMode", "FullString")
    exact = element.get("ContainmentComparison", "Exact") == "Exact"
    reader = resolve(path)
    needle = wanted if exact else wanted.casefold()

    def matches(text: str) -> bool:
        hay = text if exact else text.casefold()
        match mode:
            case "FullString":
                return hay == needle
            case "Prefixed":
                return hay.startswith(needle)
            case "PrefixOnWords":
                return any(word.startswith(needle) for word in hay.split())
        return needle in hay

    def test(thing: Json) -> bool:
        found = reader(thing)
        texts = found if isinstance(found, list) else [] if found is None else [found]
        return any(matches(str(text)) for text in texts)

    return test


def sort(things: list[Json], order: Element | None, resolve: Resolve) -> list[Json]:
    """The things in a SortOrder; as they are when there is none. Missing values come first."""
    if order is None:
        return things
    for entry in reversed(children(order)):
        reader = resolve(children(entry)[0])
        things = sorted(
            things,
            key=lambda thing, reader=reader: _sortable(reader(thing)),  # type: ignore[misc]
            reverse=entry.get("Order") == "Descending",
        )
    return things


def _sortable(found: Json) -> tuple[int, float, str]:
    if found is None:
        return (0, 0.0, "")
    if isinstance(found, bool | int | float):
        return (1, float(found), "")
    return (2, 0.0, str(found).casefold())
