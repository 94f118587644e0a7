"""Calendar entries: list, read, create, change, delete, answer."""

from __future__ import annotations

from .. import calendar_writes, meetings, occurrences, views
from ..model import Folder, Item, Json
from ..views import View
from . import event_reading, event_writing, extended, paging
from .context import Answer, Call
from .errors import GraphError
from .event_reading import TRANSACTION

_ANSWERS = {"accept": "Accept", "tentativelyaccept": "Tentative", "decline": "Decline"}


def calendar_of(call: Call) -> Folder:
    """The calendar that the path names; the default one when it names none. GraphError."""
    if call.parts:
        return call.folder(call.parts[0], "CalendarFolder")
    return call.state.distinguished("calendar")


def view_of(call: Call, text: str) -> View:
    """The entry, series or occurrence that an id names. GraphError."""
    item, original = call.item(text, "CalendarItem")
    if original is None:
        return views.of_item(item)
    if not item.is_series or original in item.deleted:
        raise GraphError(404)
    return views.of_slot(item, occurrences.slot_at(item, original))


def list_all(call: Call) -> Answer:
    """The single entries and series of a calendar."""
    folder = calendar_of(call)
    found = [
        views.of_item(item) for item in call.state.live(folder.num) if item.kind == "CalendarItem"
    ]
    return paging.views(call, found, "events")


def create(call: Call) -> Answer:
    """A new entry. Those invited are mailed. A transactionId that was used before brings the entry
    that it made then."""
    folder = calendar_of(call)
    written = event_writing.read(call, None, {})
    if written.transaction:
        for item in call.state.items.values():
            held = item.extended.get(TRANSACTION)
            if held is not None and held["value"] == written.transaction and not item.gone:
                return _one(call, views.of_item(item), 201)
    made = calendar_writes.create(
        call.box,
        call.state,
        folder,
        written.props,
        written.extended,
        "UTC",
        "SendToAllAndSaveCopy",
    )
    return _one(call, views.of_item(made), 201)


def get(call: Call) -> Answer:
    """One entry, also with its exceptions and what was taken out of it, when that is asked for."""
    return _one(call, view_of(call, call.parts[-1]))


def _one(call: Call, view: View, status: int = 200) -> Answer:
    made = event_reading.event(call, view)
    if "cancelledoccurrences" in {name.lower() for name in call.query.select}:
        made["cancelledOccurrences"] = event_reading.cancelled(call, view)
    if call.query.expansion("exceptionOccurrences") is not None and view.item.is_series:
        made["exceptionOccurrences"] = [
            event_reading.full(call, one) for one in exceptions(view.item)
        ]
    content = {"@odata.context": call.context("events", one=True), **made}
    location = ((("Location", f"{call.root}/me/events/{made['id']}"),)) if status == 201 else ()
    headers = (("ETag", call.etag(view.item.version)), *location)
    return Answer(status, content, headers, "event")


def exceptions(item: Item) -> list[View]:
    """The changed occurrences of a series."""
    return [
        views.of_slot(item, occurrences.slot_at(item, original))
        for original in sorted(item.exceptions)
    ]


def update(call: Call) -> Answer:
    """Change an entry, a series or an occurrence. Those invited are mailed, unless only what is
    the owner's own has changed."""
    view = view_of(call, call.parts[-1])
    call.check_match(view.item.version)
    written = event_writing.read(call, view.item, view.props)
    if written.transaction:
        raise GraphError(
            400, "ErrorInvalidRequest", "transactionId can be set when an event is created only."
        )
    after = calendar_writes.update(
        call.box,
        call.state,
        view,
        written.props,
        written.extended,
        frozenset(written.removed),
        written.send,
    )
    return _one(call, after)


def delete(call: Call) -> Answer:
    """Delete an entry, a series or an occurrence. What the mailbox organises is cancelled, and
    those invited are mailed."""
    view = view_of(call, call.parts[-1])
    call.check_match(view.item.version)
    own = views.is_organizer(view.props, call.state.account.email)
    send = "SendToAllAndSaveCopy" if own else "SendToNone"
    calendar_writes.delete(call.box, call.state, view, "MoveToDeletedItems", send)
    return Answer(204)


