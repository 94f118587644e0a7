"""UpdateItem: single properties of items and occurrences, with conflict checks."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC

from .. import (
    calendar_writes,
    entries,
    extended,
    mapi,
    properties,
    soap,
    tasks,
    values,
    views,
    zones,
)
from ..errors import EwsError
from ..ids import read_change_key
from ..model import Json, Props
from ..shapes import Shape
from ..soap import Element, add, children, local
from ..views import View
from .context import Call, answer_item, find_view, reporting
from .create import known_zone


@dataclass
class Changes:
    """What an ItemChange asks for: properties to set, extended ones to set, names to remove."""

    props: Props = field(default_factory=dict)
    extended: dict[str, Json] = field(default_factory=dict)
    removed: set[str] = field(default_factory=set)

    @property
    def touched(self) -> set[str]:
        """The names and keys of everything that changes."""
        return {*self.props, *self.extended, *self.removed}


def update(call: Call) -> Element:
    """Change items, each for itself; the answer counts resolved conflicts."""
    root, messages = soap.message_root("UpdateItem")
    for change in children(call.need("ItemChanges")):
        with reporting(messages, "UpdateItem", empty="Items"):
            target, updates = children(change)[:2]
            view = find_view(call, target)
            send = call.request.get("SendMeetingInvitationsOrCancellations", "")
            if view.item.kind == "CalendarItem" and not send:
                raise EwsError("ErrorSendMeetingInvitationsOrCancellationsRequired")
            changes = read_changes(call, view, updates)
            conflicts = _check_version(call, view, target, changes)
            after = _apply(call, view, changes, send)
            message = answer_item(call, messages, after, Shape("I"))
            add(add(message, "m:ConflictResults"), "t:Count", conflicts)
    return root


def _check_version(call: Call, view: View, target: Element, changes: Changes) -> int:
    """How many properties somebody else changed since the client read the item and that this
    update changes too. EwsError by the request's ConflictResolution."""
    mode = call.request.get("ConflictResolution")
    if mode == "AlwaysOverwrite":
        return 0
    key = target.get("ChangeKey", "")
    if not key:
        raise EwsError("ErrorChangeKeyRequiredForWriteOperations")
    version = read_change_key(call.state.guid, key)
    if version == view.item.version:
        return 0
    if mode == "NeverOverwrite":
        raise EwsError("ErrorIrresolvableConflict")
    return sum(1 for name in changes.touched if view.item.fields.get(name, 0) > version)


def read_changes(call: Call, view: View, updates: Element) -> Changes:
    """The changes of an Updates element. EwsError for what cannot be changed in this way."""
    made = Changes()
    zone_name = _zone_name(call, view, updates)
    for step in children(updates):
        _read_step(view, step, made, zone_name)
    return made


def _zone_name(call: Call, view: View, updates: Element) -> str:
    """The zone of bare times: what this update sets, the request's context, the entry's own."""
    own = (view.props.get("StartTimeZone") or {}).get("Id") or "UTC"
    found = next(updates.iter(f"{{{soap.TYPES}}}StartTimeZone"), None)
    if found is not None and found.get("Id"):
        # A custom name that the entry has already may be written back as it was.
        if not known_zone(found) and found.get("Id") != own:
            raise EwsError("ErrorTimeZone", f"No such time zone: {found.get('Id')}")
        return found.get("Id", "")
    if call.zone_name != "UTC":
        return call.zone_name
    return own


def _read_step(view: View, step: Element, made: Changes, zone_name: str) -> None:
    inner = children(step)
    path, action = inner[0], local(step)
    if len(inner) > (1 if action == "DeleteItemField" else 2):
        raise EwsError("ErrorInvalidRequest")
    if local(path) == "ExtendedFieldURI":
        _read_extended(path, inner[1:], action, made)
        return
    if local(path) == "IndexedFieldURI":
        _read_indexed(view, path, inner[1:], action, made)
        return
    prop = properties.by_uri(view.item.kind).get(path.get("FieldURI", ""))
    if prop is None or prop.mode != "w" or prop.type in ("any", "mime", "extended"):
        code = (
            "ErrorInvalidPropertyDelete"
            if action == "DeleteItemField"
            else ("ErrorInvalidPropertySet")
        )
        raise EwsError(code, f"{path.get('FieldURI')} cannot be changed.")
    if action == "DeleteItemField":
        made.removed.add(prop.name)
        return
    part = _only_part(inner[1], prop.name)
    value = values.read(prop.type, part, zones.find(zone_name) or UTC)
    if action == "AppendToItemField":
        value = _appended(view.props.get(prop.name), value, prop)
    if prop.name == "MeetingTimeZone":
        if value and zones.is_known(value):
            made.props["StartTimeZone"] = entries.zone_value(value)
        return
    made.props[prop.name] = value


