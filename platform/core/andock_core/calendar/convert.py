"""Private block ↔ visible appointment: the same entry and the same remote item, no copy."""

from dataclasses import dataclass

from sqlalchemy import Delete, delete, select, update
from sqlalchemy.orm import Session

from andock_core.calendar.entries import Entries, EntryChanged, rows_hit
from andock_core.calendar.occurrences import occurrence_document, public_document
from andock_core.storage.tables import Entry, ShownOccurrence
from andock_core.storage.types import new_id
from andock_sdk import Appointment, Slot


class NeedsAgreement(Exception):
    """The entry is marked private or confidential: its owner must agree explicitly."""


class NoSuchOccurrence(Exception):
    """The series has no occurrence with that original start."""


@dataclass(frozen=True)
class Preview:
    """Exactly what colleagues will see. `marked` is the entry's mark ("private") or empty;
    `recurrence` is empty for a single entry and for one occurrence."""

    subject: str
    location: str
    when: Slot
    recurrence: str
    busy: str
    marked: str


def preview(item: Appointment, original_start: str = "") -> Preview:
    """What colleagues will see of the entry, or of one occurrence of it.

    Raises NoSuchOccurrence.
    """
    shown = occurrence_document(item, original_start)
    if shown is None:
        raise NoSuchOccurrence
    return Preview(
        subject=shown.subject,
        location=shown.location,
        when=shown.when,
        recurrence=shown.recurrence,
        busy=shown.busy,
        marked=mark_of(shown, whole=not original_start),
    )


def show(
    session: Session,
    entries: Entries,
    entry: Entry,
    *,
    expected_version: int,
    original_start: str = "",
    agreed: bool = False,
) -> None:
    """Make a block visible, or one occurrence of a series (`original_start`).

    Raises NeedsAgreement unless `agreed`, NoSuchOccurrence, EntryChanged.
    """
    item = entries.document(entry)
    shown = occurrence_document(item, original_start)
    if shown is None:
        raise NoSuchOccurrence
    if mark_of(shown, whole=not original_start) and not agreed:
        raise NeedsAgreement
    if not original_start:
        entries.make_visible(entry, expected_version=expected_version)
        return
    _raise_version(session, entry, expected_version)
    session.execute(_shown(entry, original_start))
    session.add(
        ShownOccurrence(
            id=new_id(),
            tenant_id=entry.tenant_id,
            entry_id=entry.id,
            original_start=original_start,
            document=public_document(shown),
        )
    )


def hide(
    session: Session,
    entries: Entries,
    entry: Entry,
    *,
    expected_version: int,
    original_start: str = "",
) -> None:
    """Make it a private block again: the whole entry, or one shown occurrence of it.

    Raises EntryChanged.
    """
    if not original_start:
        entries.make_private(entry, expected_version=expected_version)
        return
    _raise_version(session, entry, expected_version)
    session.execute(_shown(entry, original_start))


def shown_starts(session: Session, entry_id: str) -> frozenset[str]:
    """The original starts of the occurrences that their owner made visible."""
    found = select(ShownOccurrence.original_start).where(ShownOccurrence.entry_id == entry_id)
    return frozenset(session.scalars(found))


def can_hide(entry: Entry) -> bool:
    """Whether the appointment came from a block. What was made in Andock is meant to be seen."""
    return was_block(entry.visibility, entry.converted, entry.origin)


def was_block(visibility: str, converted: bool, origin: str) -> bool:
    """As `can_hide`, for who has not the whole entry at hand."""
    return visibility == "appointment" and (converted or origin == "remote")


def mark_of(item: Appointment, *, whole: bool) -> str:
    """The strongest mark of an entry: of a series, also of any changed occurrence."""
    marks = [item.sensitivity]
    if whole:
        marks += [o.sensitivity for o in item.overrides.values() if o.sensitivity is not None]
    return next((mark for mark in ("confidential", "private") if mark in marks), "")


def _raise_version(session: Session, entry: Entry, expected_version: int) -> None:
    statement = (
        update(Entry)
        .where(Entry.id == entry.id, Entry.version == expected_version)
        .values(version=expected_version + 1)
        .execution_options(synchronize_session=False)
    )
    if not rows_hit(session, statement):
        raise EntryChanged
    session.refresh(entry)


def _shown(entry: Entry, original_start: str) -> Delete:
    return delete(ShownOccurrence).where(
        ShownOccurrence.entry_id == entry.id, ShownOccurrence.original_start == original_start
    )