def instances(call: Call) -> Answer:
    """The occurrences of a series between two instants."""
    view = view_of(call, call.parts[-1])
    if not view.item.is_series:
        raise GraphError(400, "ErrorInvalidRequest", "The event is no series master.")
    low, high = paging.window(call)
    slots = [slot for slot, _, _ in occurrences.within(view.item, low, high)]
    return paging.views(call, [views.of_slot(view.item, slot) for slot in slots], "events")


def calendar_view(call: Call) -> Answer:
    """Everything that touches an interval, series expanded, by time."""
    low, high = paging.window(call)
    found = views.between(call.state, calendar_of(call), low, high)
    found.sort(key=lambda view: (view.props["Start"], view.item.num))
    return paging.views(call, found, "calendarView")


def respond(call: Call) -> Answer:
    """Answer someone else's meeting; the organizer is mailed unless told otherwise. A declined
    meeting leaves the calendar."""
    answer = _ANSWERS[call.request.path.rstrip("/").rsplit("/", 1)[-1].lower()]
    view = view_of(call, call.parts[-1])
    if views.is_organizer(view.props, call.state.account.email):
        raise GraphError(
            400,
            "ErrorInvalidRequest",
            "Your request can't be completed. You can't respond to this meeting because you're"
            " the meeting organizer.",
        )
    named = {key.lower(): value for key, value in call.body.items()}
    sends = named.get("sendresponse", True) is not False
    meetings.respond(call.box, call.state, view.item, answer, sends)
    if answer == "Decline":
        calendar_writes.discard(call.state, view.item, "MoveToDeletedItems")
    return Answer(202)


def cancel(call: Call) -> Answer:
    """Cancel one's own meeting: those invited are mailed, and it leaves the calendar."""
    view = view_of(call, call.parts[-1])
    if not views.is_organizer(view.props, call.state.account.email):
        raise GraphError(
            400, "ErrorAccessDenied", "You need to be an organizer to cancel a meeting."
        )
    send = "SendToAllAndSaveCopy"
    calendar_writes.delete(call.box, call.state, view, "MoveToDeletedItems", send)
    return Answer(202)


# -- open extensions -------------------------------------------------------------------------


def list_extensions(call: Call) -> Answer:
    """The extensions of an entry."""
    view = view_of(call, call.parts[-1])
    return Answer(200, {"value": extended.extensions(view.extended)})


def create_extension(call: Call) -> Answer:
    """A new extension. GraphError 409 for a name that there is."""
    view = view_of(call, call.parts[-1])
    name, content = extended.read_extension(call.body)
    if any(one["extensionName"] == name for one in extended.extensions(view.extended)):
        raise GraphError(409, "ErrorExtensionExists", f"An extension '{name}' exists already.")
    return _keep_extension(call, view, name, content, 201)


def get_extension(call: Call) -> Answer:
    """One extension."""
    view = view_of(call, call.parts[-2])
    return Answer(200, extended.extension(view.extended, call.parts[-1]))


def update_extension(call: Call) -> Answer:
    """Replace what an extension holds of the properties sent."""
    view = view_of(call, call.parts[-2])
    held = extended.extension(view.extended, call.parts[-1])
    name, content = extended.read_extension(call.body, call.parts[-1])
    kept = {
        key: value
        for key, value in held.items()
        if key not in ("id", "extensionName") and not key.startswith("@")
    }
    return _keep_extension(call, view, name, {**kept, **content}, 200)


def delete_extension(call: Call) -> Answer:
    """Take an extension away."""
    view = view_of(call, call.parts[-2])
    held = extended.extension(view.extended, call.parts[-1])
    extended.with_extension(view.item, held["extensionName"], None, view.original)
    call.state.change(view.item, [extended.EXTENSIONS])
    return Answer(204)


def _keep_extension(call: Call, view: View, name: str, content: Json, status: int) -> Answer:
    extended.with_extension(view.item, name, content, view.original)
    call.state.change(view.item, [extended.EXTENSIONS])
    after = view_of(call, call.ids.item(view.item, view.original))
    return Answer(status, extended.extension(after.extended, name))
