"""A mailbox as tests and demos hold it: what a person does in Outlook, from Python."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any

from . import calendar_writes, entries, meetings, occurrences, rrule, times, views, zones
from .address_book import AddressBook
from .entries import person
from .errors import EwsError
from .model import Json, Props
from .state import MailboxState

if TYPE_CHECKING:
    from .sandbox import Sandbox

# How the keywords of this interface are called in EWS.
_NAMES = {
    "subject": "Subject",
    "location": "Location",
    "busy": "LegacyFreeBusyStatus",
    "sensitivity": "Sensitivity",
    "all_day": "IsAllDayEvent",
}


class Mailbox:
    """The owner's hand on a mailbox. Writing here sends no mail unless ``send`` says so."""

    def __init__(self, box: Sandbox, state: MailboxState) -> None:
        self._box = box
        self._state = state

    @property
    def email(self) -> str:
        """The address."""
        return self._state.account.email

    @property
    def name(self) -> str:
        """The owner's name."""
        return self._state.account.name

    @property
    def login(self) -> str:
        """The sign-in name, ``DOMAIN\\user``."""
        return self._state.account.login

    @property
    def password(self) -> str:
        """The password that is valid now."""
        return self._state.account.password

    @property
    def zone(self) -> str:
        """The owner's time zone, a Windows name."""
        return self._state.account.zone

    @property
    def calendars(self) -> dict[str, str]:
        """The names of all calendars by their ids."""
        with self._box.lock:
            return {
                self._state.ids.folder(folder.num): folder.name
                for folder in self._state.folders.values()
                if folder.kind == "CalendarFolder" and not folder.gone
            }

    @property
    def calendar(self) -> str:
        """The id of the default calendar."""
        return self.folder_id("calendar")

    def folder_id(self, distinguished: str) -> str:
        """The id of a well-known folder such as ``contacts``."""
        return self._state.ids.folder(self._state.distinguished(distinguished).num)

    def set_password(self, new: str) -> None:
        """Change the password; open NTLM connections stay signed in, as on a real server."""
        with self._box.change():
            self._state.account.password = new
            self._state.mark_account()

    # -- folders -----------------------------------------------------------------------------

    def add_calendar(self, name: str) -> str:
        """A further calendar below the default one; its id. One of this name is found again."""
        with self._box.change():
            parent = self._state.distinguished("calendar").num
            for folder in self._state.subfolders(parent):
                if folder.name == name:
                    return self._state.ids.folder(folder.num)
            folder = self._state.new_folder(parent, "CalendarFolder", name)
            return self._state.ids.folder(folder.num)

    def rename_folder(self, folder_id: str, name: str) -> None:
        """Give a folder another name."""
        with self._box.change():
            folder = self._state.folder_of_id(folder_id)
            folder.name = name
            self._state.change_folder(folder)

    def delete_folder(self, folder_id: str) -> None:
        """Delete a folder with all that is in it."""
        with self._box.change():
            self._state.remove_folder(self._state.folder_of_id(folder_id))

    @property
    def address_book(self) -> AddressBook:
        """The contacts."""
        return AddressBook(self._box, self._state)

    # -- entries -----------------------------------------------------------------------------

    def add_event(
        self,
        folder_id: str,
        subject: str,
        start: datetime | date,
        end: datetime | date,
        *,
        all_day: bool = False,
        location: str = "",
        body: str = "",
        busy: str = "Busy",
        sensitivity: str = "Normal",
        categories: Sequence[str] = (),
        reminder: int | None = None,
        attendees: Sequence[tuple[str, str]] = (),
        organizer: tuple[str, str] | None = None,
        recurrence: str | None = None,
        zone: str = "W. Europe Standard Time",
        uid: str = "",
        send: str = "SendToNone",
    ) -> str:
        """A calendar entry; its item id. Instants are aware datetimes; with ``all_day`` they may
        be dates, the end exclusive. ``recurrence`` is an RRULE, ``zone`` a Windows name (an
        unknown one is kept as it is), ``organizer`` (name, address) makes it someone else's."""
        props: Props = {
            "StartTimeZone": entries.zone_value(zone),
            "Subject": subject,
            "Location": location,
            "Body": {"type": "Text", "text": body},
            "LegacyFreeBusyStatus": busy,
            "Sensitivity": sensitivity,
            "Categories": list(categories),
            "IsAllDayEvent": all_day or not isinstance(start, datetime),
            "Start": _moment(start, zone),
            "End": _moment(end, zone),
            "ReminderIsSet": reminder is not None,
            "ReminderMinutesBeforeStart": reminder or 0,
        }
        if uid:
            props["UID"] = uid
        if attendees:
            props["RequiredAttendees"] = [_attendee(*entry) for entry in attendees]
        if organizer:
            props |= {"Organizer": person(*organizer), "MyResponseType": "Accept"}
        if recurrence:
            day = times.local(props["Start"], occurrences.zone_of(props)).date()
            props["Recurrence"] = rrule.parse(recurrence, day)
        with self._box.change():
            folder = self._state.folder_of_id(folder_id)
            item = calendar_writes.create(self._box, self._state, folder, props, {}, zone, send)
            return self._state.ids.item(item.num)

    def update_event(self, item_id: str, send: str = "SendToNone", **fields: Any) -> None:
        """Change an entry or an occurrence: the keywords of ``add_event``, recurrence aside."""
        with self._box.change():
            view = views.find(self._state, item_id)
            self._write(view, fields, send)

    def delete_event(self, item_id: str, send: str = "SendToNone") -> None:
        """Delete an entry, a whole series, or the occurrence that the id names."""
        with self._box.change():
            view = views.find(self._state, item_id)
            calendar_writes.delete(self._box, self._state, view, "HardDelete", send)

    def change_occurrence(
        self,
        item_id: str,
        occurrence: int | datetime | date,
        send: str = "SendToNone",
        **fields: Any,
    ) -> None:
        """Change one occurrence, named by its 1-based index, its original start or its day."""
        with self._box.change():
            self._write(self._occurrence(item_id, occurrence), fields, send)

    def delete_occurrence(
        self, item_id: str, occurrence: int | datetime | date, send: str = "SendToNone"
    ) -> None:
        """Take one occurrence out of its series."""
        with self._box.change():
            view = self._occurrence(item_id, occurrence)
            calendar_writes.delete(self._box, self._state, view, "HardDelete", send)

    def respond(self, item_id: str, answer: str, *, send: bool = True) -> None:
        """Answer someone else's meeting: ``Accept``, ``Tentative`` or ``Decline``."""
        with self._box.change():
            item = views.find(self._state, item_id).item
            meetings.respond(self._box, self._state, item, answer, send)

    def events(self, folder_id: str | None = None) -> list[dict[str, Json]]:
        """What lies in a calendar (all of them when none is named): id, folder_id, subject,
        start, end (UTC text), and every stored property by its EWS name under ``props``."""
        with self._box.lock:
            nums = (
                [self._state.folder_of_id(folder_id).num]
                if folder_id
                else [f.num for f in self._state.folders.values() if f.kind == "CalendarFolder"]
            )
            return [
                self._snapshot(views.of_item(item))
                for num in nums
                for item in self._state.live(num)
            ]

    def between(self, start: datetime, end: datetime) -> list[dict[str, Json]]:
        """What a person sees between two instants, by time: as ``events``, with every occurrence
        of a series by itself (its ``id`` names the occurrence)."""
        low, high = times.iso(start), times.iso(end)
        made = []
        with self._box.lock:
            for item in list(self._state.items.values()):
                if (
                    item.kind != "CalendarItem"
                    or item.gone
                    or not self._is_in_calendar(item.folder)
                ):
                    continue
                if item.is_series:
                    slots = [slot for slot, _, _ in occurrences.within(item, low, high)]
                    made += [self._snapshot(views.of_slot(item, slot)) for slot in slots]
                elif occurrences.touches(item.props["Start"], item.props["End"], low, high):
                    made.append(self._snapshot(views.of_item(item)))
        return sorted(made, key=lambda entry: (entry["start"], entry["subject"]))

    def _is_in_calendar(self, num: int) -> bool:
        folder = self._state.folders[num]
        return folder.kind == "CalendarFolder" and not folder.gone

    def _snapshot(self, view: views.View) -> dict[str, Json]:
        return {
            "id": self._state.ids.item(view.item.num, view.original),
            "series_id": self._state.ids.item(view.item.num),
            "folder_id": self._state.ids.folder(view.item.folder),
            "subject": view.props.get("Subject", ""),
            "start": view.props["Start"],
            "end": view.props["End"],
            "type": view.type,
            "props": dict(view.props),
            "exceptions": dict(view.item.exceptions),
            "deleted": list(view.item.deleted),
        }

    def _occurrence(self, item_id: str, occurrence: int | datetime | date) -> views.View:
        item = views.find(self._state, item_id).item
        if not item.is_series:
            raise EwsError("ErrorCalendarCannotUseIdForRecurringMasterId")
        if isinstance(occurrence, int):
            return views.of_slot(item, occurrences.slot_number(item, occurrence))
        if isinstance(occurrence, datetime):
            return views.of_slot(item, occurrences.slot_at(item, times.iso(occurrence)))
        zone = occurrences.zone_of(item.props)
        for slot in occurrences.slots(item):
            if times.local(slot.start, zone).date() == occurrence:
                return views.of_slot(item, slot)
        raise EwsError("ErrorItemNotFound")

    def _write(self, view: views.View, fields: dict[str, Any], send: str) -> None:
        zone = (view.props.get("StartTimeZone") or {}).get("Id", "UTC")
        changes: Props = {}
        for key, held in fields.items():
            if key in ("start", "end"):
                changes[key.title()] = _moment(held, zone)
            elif key == "body":
                changes["Body"] = {"type": "Text", "text": held}
            elif key == "categories":
                changes["Categories"] = list(held)
            elif key == "attendees":
                changes["RequiredAttendees"] = [_attendee(*entry) for entry in held]
            else:
                changes[_NAMES[key]] = held
        calendar_writes.update(self._box, self._state, view, changes, {}, frozenset(), send)


def _moment(moment: datetime | date, zone: str) -> str:
    if isinstance(moment, datetime):
        if moment.tzinfo is None:
            raise ValueError("an entry's start and end are aware datetimes")
        return times.iso(moment)
    found = zones.find(zone) or UTC
    return times.iso(datetime.combine(moment, time(), tzinfo=found))


def _attendee(name: str, email: str) -> Json:
    return {"mailbox": person(name, email), "response": "Unknown", "replied": None}