def _only_part(holder: Element, name: str) -> Element:
    parts = children(holder)
    if len(parts) != 1 or local(parts[0]) != name:
        raise EwsError("ErrorUpdatePropertyMismatch")
    return parts[0]


def _appended(held: Json, more: Json, prop: properties.Property) -> Json:
    if prop.type == "body":
        return {**more, "text": (held or {"text": ""})["text"] + more["text"]}
    if prop.type in ("attendees", "recipients", "strings"):
        return [*(held or []), *more]
    raise EwsError("ErrorInvalidPropertyAppend")


def _read_extended(path: Element, rest: list[Element], action: str, made: Changes) -> None:
    key = extended.key_of(path)
    if action == "DeleteItemField":
        made.removed.add(key)
        return
    if action == "AppendToItemField":
        raise EwsError("ErrorInvalidPropertyAppend")
    found, value = extended.read(_only_part(rest[0], "ExtendedProperty"))
    if found != key:
        raise EwsError("ErrorUpdatePropertyMismatch")
    made.extended[key] = value


def _read_indexed(
    view: View, path: Element, rest: list[Element], action: str, made: Changes
) -> None:
    """One entry of a contact's dictionary: an e-mail slot, a phone number, a line of an address."""
    place, _, part = path.get("FieldURI", "").removeprefix("contacts:").partition(":")
    name = {
        "EmailAddress": "EmailAddresses",
        "PhoneNumber": "PhoneNumbers",
        "ImAddress": "ImAddresses",
        "PhysicalAddress": "PhysicalAddresses",
    }.get(place)
    if name is None or name not in properties.by_name(view.item.kind):
        raise EwsError("ErrorInvalidPropertySet")
    index = path.get("FieldIndex", "")
    held = made.props.setdefault(name, dict(view.props.get(name) or {}))
    if action == "DeleteItemField":
        entry = held.get(index)
        if isinstance(entry, dict):
            held[index] = {key: text for key, text in entry.items() if part and key != part}
            if not any(held[index].values()):
                del held[index]
        else:
            held.pop(index, None)
        return
    kind = properties.by_name(view.item.kind)[name].type
    value = values.read(kind, _only_part(rest[0], name))
    if index not in value:
        raise EwsError("ErrorUpdatePropertyMismatch")
    if part:
        held[index] = {**(held.get(index) or {}), part: value[index].get(part, "")}
    else:
        held[index] = value[index]


def _apply(call: Call, view: View, changes: Changes, send: str) -> View:
    mapi.absorb(view.item, view.item.kind, changes.props, changes.extended)
    changes.removed = mapi.names(view.item.kind, changes.removed)
    if view.item.kind == "CalendarItem":
        return calendar_writes.update(
            call.box,
            call.state,
            view,
            changes.props,
            changes.extended,
            frozenset(changes.removed),
            send,
        )
    item = view.item
    item.props = {
        key: held
        for key, held in {**item.props, **changes.props}.items()
        if key not in changes.removed
    }
    item.extended = {
        key: held
        for key, held in {**item.extended, **changes.extended}.items()
        if key not in changes.removed
    }
    if item.kind == "Contact":
        entries.follow_names(item.props, changes.touched)
    if item.kind == "Task":
        if "Status" in changes.removed or (
            "PercentComplete" in changes.props and "Status" not in changes.props
        ):
            item.props.pop("Status", None)
        entries.complete_task(item.props)
        if item.props["Status"] == "Completed" and item.props.get("Recurrence"):
            tasks.finish(call.state, item)
    call.state.change(item, changes.touched)
    return views.of_item(item)
