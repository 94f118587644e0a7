"""A member's calendar entries as rows: documents in the clear or sealed, spans kept right."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import CursorResult, Delete, Update, delete, func, insert, select, update
from sqlalchemy.orm import Session

from andock_core.calendar.expand import Interval, expansion, interval_of
from andock_core.calendar.occurrences import occurrence_document, public_document
from andock_core.calendar.window import STEP, Window
from andock_core.storage.tables import Entry, Pair, ShownOccurrence, Span
from andock_core.storage.types import new_id
from andock_core.vault import Label, Vault
from andock_sdk import Appointment

Visibility = Literal["appointment", "block"]
Origin = Literal["andock", "remote"]
SEALED = "entry.sealed"
HIDING = frozenset({"private", "confidential"})


class EntryChanged(Exception):
    """Somebody changed or deleted the entry meanwhile. Nothing was written."""


class Entries:
    """The entries of one member. Everything happens in the session handed over.

    Every write compares and sets the entry's `version` in SQL, raises it, and rewrites the spans.
    """

    def __init__(
        self, session: Session, vault: Vault, tenant_id: str, owner_id: str, window: Window
    ) -> None:
        self._session = session
        self._vault = vault
        self._tenant_id = tenant_id
        self._owner_id = owner_id
        self._window = window

    def get(self, entry_id: str) -> Entry | None:
        """The member's entry of that id."""
        return self._session.scalar(
            select(Entry).where(Entry.id == entry_id, Entry.owner_id == self._owner_id)
        )

    def has(self, entry_id: str) -> bool:
        """Whether there is such an entry of the member's. What was just made is not asked for."""
        entry = self._session.get(Entry, entry_id)
        return entry is not None and entry.owner_id == self._owner_id

    def document(self, entry: Entry) -> Appointment:
        """What the entry holds; opens the seal of a block. Raises SealBroken."""
        return document_of(self._vault, entry)

    def create(
        self,
        item: Appointment,
        *,
        visibility: Visibility,
        origin: Origin,
        locked: bool = False,
        entry_id: str | None = None,
    ) -> Entry:
        """A new entry. Raises CannotExpand before anything is written."""
        entry = Entry(
            id=entry_id or new_id(),
            tenant_id=self._tenant_id,
            owner_id=self._owner_id,
            visibility=visibility,
            origin=origin,
            locked=locked,
            converted=False,
            version=1,
        )
        spans, entry.expanded_until = _spans(entry, item, self._window)
        content = self._content(entry.id, visibility, item)
        entry.document, entry.sealed = content["document"], content["sealed"]
        self._session.add(entry)
        self._session.flush()
        _insert(self._session, spans)
        return entry

    def replace(
        self,
        entry: Entry,
        item: Appointment,
        *,
        expected_version: int,
        locked: bool | None = None,
    ) -> Entry:
        """Put `item` in the entry's place; its visibility stays.

        Shown occurrences of a block follow: their documents become what the item now says, and
        those that the item newly marks private or confidential are hidden again at once.
        Raises EntryChanged, CannotExpand.
        """
        before = self.document(entry)
        values = self._content(entry.id, entry.visibility, item)
        if locked is not None:
            values["locked"] = locked
        self._write(entry, item, values, expected_version)
        self._follow_shown(entry, before, item)
        return entry

    def delete(self, entry: Entry, *, expected_version: int) -> None:
        """Delete the entry with its spans. Raises EntryChanged."""
        statement = delete(Entry).where(Entry.id == entry.id, Entry.version == expected_version)
        self._session.expunge(entry)
        if not rows_hit(self._session, statement):
            raise EntryChanged

    def make_visible(self, entry: Entry, *, expected_version: int | None = None) -> Entry:
        """Turn a block into an appointment that colleagues can read. Raises EntryChanged.

        From now on deleting it here deletes it there, also before the next run has seen it: its
        pair says so at once.
        """
        entry = self._turn(entry, "appointment", expected_version)
        block = (Pair.entry_id == entry.id, Pair.kind == "block")
        self._session.execute(update(Pair).where(*block).values(kind="converted"))
        return entry

    def make_private(self, entry: Entry, *, expected_version: int | None = None) -> Entry:
        """Turn an appointment into a sealed block, shown occurrences included.

        Raises EntryChanged.
        """
        entry = self._turn(entry, "block", expected_version)
        self._session.execute(delete(ShownOccurrence).where(ShownOccurrence.entry_id == entry.id))
        return entry

    def _turn(self, entry: Entry, to: Visibility, expected_version: int | None) -> Entry:
        item = self.document(entry)
        values = self._content(entry.id, to, item)
        values |= {"visibility": to, "converted": to == "appointment"}
        version = entry.version if expected_version is None else expected_version
        self._write(entry, item, values, version)
        return entry

    def _write(self, entry: Entry, item: Appointment, values: dict[str, Any], version: int) -> None:
        oldest = self._session.scalar(
            select(func.min(Span.start_at)).where(Span.entry_id == entry.id)
        )
        spans, until = _spans(entry, item, self._window, oldest)
        statement = (
            update(Entry)
            .where(Entry.id == entry.id, Entry.version == version)
            .values(**values, version=version + 1, expanded_until=until, resting=False)
            .execution_options(synchronize_session=False)
        )
        if not rows_hit(self._session, statement):
            raise EntryChanged
        _rewrite(self._session, entry.id, spans)
        self._session.refresh(entry)

    def _content(self, entry_id: str, visibility: str, item: Appointment) -> dict[str, Any]:
        document = item.model_dump(mode="json")
        if visibility == "appointment":
            return {"document": document, "sealed": None}
        label = Label(self._tenant_id, self._owner_id, SEALED, entry_id)
        return {"document": None, "sealed": self._vault.seal_json(label, document)}

    def _follow_shown(self, entry: Entry, before: Appointment, after: Appointment) -> None:
        shown = self._session.scalars(
            select(ShownOccurrence).where(ShownOccurrence.entry_id == entry.id)
        )
        for row in shown.all():
            now = occurrence_document(after, row.original_start)
            was = occurrence_document(before, row.original_start)
            if now is None:
                continue  # the pattern may come back, and its visibility with it
            if now.sensitivity in HIDING and (was is None or was.sensitivity not in HIDING):
                self._session.delete(row)
            else:
                row.document = public_document(now)


