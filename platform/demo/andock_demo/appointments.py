"""Andock's own appointments of Anna and Ben: there before any mailbox is connected."""

from datetime import date, datetime, timedelta
from typing import Any

from andock_core import clock
from andock_core.calendar import edit
from andock_core.calendar.entries import Entries
from andock_core.calendar.window import Window
from andock_core.storage import Scope, Storage
from andock_core.vault import Vault
from andock_demo.inventions import FRI, MON, THU, TUE, WED, Invention, series, timed, today, whole
from andock_demo.people import ANNA, BEN
from andock_sdk import Body, Slot

WEEK = timedelta(weeks=1)

APPOINTMENTS: dict[str, tuple[Invention, ...]] = {
    ANNA.email: (
        timed("Kundentermin Meyer & Söhne", 0, TUE, "16:00", 60, location="Speicherstraße 4"),
        timed("Angebot Hafenbahn besprechen", 0, THU, "11:00", 60, body="Zahlen von Ben mitnehmen"),
        timed("Einarbeitung neue Kollegin", 1, MON, "15:00", 90),
        series(
            timed("Projektrunde", -1, WED, "10:30", 45, location="Besprechungsraum Elbe"),
            "FREQ=WEEKLY;BYDAY=WE;COUNT=12",
            WEEK,
        ),
        whole("Jahresplanung", 3, THU, 2, busy="busy"),
    ),
    BEN.email: (
        timed("Störung Nordwerft nachbesprechen", 0, TUE, "13:00", 45),
        timed("Telefonat mit Spreewerke", 1, WED, "09:00", 30),
        series(
            timed("Wartungsfenster", -1, THU, "20:00", 120),
            "FREQ=WEEKLY;BYDAY=TH;COUNT=8",
            WEEK,
        ),
        whole("Schulung Netzwerktechnik", 2, FRI, busy="away"),
    ),
}


def make_appointments(storage: Storage, vault: Vault, scope: Scope, email: str) -> None:
    """Put the invented appointments of a new member into their calendar."""
    with storage.write(scope) as session:
        entries = Entries(
            session, vault, scope.tenant_id, scope.member_id, Window.around(clock.now())
        )
        for invention in APPOINTMENTS.get(email, ()):
            values = values_of(invention, today())
            entries.create(edit.new(values), visibility="appointment", origin="andock")


def values_of(invention: Invention, day: date) -> edit.Values:
    """What a person would fill in for it."""
    start, end = invention.times(day)
    fields: dict[str, Any] = dict(invention.fields)
    return edit.Values(
        when=Slot(
            start=_wall(start),
            end=_wall(end),
            all_day=invention.at is None,
            start_zone=invention.zone if invention.at else "",
            end_zone=invention.zone if invention.at else "",
        ),
        subject=invention.subject,
        location=fields.get("location", ""),
        body=Body(content=fields.get("body", "")),
        busy=fields.get("busy", "free" if invention.at is None else "busy"),
        recurrence=invention.recurrence,
    )


def _wall(moment: date | datetime) -> str:
    if isinstance(moment, datetime):
        return moment.replace(tzinfo=None).isoformat()
    return moment.isoformat()
