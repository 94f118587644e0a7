"""Dates, times and counts in the reader's zone and habit. All of them are template filters too.

German: 24.11.2026, 14:05; English: 24 Nov 2026, 14:05 (a 24-hour clock in both, without doubt
about the order of day and month).
"""

from datetime import date, datetime, timedelta

from babel import Locale, dates, numbers
from flask import Flask
from flask_babel import gettext as _

from andock_core.clock import now
from andock_web.language import language, zone

_DATE = {"de": "dd.MM.yyyy", "en": "d MMM yyyy"}
_DAY = {"de": "ccc dd.MM.", "en": "EEE d MMM"}
_LONG_DAY = {"de": "EEEE, d. MMMM yyyy", "en": "EEEE, d MMMM yyyy"}
_TIME = "HH:mm"


def init_app(app: Flask) -> None:
    """Offer the formats as template filters."""
    for each in (at_time, on_date, on_day, on_long_day, at, ago, count, milliseconds):
        app.jinja_env.filters[each.__name__] = each


def at_time(moment: datetime) -> str:
    """The time: "14:05", in the reader's zone."""
    return dates.format_time(local(moment), _TIME, locale=_locale())


def on_date(moment: datetime | date) -> str:
    """A date: "24.11.2026" or "24 Nov 2026"; a moment in the reader's zone, a date as it is."""
    return dates.format_date(_day(moment), _DATE[language()], locale=_locale())


def on_day(moment: datetime | date) -> str:
    """A day: "Di 24.11." or "Tue 24 Nov"."""
    return dates.format_date(_day(moment), _DAY[language()], locale=_locale())


def on_long_day(moment: datetime | date) -> str:
    """A day in full: "Dienstag, 24. November 2026" or "Tuesday, 24 November 2026"."""
    return dates.format_date(_day(moment), _LONG_DAY[language()], locale=_locale())


def at(moment: datetime) -> str:
    """A moment as people say it: "heute, 10:42", "gestern, 17:05", "24.11.2026, 10:42"."""
    day, today = _day(moment), local(now()).date()
    time = at_time(moment)
    if day == today:
        return str(_("today, %(time)s", time=time))
    if day == today - timedelta(days=1):
        return str(_("yesterday, %(time)s", time=time))
    if day == today + timedelta(days=1):
        return str(_("tomorrow, %(time)s", time=time))
    return f"{on_date(moment)}, {time}"


def ago(moment: datetime) -> str:
    """How long since: "vor 5 Minuten" or "5 minutes ago"; "in 5 Minuten" when it lies ahead."""
    return dates.format_timedelta(
        moment - now(), granularity="second", threshold=0.9, add_direction=True, locale=_locale()
    )


def count(number: float) -> str:
    """A number: "1.234" or "1,234"."""
    return str(numbers.format_decimal(number, locale=_locale()))


def milliseconds(number: int) -> str:
    """How long something took: "38 ms", "1,3 s"."""
    if number < 1000:
        return f"{number} ms"
    return f"{numbers.format_decimal(round(number / 1000, 1), locale=_locale())} s"


def local(moment: datetime) -> datetime:
    """The moment as wall time in the reader's zone."""
    return moment.astimezone(zone())


def _day(moment: datetime | date) -> date:
    return local(moment).date() if isinstance(moment, datetime) else moment


def _locale() -> Locale:
    return Locale.parse("en_GB" if language() == "en" else "de_DE")