def document_of(vault: Vault, entry: Entry) -> Appointment:
    """What an entry holds. Opening a block's is for its owner alone. Raises SealBroken."""
    found = opened(vault, entry.tenant_id, entry.owner_id, entry.id, entry.document, entry.sealed)
    return Appointment.model_validate(found)


def opened(
    vault: Vault,
    tenant_id: str,
    owner_id: str,
    entry_id: str,
    document: dict[str, Any] | None,
    sealed: bytes | None,
) -> dict[str, Any]:
    """As `document_of`, as it is stored, for who has not the whole entry at hand."""
    if document is not None:
        return document
    found: dict[str, Any] = vault.open_json(
        Label(tenant_id, owner_id, SEALED, entry_id), sealed or b""
    )
    return found


def extend(session: Session, vault: Vault, window: Window, limit: int = 100) -> int:
    """Expand up to `limit` series further that the moving window left behind.

    For the dispatcher, now and then; in steps of 30 days, so that it is cheap. Works in a
    session of one tenant or of the system. Returns how many it did: call again while it is
    `limit`.
    """
    behind = session.scalars(
        select(Entry)
        .where(Entry.expanded_until < window.end - STEP)
        .order_by(Entry.expanded_until)
        .limit(limit)
    ).all()
    for entry in behind:
        oldest = session.scalar(select(func.min(Span.start_at)).where(Span.entry_id == entry.id))
        spans, until = _spans(entry, document_of(vault, entry), window, oldest)
        unchanged = (
            update(Entry)
            .where(Entry.id == entry.id, Entry.version == entry.version)
            .where(Entry.expanded_until == entry.expanded_until)
            .values(expanded_until=until)
            .execution_options(synchronize_session=False)
        )
        if rows_hit(session, unchanged):
            _rewrite(session, entry.id, spans)
    return len(behind)


def _spans(
    entry: Entry, item: Appointment, window: Window, oldest: datetime | None = None
) -> tuple[list[dict[str, Any]], datetime | None]:
    """The entry's span rows, and until when they are known (None: all of them).

    A series is expanded within the window, and back to `oldest`, so that what was seen before
    stays seen while the window moves on. A single entry has its span wherever it lies: it
    tells no more than the entry itself.
    """
    begin = window.begin if oldest is None else min(window.begin, oldest)
    if item.recurrence:
        found = expansion(item, begin, window.end)
        intervals: Sequence[Interval] = found.intervals
        until = None if found.complete else window.end
    else:
        intervals, until = (interval_of(item.when, "", item.busy),), None
    owner = {"tenant_id": entry.tenant_id, "owner_id": entry.owner_id, "entry_id": entry.id}
    return [{**owner, **asdict(interval)} for interval in intervals], until


def _rewrite(session: Session, entry_id: str, spans: list[dict[str, Any]]) -> None:
    session.execute(
        delete(Span).where(Span.entry_id == entry_id).execution_options(synchronize_session=False)
    )
    _insert(session, spans)


def _insert(session: Session, spans: list[dict[str, Any]]) -> None:
    if spans:
        session.execute(insert(Span), spans)


def rows_hit(session: Session, statement: Update | Delete) -> bool:
    result = session.execute(statement)
    assert isinstance(result, CursorResult)  # noqa: S101 - as every UPDATE and DELETE
    return result.rowcount == 1
