"""GetUserAvailability: free/busy times of several people, and suggestions for a meeting."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import timedelta, tzinfo

from .. import free_busy, plain_zones, soap, times, views
from ..errors import EwsError, RequestFault
from ..free_busy import Busy
from ..soap import Element, add, child, children
from ..state import MailboxState
from ..values import text_of
from . import suggestions
from .context import Call

_MOST_PEOPLE = 100
_LONGEST = timedelta(days=62)
_DEFAULT_INTERVAL = 30


@dataclass(frozen=True)
class Window:
    """The time that is asked about, as instants, and the zone in which it was said."""

    low: str
    high: str
    zone: tzinfo


def get(call: Call) -> Element:
    """One answer per person, in their order; suggestions when they are asked for."""
    people = children(call.need("MailboxDataArray"))
    if not people:
        raise RequestFault("ErrorMailboxDataArrayEmpty")
    if len(people) > _MOST_PEOPLE:
        raise RequestFault("ErrorMailboxDataArrayTooBig")
    options, wishes = call.part("FreeBusyViewOptions"), call.part("SuggestionsViewOptions")
    if options is None and wishes is None:
        raise RequestFault("ErrorInvalidFreeBusyViewType")
    given = call.part("TimeZone")
    zone = plain_zones.read(given) if given is not None else call.zone
    root = soap.response_root("GetUserAvailability")
    if options is not None:
        window = read_window(child(options, "TimeWindow"), zone)
        holder = add(root, "m:FreeBusyResponseArray")
        for person in people:
            _answer(call, add(holder, "m:FreeBusyResponse"), person, options, window)
    if wishes is not None:
        window = read_window(child(wishes, "DetailedSuggestionsWindow"), zone)
        states = [call.box.state_of(_address(person)) for person in people]
        suggestions.write(root, wishes, states, window.low, window.high, zone)
    return root


def read_window(element: Element | None, zone: tzinfo) -> Window:
    """The interval of a Duration element. RequestFault when it is empty or too long."""
    if element is None:
        raise RequestFault("ErrorInvalidTimeInterval")
    low = times.read(text_of(element, "StartTime"), zone)
    high = times.read(text_of(element, "EndTime"), zone)
    if high <= low:
        raise RequestFault("ErrorInvalidTimeInterval")
    if times.instant(high) - times.instant(low) > _LONGEST:
        raise RequestFault("ErrorTimeIntervalTooBig")
    return Window(low, high, zone)


def _address(person: Element) -> str:
    email = child(person, "Email")
    return text_of(email, "Address").strip() if email is not None else ""


def _answer(call: Call, made: Element, person: Element, options: Element, window: Window) -> None:
    minutes = int(text_of(options, "MergedFreeBusyIntervalInMinutes") or _DEFAULT_INTERVAL)
    if not 5 <= minutes <= 1440 or timedelta(minutes=minutes) > (
        times.instant(window.high) - times.instant(window.low)
    ):
        raise RequestFault("ErrorInvalidMergedFreeBusyInterval")
    wanted = (text_of(options, "RequestedView").split() or ["FreeBusy"])[-1]
    if wanted == "None":
        raise RequestFault("ErrorInvalidFreeBusyViewType")
    state = call.box.state_of(_address(person))
    if state is None:
        error = EwsError("ErrorMailRecipientNotFound", "Unable to resolve the e-mail address.")
        soap.write_message(made, "m:ResponseMessage", error)
        view = add(made, "m:FreeBusyView")
        add(view, "FreeBusyViewType", "None")
        return
    soap.write_message(made, "m:ResponseMessage")
    if state is not call.state:
        # By default a calendar gives colleagues its times alone.
        wanted = wanted.replace("Detailed", "FreeBusy")
    found = free_busy.entries(state, window.low, window.high)
    view = add(made, "m:FreeBusyView")
    add(view, "FreeBusyViewType", wanted)
    if "Merged" in wanted:
        digits = free_busy.merged(found, window.low, window.high, minutes)
        add(view, "MergedFreeBusy", digits)
    if wanted != "MergedOnly":
        if found:
            holder = add(view, "CalendarEventArray")
            for one in found:
                _write_event(holder, state, one, window.zone, detailed="Detailed" in wanted)
        _write_hours(view, state)


def _write_event(
    holder: Element, state: MailboxState, one: Busy, zone: tzinfo, *, detailed: bool
) -> None:
    made = add(holder, "CalendarEvent")
    # Wall times in the request's zone, without an offset.
    add(made, "StartTime", times.local(one.start, zone).replace(tzinfo=None).isoformat())
    add(made, "EndTime", times.local(one.end, zone).replace(tzinfo=None).isoformat())
    add(made, "BusyType", one.kind)
    if not detailed:
        return
    view = one.view
    details = add(made, "CalendarEventDetails")
    known = state.ids.item(view.item.num, view.original)
    add(details, "ID", base64.b64decode(known).hex().upper())
    add(details, "Subject", view.props.get("Subject", ""))
    add(details, "Location", view.props.get("Location", ""))
    add(details, "IsMeeting", views.is_meeting(view.props, state.account.email))
    add(details, "IsRecurring", view.slot is not None)
    add(details, "IsException", view.type == "Exception")
    add(details, "IsReminderSet", bool(view.props.get("ReminderIsSet")))
    add(details, "IsPrivate", view.props.get("Sensitivity") in ("Private", "Confidential"))


def _write_hours(parent: Element, state: MailboxState) -> None:
    made = add(parent, "WorkingHours")
    plain_zones.write(made, state.account.zone)
    period = add(add(made, "WorkingPeriodArray"), "WorkingPeriod")
    add(period, "DayOfWeek", free_busy.WORK_DAYS)
    add(period, "StartTimeInMinutes", free_busy.WORK_START)
    add(period, "EndTimeInMinutes", free_busy.WORK_END)
