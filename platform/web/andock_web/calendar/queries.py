"""What the calendar's pages and scripts show, as plain data in the member's wall time."""

from dataclasses import asdict
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext
from sqlalchemy.orm import Session

from andock_core.accounts import MemberInfo
from andock_core.calendar.access import why_not
from andock_core.calendar.convert import can_hide, mark_of, shown_starts
from andock_core.calendar.entries import document_of
from andock_core.calendar.occurrences import occurrence_document
from andock_core.calendar.viewing import Seen, links_of, spans_between
from andock_core.core import Core
from andock_core.planning.viewing import Planned, planned_between
from andock_core.storage.tables import Entry
from andock_core.vault import Vault
from andock_sdk import Attendee
from andock_web.calendar import notes, planned, words
from andock_web.calendar.forms import filled_from, zone_of
from andock_web.lines import one_line

WIDEST = timedelta(days=100)
"""What one request may ask for: more than the widest view, a month with its neighbours."""
LONGEST_TOLD = 2_000
"""Characters of a title in the details; the calendar's grid gets fewer."""
MOST_TOLD = 500
"""Attendees that the details name; `attendees` of a span counts all of them."""


def spans(
    session: Session, core: Core, viewer: MemberInfo, first: date, last: date, people: list[str]
) -> list[dict[str, Any]]:
    """The spans from `first` to `last` (exclusive days in the viewer's zone) as JSON.

    Keys are the script's; a colleague's block has times, busy status and owner, nothing else.
    """
    zone = zone_of(viewer.zone)
    last = min(last, first + WIDEST)
    begin, end = (datetime.combine(day, time(), zone).astimezone(UTC) for day in (first, last))
    # All-day spans lie at midnight UTC, so look a day further and pick by their days.
    sooner, later = begin - timedelta(days=1), end + timedelta(days=1)
    wide = spans_between(session, core.vault, viewer, sooner, later, people, core.faces)
    found = [_span(seen, zone) for seen in wide if _falls_within(seen, first, last, begin, end)]
    for each in planned_between(session, viewer, begin, end, people):
        seen = each.seen if isinstance(each, Planned) else each
        if _falls_within(seen, first, last, begin, end):
            found.append(_span(seen, zone) | _planned(each))
    return found


def details(
    session: Session, vault: Vault, viewer: MemberInfo, entry: Entry, original_start: str
) -> dict[str, Any] | None:
    """Everything about one's own entry, or one occurrence of it; None when there is no such one."""
    item = document_of(vault, entry)
    one = occurrence_document(item, original_start)
    if one is None:
        return None
    shown = original_start in shown_starts(session, entry.id) if original_start else False
    visible = entry.visibility == "appointment"
    reason = why_not(entry, item)
    organizer = item.organizer
    return {
        "entry": entry.id,
        "at": original_start,
        "version": entry.version,
        "visible": visible or shown,
        "title": one_line(one.subject, LONGEST_TOLD),
        "place": one_line(one.location, LONGEST_TOLD),
        "when": words.slot_words(one.when),
        "zone": words.zone_words(one.when, viewer.zone),
        "repeats": words.repeat_words(item.recurrence, item.when.start),
        "notes": notes.cleaned(one.body),
        "busy": one.busy,
        "marked": mark_of(one, whole=not original_start),
        "markedSeries": mark_of(item, whole=True),
        "organizer": one_line(organizer.name or organizer.email) if organizer else "",
        "attendees": [_attendee(each) for each in item.attendees[:MOST_TOLD]],
        "editable": not reason,
        "reason": list(words.error_words("entry.shown" if shown and not visible else reason))
        if reason and (visible or shown)
        else [],
        "locked": reason == "entry.locked",
        "canHide": shown or can_hide(entry),
        "link": links_of(session, {entry.id}).get(entry.id, ""),
        "form": asdict(filled_from(one, viewer.zone)),
        "seriesForm": asdict(filled_from(item, viewer.zone)) if item.recurrence else None,
        "seriesWhen": words.slot_words(item.when),
    }


def _falls_within(seen: Seen, first: date, last: date, begin: datetime, end: datetime) -> bool:
    if seen.all_day:
        return seen.start_day < last.isoformat() and seen.end_day > first.isoformat()
    if seen.start_at == seen.end_at:
        return begin <= seen.start_at < end
    return seen.start_at < end and seen.end_at > begin


def _span(seen: Seen, zone: ZoneInfo) -> dict[str, Any]:
    start, end = _walls(seen, zone)
    found: dict[str, Any] = {
        "who": seen.owner_id,
        "mine": seen.own is not None,
        "kind": seen.kind,
        "start": start,
        "end": end,
        "allDay": seen.all_day,
        "busy": seen.busy,
    }
    if seen.kind == "appointment" or seen.own is not None:
        found |= {
            "title": one_line(seen.title) or str(gettext("(without title)")),
            "place": one_line(seen.place),
            "repeats": seen.repeats,
        }
    if seen.own is not None:
        found |= {
            "entry": seen.own.entry_id,
            "at": seen.own.original_start,
            "version": seen.own.version,
            "editable": seen.own.editable,
            "locked": seen.own.locked,
            "canHide": seen.own.can_hide,
            "shown": seen.own.shown,
            "attendees": seen.own.attendees,
            "link": seen.own.link,
        }
    return found


def _planned(each: Planned | Seen) -> dict[str, Any]:
    return planned.shown(each) | {"mine": True} if isinstance(each, Planned) else {}


def _walls(seen: Seen, zone: ZoneInfo) -> tuple[str, str]:
    """Start and end on the viewer's clock. In the autumn's repeated hour the end may seem to lie
    before the start: it is drawn without length then, never backwards."""
    if seen.all_day:
        return seen.start_day, seen.end_day
    # Without the offset, hence 19 characters; spelled like this they compare like the times.
    start = seen.start_at.astimezone(zone).isoformat(timespec="seconds")[:19]
    end = seen.end_at.astimezone(zone).isoformat(timespec="seconds")[:19]
    return start, max(start, end)


def _attendee(attendee: Attendee) -> dict[str, str]:
    return {
        "name": one_line(attendee.person.name or attendee.person.email),
        "answer": attendee.answer,
    }
