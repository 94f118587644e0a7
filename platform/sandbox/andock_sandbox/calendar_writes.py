"""Creating, changing and deleting calendar entries, with all that follows from it.

Used by EWS and by the Python interface alike. All functions expect the sandbox's lock.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

from . import entries, meetings, occurrences, views
from .errors import EwsError
from .ids import new_uid
from .model import Folder, Item, Json, Props
from .occurrences import Slot
from .state import MailboxState
from .views import View

if TYPE_CHECKING:
    from .sandbox import Sandbox

# What belongs to the series alone.
_SERIES_ONLY = frozenset({"Recurrence", "UID"})
_NEEDED = frozenset({"Start", "End"})


def create(
    box: Sandbox,
    state: MailboxState,
    folder: Folder,
    props: Props,
    extended: dict[str, Json],
    zone_name: str,
    send: str,
) -> Item:
    """A new calendar entry. EwsError when it is none that Exchange would keep."""
    if folder.kind != "CalendarFolder":
        raise EwsError("ErrorCannotCreateCalendarItemInNonCalendarFolder")
    props = copy.deepcopy(props)
    entries.complete(
        props, views.owner_of(state), new_uid(state.guid, state.last_num + 1), zone_name
    )
    entries.complete_common(props, reminder=True)
    entries.settle(props)
    item = state.new_item(folder.num, "CalendarItem", props, copy.deepcopy(extended))
    meetings.created(box, state, item, send)
    return item


def update(
    box: Sandbox,
    state: MailboxState,
    view: View,
    changes: Props,
    extended: dict[str, Json],
    removed: frozenset[str],
    send: str,
) -> View:
    """Set properties (``changes``, ``extended``) and take some out (``removed``: names and
    extended keys). The entry as it is then. EwsError."""
    if removed & _NEEDED:
        raise EwsError("ErrorInvalidPropertyDelete")
    if view.slot is not None:
        return _update_occurrence(box, state, view, view.slot, changes, extended, removed, send)
    item = view.item
    before, after = item.props, copy.deepcopy(item.props)
    after.update(copy.deepcopy(changes))
    for key in removed:
        after.pop(key, None)
    if "Start" in changes and "Recurrence" not in changes:
        entries.follow_start(after)
    if "StartTimeZone" in changes and "EndTimeZone" not in changes:
        after["EndTimeZone"] = after["StartTimeZone"]
    entries.settle(after)
    if any(before.get(key) != after.get(key) for key in ("Start", "End", "Recurrence", "Location")):
        after["AppointmentSequenceNumber"] = int(after.get("AppointmentSequenceNumber", 0)) + 1
    item.props = after
    item.extended = {
        key: held for key, held in {**item.extended, **extended}.items() if key not in removed
    }
    if item.exceptions or item.deleted:
        occurrences.drop_stale(item, before)
    state.change(item, {*changes, *extended, *removed})
    meetings.updated(box, state, item, before, after, send)
    return views.of_item(item)


def _update_occurrence(
    box: Sandbox,
    state: MailboxState,
    view: View,
    slot: Slot,
    changes: Props,
    extended: dict[str, Json],
    removed: frozenset[str],
    send: str,
) -> View:
    item = view.item
    if _SERIES_ONLY & (set(changes) | removed):
        raise EwsError("ErrorInvalidPropertySet")
    merged = {**view.props, **copy.deepcopy(changes)}
    entries.settle(merged)
    if (merged["Start"], merged["End"]) != (view.props["Start"], view.props["End"]):
        occurrences.check_boundary(item, slot.start, merged["Start"], merged["End"])
    held = item.exceptions.setdefault(slot.start, {"props": {}, "extended": {}})
    held["props"] |= {key: merged[key] for key in {*changes, "Start", "End"}}
    held["props"] |= {key: None for key in removed if key in view.props}
    held["extended"] |= copy.deepcopy(extended)
    state.change(item, {*changes, *extended, *removed})
    after = views.of_slot(item, slot)
    meetings.updated(box, state, item, view.props, after.props, send, slot.start)
    return after


def delete(box: Sandbox, state: MailboxState, view: View, disposal: str, send: str) -> None:
    """Delete an entry, or take an occurrence out of its series."""
    item = view.item
    meetings.deleted(box, state, item, view.props, send, view.original)
    if view.slot is not None:
        item.exceptions.pop(view.slot.start, None)
        item.deleted.append(view.slot.start)
        state.change(item, ["DeletedOccurrences"])
        return
    discard(state, item, disposal)


def discard(state: MailboxState, item: Item, disposal: str) -> None:
    """Delete an item of any class: for good, or into the deleted items."""
    bin_num = state.distinguished("deleteditems").num
    if disposal == "MoveToDeletedItems" and item.folder != bin_num:
        state.move(item, bin_num)
    else:
        state.remove(item)
