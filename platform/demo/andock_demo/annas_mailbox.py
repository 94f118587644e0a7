"""Anna's three calendars: about forty entries of a project manager with a family."""

from datetime import timedelta

from andock_demo.inventions import (
    FRI,
    MON,
    SAT,
    SUN,
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
from andock_demo.people import ANNA, BEN, CLARA

DAY = timedelta(days=1)
WEEK = timedelta(weeks=1)
FORTNIGHT = timedelta(weeks=2)
COLLEAGUES = [(BEN.name, BEN.email), (CLARA.name, CLARA.email)]
HARBOUR_OFFICE = ("Jens Petersen", "jens.petersen@hafenamt.test")
ARCHITECT = ("Miriam Vogt", "vogt@architekten.test")
PRIVATE = {"sensitivity": "Private"}

WORK: tuple[Invention, ...] = (
    series(
        timed("Wochenstart im Team", -2, MON, "09:00", 30, location="Besprechungsraum Elbe"),
        "FREQ=WEEKLY;BYDAY=MO;COUNT=26",
        WEEK,
        changed(3, shift=timedelta(hours=1), location="Besprechungsraum Alster"),
        deleted(5),
    ),
    series(
        timed("Jour fixe mit Ben", -1, THU, "14:00", 45, attendees=COLLEAGUES[:1]),
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH;COUNT=10",
        FORTNIGHT,
        changed(1, subject="Jour fixe mit Ben: Urlaubsplanung"),
    ),
    series(
        timed("Mittagspause", -1, MON, "12:30", 30, busy="Free"),
        "FREQ=DAILY;COUNT=20",
        DAY,
        deleted(5),
        deleted(6),
    ),
    timed("Budgetplanung 1. Quartal", 0, TUE, "10:00", 90, attendees=COLLEAGUES),
    timed("Bewerbungsgespräch Projektassistenz", 0, WED, "11:00", location="Raum Bille"),
    timed("Mitarbeitergespräch", 0, WED, "15:00", sensitivity="Confidential"),
    timed("Angebot Nordwerft fertigstellen", 0, FRI, "08:30", 120, categories=["Fokuszeit"]),
    timed("Zahnarzt Dr. Brandt", 0, THU, "16:30", 45, location="Lange Reihe 12", **PRIVATE),
    timed(
        "Quartalsrückblick der Geschäftsführung",
        1,
        TUE,
        "13:00",
        120,
        organizer=(CLARA.name, CLARA.email),
        attendees=[(ANNA.name, ANNA.email), (BEN.name, BEN.email)],
        location="Großer Saal",
    ),
    timed(
        "Einführung Datenschutz 2027",
        1,
        WED,
        "09:30",
        90,
        organizer=("Schulungen Musterfirma", "schulungen@musterfirma.test"),
        attendees=[(ANNA.name, ANNA.email)],
        busy="Tentative",
    ),
    timed(
        "Abstimmung mit dem Büro Portland",
        1,
        THU,
        "08:30",
        zone="America/Los_Angeles",
        location="Videokonferenz",
        attendees=[("Sarah Lin", "sarah.lin@portland.test")],
    ),
    timed("Lieferantengespräch New York", 2, TUE, "09:00", zone="America/New_York"),
    timed("Produktvorstellung Tokio", 2, THU, "16:00", 60, zone="Asia/Tokyo"),
    timed("Telefonat mit der Bank", 1, MON, "11:30", 30, **PRIVATE),
    timed("Protokoll nachreichen", 0, MON, "16:00", 30, busy="Free", reminder=15),
    timed("Zug nach Berlin", 2, MON, "06:36", 109, busy="OOF", location="Hamburg Hbf, Gleis 8"),
    timed("Kundentermin Spreewerke", 2, MON, "10:00", 180, location="Berlin", busy="OOF"),
    timed("Zug nach Hamburg", 2, MON, "17:36", 109, busy="OOF"),
    timed("Vertragsentwurf prüfen", -1, WED, "13:00", 60, categories=["Fokuszeit", "Vertrag"]),
    timed("Sprechstunde Betriebsrat", -1, TUE, "15:00", 30, sensitivity="Confidential"),
    timed("Nachtwartung der Server", 1, FRI, "22:00", 240, busy="Tentative"),
    whole("Fachmesse Digital Nord", 3, TUE, 3, busy="OOF", location="Messe Hamburg"),
    whole("Homeoffice", 0, FRI, busy="WorkingElsewhere"),
    whole("Inventur", -1, FRI),
    whole("Urlaub", 5, MON, 5, busy="OOF"),
)

FAMILY: tuple[Invention, ...] = (
    series(
        timed("Klavierunterricht Mia", -1, TUE, "17:00", 45, **PRIVATE),
        "FREQ=WEEKLY;BYDAY=TU;COUNT=20",
        WEEK,
        deleted(3),
    ),
    series(
        timed("Schwimmtraining Jonas", -1, SAT, "10:00", 60),
        "FREQ=WEEKLY;BYDAY=SA;COUNT=15",
        WEEK,
        changed(2, shift=timedelta(hours=4), location="Alsterschwimmhalle"),
    ),
    timed("Elternabend", 0, THU, "19:30", 90, location="Grundschule, Raum 104"),
    timed("Kinderarzt Jonas", 1, TUE, "08:00", 30, **PRIVATE),
    timed("Abendessen bei Oma Gerda", 0, SUN, "18:00", 150),
    timed("Laternenumzug", 1, FRI, "17:00", 90, busy="Free"),
    timed("Reifenwechsel", -1, SAT, "08:30", 30),
    whole("Mias Geburtstag", 1, WED),
    whole("Weihnachtsferien", 5, MON, 12),
)

HARBOUR: tuple[Invention, ...] = (
    series(
        timed("Baubesprechung Hafencity", -1, WED, "09:00", 60, location="Baubüro Versmannkai"),
        "FREQ=WEEKLY;BYDAY=WE;COUNT=16",
        WEEK,
        changed(2, shift=timedelta(days=1), subject="Baubesprechung Hafencity (verschoben)"),
    ),
    timed(
        "Ortstermin mit dem Hafenamt",
        1,
        THU,
        "10:30",
        90,
        attendees=[HARBOUR_OFFICE, ARCHITECT],
        body="Unterlagen: Lageplan, Genehmigung vom 3. November.",
    ),
    timed("Abnahme Rohbau", 2, WED, "13:00", 180, attendees=[ARCHITECT], busy="OOF"),
    timed(
        "Abstimmung Brandschutz",
        0,
        TUE,
        "14:30",
        60,
        organizer=ARCHITECT,
        attendees=[(ANNA.name, ANNA.email)],
    ),
    timed("Rechnungen freigeben", 0, FRI, "14:00", 30),
    whole("Sperrung Versmannstraße", 1, MON, 4),
    whole("Frist Bauantrag", 2, FRI),
)

CALENDARS = (("", WORK), ("Familie", FAMILY), ("Projekt Hafencity", HARBOUR))
"""By name; the mailbox's own calendar has none."""
