"""What a viewer may see of calendars: the one place that decides it.

An owner sees all of their own. Of a colleague one sees appointments (title, place, time) and,
for blocks, that time is taken: nothing else leaves this module, no id either.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from andock_core.accounts import MemberInfo
from andock_core.calendar.access import why_not
from andock_core.calendar.convert import can_hide
from andock_core.calendar.entries import HIDING, document_of
from andock_core.storage.tables import Entry, Member, Pair, ShownOccurrence, Span
from andock_core.vault import Vault
from andock_sdk import Appointment

Kind = Literal["appointment", "block"]


@dataclass(frozen=True)
class OwnDetails:
    """What only the owner learns of a span, to act on its entry. `shown`: this one occurrence of
    a private series is visible. `can_hide`: it may become a private block again. `link` opens it
    on the other side, empty when there is no such page."""

    entry_id: str
    original_start: str
    version: int
    editable: bool
    locked: bool
    can_hide: bool
    shown: bool
    attendees: int
    link: str


@dataclass(frozen=True)
class Seen:
    """A span as the viewer may see it. A colleague's block has neither title nor place.

    `start_at` and `end_at` are in UTC; for all-day ones `start_day` and `end_day` (exclusive)
    count. `own` is None for colleagues' spans.
    """

    owner_id: str
    kind: Kind
    start_at: datetime
    end_at: datetime
    all_day: bool
    start_day: str
    end_day: str
    busy: str
    title: str = ""
    place: str = ""
    repeats: bool = False
    own: OwnDetails | None = None


def spans_between(
    session: Session,
    vault: Vault,
    viewer: MemberInfo,
    begin: datetime,
    end: datetime,
    member_ids: Collection[str],
) -> list[Seen]:
    """What `viewer` may see of these members between `begin` and `end` (aware), in order.

    Members of other tenants have nothing, whatever id is asked for. The session is the viewer's.
    """
    rows = session.execute(
        select(Span, Entry)
        .join(Entry, Entry.id == Span.entry_id)
        .join(Member, Member.id == Span.owner_id)
        .where(
            Span.owner_id.in_(list(member_ids)),
            Span.start_at < end,
            (Span.end_at > begin) | ((Span.start_at == Span.end_at) & (Span.start_at >= begin)),
            Member.tenant_id == viewer.tenant_id,
            Member.active,
        )
        .order_by(Span.start_at, Span.id)
    )
    found = [(row[0], row[1]) for row in rows]
    shown = _shown(session, {entry.id for _, entry in found})
    links = links_of(session, {entry.id for _, entry in found if entry.owner_id == viewer.id})
    return list(_seen(vault, viewer, found, shown, links))


def links_of(session: Session, entry_ids: set[str]) -> dict[str, str]:
    """By entry: where the other side shows it. Web addresses only."""
    rows = session.execute(
        select(Pair.entry_id, Pair.link).where(Pair.entry_id.in_(entry_ids), Pair.link != "")
    )
    return {row[0]: row[1] for row in rows if row[1].startswith("https://")}


def _seen(
    vault: Vault,
    viewer: MemberInfo,
    rows: list[tuple[Span, Entry]],
    shown: dict[tuple[str, str], Appointment],
    links: dict[str, str],
) -> Iterator[Seen]:
    documents: dict[str, Appointment] = {}
    for span, entry in rows:
        visible = shown.get((entry.id, span.original_start))
        if entry.owner_id == viewer.id:
            if entry.id not in documents:
                documents[entry.id] = document_of(vault, entry)
            link = links.get(entry.id, "")
            yield _own(span, entry, documents[entry.id], visible is not None, link)
        elif entry.document is not None:
            if entry.id not in documents:
                documents[entry.id] = Appointment.model_validate(entry.document)
            item = documents[entry.id]
            if not _hidden_occurrence(item, span.original_start):
                yield _readable(span, *_words(item, span.original_start), bool(item.recurrence))
            elif span.busy != "free":
                yield _taken(span)
        elif visible is not None:
            yield _readable(span, visible.subject, visible.location, False)
        elif span.busy != "free":
            yield _taken(span)


def _own(span: Span, entry: Entry, item: Appointment, shown: bool, link: str) -> Seen:
    title, place = _words(item, span.original_start)
    appears = shown or entry.visibility == "appointment"
    reason = why_not(entry, item)
    return Seen(
        owner_id=span.owner_id,
        kind="appointment" if appears else "block",
        start_at=span.start_at,
        end_at=span.end_at,
        all_day=span.all_day,
        start_day=span.start_day,
        end_day=span.end_day,
        busy=span.busy,
        title=title,
        place=place,
        repeats=bool(item.recurrence),
        own=OwnDetails(
            entry_id=entry.id,
            original_start=span.original_start,
            version=entry.version,
            editable=not reason,
            locked=reason == "entry.locked",
            can_hide=shown or can_hide(entry),
            shown=shown,
            attendees=len(item.attendees),
            link=link,
        ),
    )


def _readable(span: Span, title: str, place: str, repeats: bool) -> Seen:
    return Seen(
        owner_id=span.owner_id,
        kind="appointment",
        start_at=span.start_at,
        end_at=span.end_at,
        all_day=span.all_day,
        start_day=span.start_day,
        end_day=span.end_day,
        busy=span.busy,
        title=title,
        place=place,
        repeats=repeats,
    )


def _taken(span: Span) -> Seen:
    return Seen(
        owner_id=span.owner_id,
        kind="block",
        start_at=span.start_at,
        end_at=span.end_at,
        all_day=span.all_day,
        start_day=span.start_day,
        end_day=span.end_day,
        busy=span.busy,
    )


def _words(item: Appointment, original_start: str) -> tuple[str, str]:
    """Title and place of an occurrence; cheaper than its whole document."""
    changed = item.overrides.get(original_start)
    if changed is None:
        return item.subject, item.location
    return (
        item.subject if changed.subject is None else changed.subject,
        item.location if changed.location is None else changed.location,
    )


def _hidden_occurrence(item: Appointment, original_start: str) -> bool:
    """Whether the other side marked this one occurrence of a visible series as private."""
    changed = item.overrides.get(original_start)
    if changed is None or item.sensitivity in HIDING:
        return False  # a marked series is visible only because its owner agreed to that
    return changed.sensitivity in HIDING


def _shown(session: Session, entry_ids: set[str]) -> dict[tuple[str, str], Appointment]:
    rows = session.scalars(select(ShownOccurrence).where(ShownOccurrence.entry_id.in_(entry_ids)))
    return {
        (row.entry_id, row.original_start): Appointment.model_validate(row.document) for row in rows
    }
