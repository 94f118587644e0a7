"""The calendar's sentences: errors, times, repetitions, the state of a connection."""

from datetime import date, datetime, timedelta

from babel import dates
from flask_babel import LazyString, get_locale, gettext, lazy_gettext as _l, ngettext

from andock_core.calendar.rules import WEEKDAYS, Pattern, RuleRefused, parse
from andock_sdk import Slot
from andock_web import formats

ERRORS: dict[str, tuple[LazyString, LazyString]] = {
    "entry.changed": (
        _l("This entry changed meanwhile."),
        _l("Nothing was saved. Look at what is there now, and make your change again."),
    ),
    "entry.undo": (
        _l("It is too late to undo this."),
        _l(
            "A delete can be undone for ten minutes. Your connected calendar may still hold it "
            "among its deleted items."
        ),
    ),
    "entry.gone": (
        _l("This entry is no longer there."),
        _l("It was deleted meanwhile. Nothing was changed."),
    ),
    "entry.locked": (
        _l("Someone else organises this meeting."),
        _l("Only they can change it. You can decide whether colleagues see it."),
    ),
    "entry.private": (
        _l("A private block cannot be changed here."),
        _l("Change it where it came from, or convert it into a visible appointment first."),
    ),
    "entry.shown": (
        _l("Only this date is visible, its series is private."),
        _l("Change it where it came from, or make the whole series visible first."),
    ),
    "entry.marked": (
        _l("This entry is marked private."),
        _l("Colleagues see it only if you agree to that explicitly."),
    ),
    "occurrence.gone": (
        _l("This date of the series is no longer there."),
        _l("The series changed meanwhile. Nothing was saved."),
    ),
    "occurrence.crosses": (
        _l("One date of a series cannot pass its neighbours."),
        _l("It has to stay between the one before and the one after, not on the same day."),
    ),
    "occurrence.last": (
        _l("This is the last date left."),
        _l("Delete the whole series instead."),
    ),
    "title.missing": (_l("Please give it a title."), _l("Without one nobody knows what it is.")),
    "title.long": (_l("The title is too long."), _l("At most 255 characters fit.")),
    "place.long": (_l("The place is too long."), _l("At most 255 characters fit.")),
    "notes.long": (_l("The notes are too long."), _l("Please shorten them.")),
    "time.unusable": (_l("Please fill in day and time."), _l("For example 24.11.2026, 09:00.")),
    "time.backwards": (_l("It ends before it begins."), _l("Please choose a later end.")),
    "time.long": (_l("It lasts more than a year."), _l("Please choose an earlier end.")),
    "time.kind": (
        _l("A series cannot be dragged between all-day and a time."),
        _l("Open it and change it there."),
    ),
    "zone.foreign": (
        _l("This series lies in a time zone that only its own calendar knows."),
        _l("Change its time there. All else can be changed here."),
    ),
    "rule.interval": (_l("This number does not work."), _l("Please choose a smaller one.")),
    "rule.ends_before": (
        _l("The series ends before it begins."),
        _l("Please choose a later last day."),
    ),
    "rule.empty": (_l("No day fits this repetition."), _l("Please choose another.")),
    "rule.overlap": (
        _l("One date would begin before the last one ends."),
        _l("Make it shorter, or repeat it less often."),
    ),
    "rule.cannot_move": (
        _l("This repetition cannot be dragged to another day."),
        _l("Open the series and choose a new repetition."),
    ),
    "rule.no_such_day": (_l("No year has this day."), _l("Please choose another.")),
    "rule.short_months": (
        _l("Some months do not have this day."),
        _l("Connected calendars then take the last day of the month. Choose it that way here."),
    ),
    "rule.unknown": (
        _l("Connected calendars cannot hold this repetition."),
        _l("Please choose a simpler one."),
    ),
}


def _(text: str, **values: object) -> str:
    return str(gettext(text, **values))


def error_words(key: str) -> tuple[str, str]:
    """Title and advice for an error key of the calendar."""
    title, advice = ERRORS.get(key) or ERRORS["rule.unknown"]
    return str(title), str(advice)


