"""Whom Exchange tells of a write: nobody, unless the member switched invitations on."""

from andock_exchange_calendar.operations import Send
from andock_sdk import Appointment, Override

_OWN = frozenset({"busy", "sensitivity", "categories", "reminder_minutes"})
"""What belongs to the member's copy of a meeting: nobody is told when it changes."""


def of_new(item: Appointment, *, wanted: bool) -> Send:
    """Who is told of a new item, or of one that is about to be deleted. A meeting that somebody
    else organises is theirs to cancel."""
    return "SendToAllAndSaveCopy" if wanted and item.attendees and item.editable else "SendToNone"


def of_change(item: Appointment, before: Appointment, names: set[str], *, wanted: bool) -> Send:
    """Who is told of a change of these fields: all attendees, or, where nothing but the list of
    them changed, those who were added or taken out."""
    told = names - _OWN
    if not (wanted and told and item.editable and (item.attendees or before.attendees)):
        return "SendToNone"
    return "SendToChangedAndSaveCopy" if told == {"attendees"} else "SendToAllAndSaveCopy"


def of_occurrence(series: Appointment, before: Override, after: Override, *, wanted: bool) -> Send:
    """Who is told of a change of one occurrence."""
    names = {n for n in Override.model_fields if getattr(before, n) != getattr(after, n)}
    return of_change(series, series, names, wanted=wanted)
