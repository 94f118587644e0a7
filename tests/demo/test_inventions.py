"""The invented entries: what the demo promises to hold, and that they make sense."""

from datetime import date, datetime, timedelta
from itertools import chain

from andock_demo.address_books import ANNAS as PEOPLE, BOOKS
from andock_demo.annas_mailbox import CALENDARS
from andock_demo.inventions import Invention, timed
from andock_demo.mailboxes import fill_mailboxes
from andock_demo.other_mailboxes import BENS, DORAS
from andock_demo.people import ANNA, BEN, PEOPLE as MEMBERS
from andock_sandbox import Sandbox

ANNAS = tuple(chain.from_iterable(entries for _, entries in CALENDARS))
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
TODAY = date(2026, 11, 22)


def holding(**fields: str) -> list[Invention]:
    """Anna's entries with these fields."""
    return [
        entry
        for entry in ANNAS
        if all(entry.fields.get(name) == value for name, value in fields.items())
    ]


def test_anna_has_every_kind_of_entry() -> None:
    """Three calendars, some forty entries, and each kind that a calendar can hold."""
    assert len(CALENDARS) == 3
    assert 38 <= len(ANNAS) <= 48
    assert holding(sensitivity="Private")
    assert holding(sensitivity="Confidential")
    assert holding(busy="Free")
    assert [entry for entry in ANNAS if entry.days > 1]
    assert [entry for entry in ANNAS if entry.at is None and entry.days == 1]
    assert [entry for entry in ANNAS if entry.fields.get("organizer")]
    assert [entry for entry in ANNAS if entry.fields.get("attendees")]
    assert {entry.zone for entry in ANNAS} >= {"America/Los_Angeles", "Asia/Tokyo"}
    deviating = [entry for entry in ANNAS if entry.exceptions]
    assert [entry for entry in deviating if any(one.fields for one in entry.exceptions)]
    assert [entry for entry in deviating if any(not one.fields for one in entry.exceptions)]


def test_deviations_name_real_occurrences() -> None:
    """What is changed or deleted is an occurrence that the rule makes, on its weekday."""
    for entry in (*ANNAS, *BENS, *DORAS):
        rule = dict(part.split("=") for part in entry.recurrence.split(";") if part)
        for deviation in entry.exceptions:
            assert deviation.number < int(rule["COUNT"])
            start, _ = entry.times(TODAY, deviation.number)
            if "BYDAY" in rule:
                assert rule["BYDAY"] == WEEKDAYS[start.weekday()]


def test_entries_lie_around_today() -> None:
    """Whoever starts the demo sees something at once, whatever the day."""
    for shift in range(7):
        today = TODAY + timedelta(days=shift)
        near = [entry for entry in ANNAS if abs((entry.day(today) - today).days) <= 7]
        assert len(near) > 12


def test_an_hour_is_an_hour_on_the_wall() -> None:
    """In the night of a clock change the end is still the wall time that was meant."""
    start, end = timed("Nachtzug", 0, 5, "23:30", 300).times(date(2026, 10, 24))
    assert (start.isoformat(), end.isoformat()) == (
        "2026-10-24T23:30:00+02:00",
        "2026-10-25T04:30:00+01:00",
    )
    assert isinstance(start, datetime)


def test_anna_knows_some_twenty_people_a_few_of_them_by_face() -> None:
    """Of every kind: with a title, several addresses, a birthday, far away, of the family."""
    assert 18 <= len(PEOPLE) <= 25
    assert 3 <= len([card for card in PEOPLE if card.ground]) <= 8
    entries = [card.entry() for card in PEOPLE]
    assert any("title" in entry for entry in entries)
    assert any(len(entry.get("emails", ())) > 1 for entry in entries)
    assert any("birthday" in entry for entry in entries)
    assert len({(card.given, card.surname) for card in PEOPLE}) == len(PEOPLE)


def test_the_mailboxes_hold_their_contacts() -> None:
    """Each in its folder, with the pictures that were drawn; nobody is in twice on a restart."""
    box = Sandbox()
    passwords = {person.email: {"exchange": "x"} for person in MEMBERS}
    fill_mailboxes(box, passwords, with_entries=True)
    fill_mailboxes(box, passwords, with_entries=False)
    for person in (ANNA, BEN):
        book = box.add_mailbox(person.email, "x").address_book
        for name, cards in BOOKS[person.email]:
            held = book.all(book.add_folder(name) if name else "")
            pictures = [one for one in held if one["attachments"]]
            assert len(held) == len(cards)
            assert len(pictures) == len([card for card in cards if card.ground])
    box.close()
