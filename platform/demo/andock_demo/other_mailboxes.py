"""The calendars of the colleague and of the member of the other company."""

from datetime import timedelta

from andock_demo.inventions import (
    FRI,
    MON,
    SAT,
    THU,
    TUE,
    WED,
    Invention,
    changed,
    deleted,
    series,
    timed,
    whole,
)
from andock_demo.people import ANNA

WEEK = timedelta(weeks=1)
PRIVATE = {"sensitivity": "Private"}

BENS: tuple[Invention, ...] = (
    series(
        timed("Rufbereitschaft: Übergabe", -1, FRI, "15:30", 30),
        "FREQ=WEEKLY;BYDAY=FR;COUNT=12",
        WEEK,
        deleted(2),
    ),
    series(
        timed("Fußball", -1, WED, "18:30", 90, **PRIVATE),
        "FREQ=WEEKLY;BYDAY=WE;COUNT=20",
        WEEK,
        changed(2, shift=timedelta(minutes=30)),
    ),
    timed("Wohnungsbesichtigung", 0, THU, "17:00", 45, location="Eimsbüttel", **PRIVATE),
    timed("Steuerberater", 1, TUE, "16:00", 60, **PRIVATE),
    timed("Werkstatt: Auto abholen", 0, TUE, "08:00", 30),
    timed("Physiotherapie", 1, THU, "07:30", 45, **PRIVATE),
    timed("Abstimmung Serverumzug", 1, MON, "13:30", 60, attendees=[(ANNA.name, ANNA.email)]),
    whole("Resturlaub", 2, THU, 2, busy="OOF"),
    timed("Konzert Elbphilharmonie", 0, SAT, "20:00", 150),
)

DORAS: tuple[Invention, ...] = (
    series(
        timed("Teamrunde Nordlicht", -1, TUE, "09:30", 30),
        "FREQ=WEEKLY;BYDAY=TU;COUNT=12",
        WEEK,
    ),
    timed("Kundenbesuch Kiel", 0, WED, "10:00", 240, busy="OOF"),
    timed("Augenarzt", 1, WED, "08:15", 45, **PRIVATE),
    whole("Betriebsausflug", 2, FRI, busy="Busy"),
)
