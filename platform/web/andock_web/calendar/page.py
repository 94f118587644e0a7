"""What the calendar's script is handed with the page: addresses, people, formats, sentences."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext, ngettext

from andock_core.accounts import Colleague, MemberInfo
from andock_core.calendar.rules import WEEKDAYS
from andock_core.clock import now
from andock_web.calendar import planned
from andock_web.calendar.forms import zone_of
from andock_web.calendar.words import weekday_name
from andock_web.language import language
from andock_web.shell import picture_of

ID = "__id__"
TONES = 5


def data(member: MemberInfo, others: list[Colleague]) -> dict[str, Any]:
    """All of it, as JSON for a data block."""
    here = now().astimezone(zone_of(member.zone))
    return {
        "locale": "de-DE" if language() == "de" else "en-GB",
        "me": member.id,
        "zone": member.zone,
        "today": here.date().isoformat(),
        "now": here.strftime("%H:%M"),
        "offset": _offset(here),
        "firstDay": member.week_start % 7,
        "workStart": member.work_start,
        "workEnd": member.work_end,
        "people": [
            asdict(other) | {"tone": tone(place), "picture": picture_of(other)}
            for place, other in enumerate(others)
        ],
        "weekdays": [{"id": day, "name": weekday_name(day)} for day in _week(member)],
        "urls": _urls(),
        "words": _words(),
    }


def tone(place: int) -> int:
    """The colour of the colleague at that place of the list; 0 is the member's own."""
    return 1 + place % TONES


def _week(member: MemberInfo) -> list[str]:
    first = member.week_start - 1
    return [*WEEKDAYS[first:], *WEEKDAYS[:first]]


def _offset(here: datetime) -> str:
    """ "+01:00", which the grid takes to know what today and now are."""
    text = here.strftime("%z")
    return f"{text[:3]}:{text[3:5]}"


def _urls() -> dict[str, str]:
    acts = {
        name: url_for(f"calendar.{endpoint}", entry_id=ID)
        for name, endpoint in (
            ("entry", "entry"),
            ("save", "save"),
            ("move", "move"),
            ("delete", "delete"),
            ("show", "make_visible"),
            ("hide", "make_private"),
        )
    }
    return (
        acts
        | planned.urls(ID)
        | {
            "spans": url_for("calendar.spans"),
            "create": url_for("calendar.create"),
            "undo": url_for("calendar.bring_back"),
            "sync": url_for("calendar.sync"),
            "syncNow": url_for("calendar.sync_now", connection_id=ID),
        }
    )


def _words() -> dict[str, str]:
    """Sentences that the script fills in itself; "%s" stands for what it puts there."""
    _ = gettext
    return {
        name: str(text)
        for name, text in {
            "allDay": _("all day"),
            "allDayShort": _("all day"),
            "more": _("%s more"),
            "none": _("Nothing planned in this time."),
            "onlyYou": _("visible to you alone"),
            "takenBy": _("%s: busy"),
            "block": _("private block"),
            "appointment": _("appointment"),
            "task": _("Task"),
            "call": _("Call"),
            "done": _("completed"),
            "free": _("free"),
            "tentative": _("tentative"),
            "repeats": _("repeats"),
            "close": _("Close"),
            "convert": _("Convert into a visible appointment…"),
            "hide": _("Make it a private block again"),
            "openLink": _("Open in the other calendar"),
            "copyTime": _("Copy time"),
            "copied": _("Time copied."),
            "details": _("Show details"),
            "edit": _("Edit…"),
            "remove": _("Delete…"),
            "create": _("New appointment"),
            "change": _("Edit appointment"),
            "changeOne": _("Edit this date of the series"),
            "changeSeries": _("Edit the series"),
            "saved": _("Saved."),
            "created": _("Appointment created."),
            "moved": _("Moved."),
            "deleted": _("Deleted."),
            "undone": _("It is back."),
            "shown": _("Colleagues can see it now."),
            "hidden": _("It is a private block again."),
            "notTold1": ngettext(
                "%(num)s attendee will not be told.", "%(num)s attendees will not be told.", 1
            ),
            "notTold": _("%s attendees will not be told."),
            "keepRepeat": _("As it is: %s"),
            "monthlyDay": _("Monthly on day %s"),
            "monthlyWeekday": _("Monthly on %s"),
            "yearlyDay": _("Yearly on %s"),
            "first": _("the first %s"),
            "second": _("the second %s"),
            "third": _("the third %s"),
            "fourth": _("the fourth %s"),
            "last": _("the last %s"),
            "days": _("days"),
            "weeks": _("weeks"),
            "months": _("months"),
            "zone": _("Times in %s"),
        }.items()
    }
