"""What a viewer may see of calendars: the one place that decides it.

An owner sees all of their own. Of a colleague one sees appointments (title, place, time) and,
for blocks, that time is taken: nothing else leaves this module, no id either.
"""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Literal, NamedTuple

from sqlalchemy import String, cast, select
from sqlalchemy.orm import Session

from andock_core.accounts import MemberInfo
from andock_core.calendar.access import read_only
from andock_core.calendar.convert import was_block
from andock_core.calendar.entries import opened
from andock_core.calendar.faces import Face, Faces, Key, face_of
from andock_core.storage.tables import Entry, Member, Pair, ShownOccurrence, Span
from andock_core.vault import Vault

Kind = Literal["appointment", "block"]


class OwnDetails(NamedTuple):
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


class Seen(NamedTuple):
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


class _Line(NamedTuple):
    """A span with what its entry says in the clear. Columns, for rows cost a view too much."""

    owner_id: str
    entry_id: str
    original_start: str
    start_at: datetime
    end_at: datetime
    all_day: bool
    start_day: str
    end_day: str
    busy: str
    visibility: str
    origin: str
    converted: bool
    locked: bool
    version: int
    stamp: str


_STAMP = cast(Entry.updated_at, String)
"""Only compared, so it is spared becoming a datetime."""
_Shown = dict[tuple[str, str], tuple[str, str]]
"""Title and place of the occurrences made visible, by entry and original start."""


def spans_between(
    session: Session,
    vault: Vault,
    viewer: MemberInfo,
    begin: datetime,
    end: datetime,
    member_ids: Collection[str],
    faces: Faces | None = None,
) -> list[Seen]:
    """What `viewer` may see of these members between `begin` and `end` (aware), in order.

    Members of other tenants have nothing, whatever id is asked for. The session is the viewer's.
    `faces` spares opening the viewer's own entries again; colleagues' never come from there.
    """
    found = _lines(session, viewer, begin, end, member_ids)
    own = {line.entry_id: line for line in found if line.owner_id == viewer.id}
    open_ids = {
        line.entry_id
        for line in found
        if line.owner_id != viewer.id and line.visibility == "appointment"
    }
    known = _own_faces(session, vault, viewer, own, Faces(0) if faces is None else faces)
    known |= _open_faces(session, open_ids)
    shown = _shown(session, {line.entry_id for line in found if line.original_start})
    return list(_seen(viewer, found, known, shown, links_of(session, set(own))))


def _lines(
    session: Session,
    viewer: MemberInfo,
    begin: datetime,
    end: datetime,
    member_ids: Collection[str],
) -> list[_Line]:
    rows = session.execute(
        select(
            Entry.owner_id,
            Entry.id,
            Span.original_start,
            Span.start_at,
            Span.end_at,
            Span.all_day,
            Span.start_day,
            Span.end_day,
            Span.busy,
            Entry.visibility,
            Entry.origin,
            Entry.converted,
            Entry.locked,
            Entry.version,
            _STAMP,
        )
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
    return [_Line._make(row) for row in rows]


def _own_faces(
    session: Session, vault: Vault, viewer: MemberInfo, lines: dict[str, _Line], faces: Faces
) -> dict[str, Face]:
    """By entry: the faces of the viewer's own entries; opens those that are not known."""
    known = faces.known(
        Key(viewer.tenant_id, viewer.id, line.entry_id, line.version, line.stamp)
        for line in lines.values()
    )
    missing = lines.keys() - known.keys()
    if not missing:
        return known
    rows = session.execute(
        select(Entry.id, Entry.version, _STAMP, Entry.document, Entry.sealed).where(
            Entry.id.in_(missing), Entry.owner_id == viewer.id
        )
    )
    # Another request may have changed an entry since its line was read: what was opened is kept
    # as the state that it is of.
    made = {
        Key(viewer.tenant_id, viewer.id, entry_id, version, stamp): face_of(
            opened(vault, viewer.tenant_id, viewer.id, entry_id, document, sealed)
        )
        for entry_id, version, stamp, document, sealed in rows
    }
    faces.keep(made)
    return known | {key.entry_id: face for key, face in made.items()}


def _open_faces(session: Session, entry_ids: set[str]) -> dict[str, Face]:
    """By entry: the faces of colleagues' appointments. What is sealed is not even read."""
    if not entry_ids:
        return {}
    rows = session.execute(select(Entry.id, Entry.document).where(Entry.id.in_(entry_ids)))
    return {entry_id: face_of(document) for entry_id, document in rows if document is not None}


def links_of(session: Session, entry_ids: set[str]) -> dict[str, str]:
    """By entry: where the other side shows it. Web addresses only."""
    rows = session.execute(
        select(Pair.entry_id, Pair.link).where(Pair.entry_id.in_(entry_ids), Pair.link != "")
    )
    return {row[0]: row[1] for row in rows if row[1].startswith("https://")}


def _seen(
    viewer: MemberInfo,
    lines: list[_Line],
    faces: dict[str, Face],
    shown: _Shown,
    links: dict[str, str],
) -> Iterator[Seen]:
    for line in lines:
        visible = shown.get((line.entry_id, line.original_start))
        face = faces.get(line.entry_id)
        if line.owner_id == viewer.id:
            if face is not None:  # None: deleted since its line was read
                link = links.get(line.entry_id, "")
                yield _own(line, face, visible is not None, link)
        elif face is not None and not face.hides(line.original_start):
            yield _readable(line, *face.words(line.original_start), face.repeats)
        elif face is None and visible is not None:
            yield _readable(line, *visible, False)
        elif line.busy != "free":
            yield _taken(line)


def _own(line: _Line, face: Face, shown: bool, link: str) -> Seen:
    title, place = face.words(line.original_start)
    appears = shown or line.visibility == "appointment"
    reason = read_only(line.locked, face.editable, line.visibility)
    return Seen(
        owner_id=line.owner_id,
        kind="appointment" if appears else "block",
        start_at=line.start_at,
        end_at=line.end_at,
        all_day=line.all_day,
        start_day=line.start_day,
        end_day=line.end_day,
        busy=line.busy,
        title=title,
        place=place,
        repeats=face.repeats,
        own=OwnDetails(
            entry_id=line.entry_id,
            original_start=line.original_start,
            version=line.version,
            editable=not reason,
            locked=reason == "entry.locked",
            can_hide=shown or was_block(line.visibility, line.converted, line.origin),
            shown=shown,
            attendees=face.attendees,
            link=link,
        ),
    )


def _readable(line: _Line, title: str, place: str, repeats: bool) -> Seen:
    return Seen(
        owner_id=line.owner_id,
        kind="appointment",
        start_at=line.start_at,
        end_at=line.end_at,
        all_day=line.all_day,
        start_day=line.start_day,
        end_day=line.end_day,
        busy=line.busy,
        title=title,
        place=place,
        repeats=repeats,
    )


def _taken(line: _Line) -> Seen:
    return Seen(
        owner_id=line.owner_id,
        kind="block",
        start_at=line.start_at,
        end_at=line.end_at,
        all_day=line.all_day,
        start_day=line.start_day,
        end_day=line.end_day,
        busy=line.busy,
    )


def _shown(session: Session, entry_ids: set[str]) -> _Shown:
    if not entry_ids:
        return {}
    rows = session.execute(
        select(
            ShownOccurrence.entry_id, ShownOccurrence.original_start, ShownOccurrence.document
        ).where(ShownOccurrence.entry_id.in_(entry_ids))
    )
    return {
        (entry_id, start): (document.get("subject", ""), document.get("location", ""))
        for entry_id, start, document in rows
    }