def slot_words(slot: Slot) -> str:
    """When an entry takes place, in its own zone's wall time: "Dienstag, 24. November 2026,
    09:00–10:00"."""
    if slot.all_day:
        first = date.fromisoformat(slot.start)
        last = date.fromisoformat(slot.end) - timedelta(days=1)
        if first == last:
            return _("%(day)s, all day", day=formats.on_long_day(first))
        return f"{formats.on_long_day(first)} – {formats.on_long_day(last)}"
    start, end = datetime.fromisoformat(slot.start), datetime.fromisoformat(slot.end)
    begin = f"{formats.on_long_day(start.date())}, {start:%H:%M}"
    if start.date() == end.date() and slot.start_zone == slot.end_zone:
        return f"{begin}–{end:%H:%M}"
    return f"{begin} – {formats.on_long_day(end.date())}, {end:%H:%M}"


def zone_words(slot: Slot, zone: str) -> str:
    """In whose clock `slot_words` speaks, when that is not the reader's; else empty."""
    if slot.all_day or (slot.start_zone == zone and slot.end_zone == zone):
        return ""
    return slot.foreign_zone or (
        slot.start_zone
        if slot.start_zone == slot.end_zone
        else f"{slot.start_zone} – {slot.end_zone}"
    )


def repeat_words(recurrence: str, start: str) -> str:
    """A rule in words: "every week on Tuesday, 20 times". Empty without one."""
    if not recurrence:
        return ""
    try:
        pattern = parse(recurrence, datetime.fromisoformat(start).date())
    except RuleRefused:
        return _("repeats")
    words = _pattern_words(pattern)
    if pattern.until is not None:
        return _("%(rule)s, until %(day)s", rule=words, day=formats.on_date(pattern.until))
    if pattern.count is not None:
        times = str(ngettext("once", "%(num)s times", pattern.count))
        return f"{words}, {times}"
    return words


def weekday_name(day: str, width: str = "wide") -> str:
    """ "TU" in the reader's language."""
    number = WEEKDAYS.index(day)
    names = dates.get_day_names("abbreviated" if width == "short" else "wide", locale=get_locale())
    return str(names[number]).rstrip(".")


def _pattern_words(pattern: Pattern) -> str:
    n = pattern.interval
    if pattern.kind == "daily":
        return _("every day") if n == 1 else _("every %(n)s days", n=n)
    if pattern.kind == "weekly":
        days = _joined([weekday_name(day) for day in pattern.days])
        if n == 1:
            return _("every week on %(days)s", days=days)
        return _("every %(n)s weeks on %(days)s", n=n, days=days)
    if pattern.month:
        return _yearly_words(pattern)
    which = _day_words(pattern)
    if n == 1:
        return _("every month on %(which)s", which=which)
    return _("every %(n)s months on %(which)s", n=n, which=which)


def _yearly_words(pattern: Pattern) -> str:
    month = str(dates.get_month_names("wide", locale=get_locale())[pattern.month])
    if pattern.kind == "yearly_day":
        return _("every year on %(day)s %(month)s", day=pattern.day, month=month)
    return _("every year on %(which)s of %(month)s", which=_day_words(pattern), month=month)


def _day_words(pattern: Pattern) -> str:
    if pattern.kind.endswith("_day"):
        if pattern.day == 31:
            return _("the last day")
        return _("day %(day)s", day=pattern.day)
    names = {7: _("day"), 5: _("working day"), 2: _("weekend day")}
    name = names.get(len(pattern.days)) or weekday_name(pattern.days[0])
    ordinals = {
        1: _("the first %(day)s", day=name),
        2: _("the second %(day)s", day=name),
        3: _("the third %(day)s", day=name),
        4: _("the fourth %(day)s", day=name),
        -1: _("the last %(day)s", day=name),
    }
    return ordinals[pattern.position]


def _joined(words: list[str]) -> str:
    if len(words) < 2:
        return "".join(words)
    return _("%(some)s and %(last)s", some=", ".join(words[:-1]), last=words[-1])
