"""Fills the stand-in Exchange with the invented people's mailboxes."""

from datetime import date

from andock_demo import annas_mailbox, other_mailboxes
from andock_demo.address_books import BOOKS
from andock_demo.inventions import BERLIN, WINDOWS_ZONES, Deviation, Invention, today
from andock_demo.people import ANNA, BEN, DORA, PEOPLE
from andock_sandbox import Mailbox, Sandbox

CALENDARS = {
    ANNA.email: annas_mailbox.CALENDARS,
    BEN.email: (("", other_mailboxes.BENS),),
    DORA.email: (("", other_mailboxes.DORAS),),
}


def fill_mailboxes(
    box: Sandbox, passwords: dict[str, dict[str, str]], *, with_entries: bool
) -> None:
    """Make sure that the mailboxes exist, and, in a new data folder, that they hold entries."""
    for person in PEOPLE:
        if not person.login:
            continue
        mailbox = box.add_mailbox(
            person.email,
            passwords[person.email]["exchange"],
            name=person.name,
            login=person.login,
            zone=WINDOWS_ZONES[BERLIN],
            language=person.company.language,
        )
        if with_entries:
            for name, entries in CALENDARS[person.email]:
                folder = mailbox.add_calendar(name) if name else mailbox.calendar
                for entry in entries:
                    add_entry(mailbox, folder, entry, today())
            add_contacts(mailbox)


def add_contacts(mailbox: Mailbox) -> None:
    """Fill the mailbox's folders of contacts."""
    book = mailbox.address_book
    for name, cards in BOOKS.get(mailbox.email, ()):
        folder = book.add_folder(name) if name else book.default
        for card in cards:
            book.add(folder, **card.entry())


def add_entry(mailbox: Mailbox, folder: str, entry: Invention, day: date) -> None:
    """Put one entry, or one series with what deviates from it, into a calendar."""
    start, end = entry.times(day)
    item = mailbox.add_event(
        folder,
        subject=entry.subject,
        start=start,
        end=end,
        all_day=entry.at is None,
        recurrence=entry.recurrence or None,
        zone=WINDOWS_ZONES[entry.zone],
        **entry.fields,
    )
    for deviation in entry.exceptions:
        _deviate(mailbox, item, entry, deviation, day)


def _deviate(
    mailbox: Mailbox, item: str, entry: Invention, deviation: Deviation, day: date
) -> None:
    start, end = entry.times(day, deviation.number)
    if deviation.shift is not None:
        moved = {"start": start + deviation.shift, "end": end + deviation.shift}
        mailbox.change_occurrence(item, start, **moved, **deviation.fields)
    elif deviation.fields:
        mailbox.change_occurrence(item, start, **deviation.fields)
    else:
        mailbox.delete_occurrence(item, start)
