"""What a member may see of contacts: their own, and those that colleagues shared with them.

The one place that decides it. Contacts that were deleted a moment ago are seen by nobody.
"""

import base64
import binascii
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Boolean, ColumnElement, Select, false, func, select, tuple_, union_all
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session, undefer
from sqlalchemy.sql.functions import FunctionElement

from andock_core.accounts import MemberInfo
from andock_core.contacts.naming import digits
from andock_core.contacts.store import document_of
from andock_core.contacts.texts import fold
from andock_core.storage.tables import Contact as Row, ContactShare, Member
from andock_sdk import Contact

PAGE = 60
LONGEST_QUERY = 200


class holds(FunctionElement[bool]):  # noqa: N801 - as SQL's own functions
    """Whether the one text holds the other, letter for letter. Quicker than LIKE."""

    name = "holds"
    type = Boolean()
    inherit_cache = True


@compiles(holds)
def _strpos(element: holds, compiler: Any, **options: Any) -> str:
    return f"(strpos({compiler.process(element.clauses, **options)}) > 0)"


@compiles(holds, "sqlite")
def _instr(element: holds, compiler: Any, **options: Any) -> str:
    return f"(instr({compiler.process(element.clauses, **options)}) > 0)"


class Spot(NamedTuple):
    """A place in the list, in its order."""

    letter: str
    sort_name: str
    id: str

    def encode(self) -> str:
        """For an address."""
        return base64.urlsafe_b64encode(json.dumps(self).encode()).decode().rstrip("=")

    @classmethod
    def decode(cls, text: str) -> "Spot | None":
        """The spot of an address; None when it is none."""
        try:
            padded = text.encode() + b"=" * (-len(text) % 4)
            letter, sort_name, row_id = json.loads(base64.urlsafe_b64decode(padded))
        except (ValueError, TypeError, binascii.Error, RecursionError):
            return None
        texts = (letter, sort_name, row_id)
        usable = all(isinstance(each, str) and "\x00" not in each for each in texts)
        return cls(*texts) if usable else None


@dataclass(frozen=True)
class Line:
    """A contact in the list. `document` is its JSON, without the photo. `owner` is the name of
    the colleague whose it is, empty for one's own."""

    id: str
    letter: str
    version: int
    document: dict[str, Any]
    has_photo: bool
    owner: str


@dataclass(frozen=True)
class Listed:
    """A part of the list. `next` leads on, empty at the end."""

    lines: list[Line]
    next: str


@dataclass(frozen=True)
class Seen:
    """A contact as the viewer sees it. `mine`: it may be changed; else it is `owner`'s."""

    id: str
    version: int
    item: Contact
    mine: bool
    owner: str


def listed(
    session: Session,
    viewer: MemberInfo,
    *,
    query: str = "",
    letter: str = "",
    after: str = "",
    limit: int = PAGE,
) -> Listed:
    """A part of the viewer's list: what `query` finds, from `letter` on, after the spot `after`.

    Every word of the query has to be found somewhere in the contact.
    """
    parts = [
        select(_spots(condition, query, letter, after).limit(limit + 1).subquery())
        for condition in _all(session, viewer)
    ]
    both = union_all(*parts).subquery()
    order = (both.c.letter, both.c.sort_name, both.c.id)
    found = [
        Spot(*row) for row in session.execute(select(*order).order_by(*order).limit(limit + 1))
    ]
    shown, more = found[:limit], len(found) > limit
    return Listed(
        lines=_lines(session, viewer, [spot.id for spot in shown]),
        next=shown[-1].encode() if more else "",
    )


def letters(session: Session, viewer: MemberInfo) -> dict[str, int]:
    """The groups of the viewer's list in their order, with how many contacts each has."""
    counts: dict[str, int] = {}
    for condition in _all(session, viewer):
        rows = session.execute(
            select(Row.letter, func.count()).where(condition, _here()).group_by(Row.letter)
        )
        for letter, count in rows:
            counts[letter] = counts.get(letter, 0) + count
    return dict(sorted(counts.items()))


def seen(session: Session, viewer: MemberInfo, contact_id: str) -> Seen | None:
    """A contact that the viewer may see; None when there is none for them."""
    row = _visible(session, viewer, contact_id)
    if row is None:
        return None
    mine = row.owner_id == viewer.id
    owner = "" if mine else _name(session, row.owner_id)
    return Seen(id=row.id, version=row.version, item=document_of(row), mine=mine, owner=owner)


def photo(session: Session, viewer: MemberInfo, contact_id: str) -> tuple[bytes, str] | None:
    """The photo of a contact that the viewer may see, and its media type."""
    row = _visible(session, viewer, contact_id)
    if row is None or row.photo is None:
        return None
    return row.photo, row.photo_type


def own_documents(session: Session, owner_id: str) -> Iterator[tuple[str, Contact]]:
    """All of a member's own contacts with their ids, in the list's order, a few at a time."""
    ids = session.scalars(
        select(Row.id)
        .where(Row.owner_id == owner_id, _here())
        .order_by(Row.letter, Row.sort_name, Row.id)
    ).all()
    for start in range(0, len(ids), PAGE):
        part = ids[start : start + PAGE]
        rows = session.scalars(select(Row).where(Row.id.in_(part)).options(undefer(Row.photo)))
        found = {row.id: row for row in rows}
        yield from ((each, document_of(found[each])) for each in part if each in found)
        session.expunge_all()  # the photos of all at once would be much


def _spots(
    condition: ColumnElement[bool], query: str, letter: str, after: str
) -> Select[str, str, str]:
    columns = (Row.letter, Row.sort_name, Row.id)
    statement = select(*columns).where(condition, _here()).order_by(*columns)
    for word in fold(query[:LONGEST_QUERY]).split():
        statement = statement.where(_holds(word))
    if letter and "\x00" not in letter:
        statement = statement.where(Row.letter >= letter)
    spot = Spot.decode(after) if after else None
    if spot is not None:
        statement = statement.where(tuple_(*columns) > tuple_(*spot))
    return statement


def _holds(word: str) -> ColumnElement[bool]:
    number = digits(word) if not any(char.isalpha() for char in word) else ""
    return (
        holds(Row.search, word) | holds(Row.search, number) if number else holds(Row.search, word)
    )


def _own(viewer: MemberInfo) -> ColumnElement[bool]:
    return Row.owner_id == viewer.id


def _shared(viewer: MemberInfo) -> ColumnElement[bool]:
    """Shared with the viewer, within their own tenant, whoever wrote the row."""
    shares = select(ContactShare.contact_id).where(
        ContactShare.member_id == viewer.id, ContactShare.tenant_id == viewer.tenant_id
    )
    return Row.id.in_(shares) & (Row.tenant_id == viewer.tenant_id) & (Row.owner_id != viewer.id)


def _all(session: Session, viewer: MemberInfo) -> list[ColumnElement[bool]]:
    """The viewer's own, and where there are any, those shared with them, by their ids: a join
    would make the database walk through the contacts of the whole tenant."""
    mine = ContactShare.member_id == viewer.id
    shared = session.scalars(select(ContactShare.contact_id).where(mine)).all()
    if not shared:
        return [_own(viewer)]
    ids = session.scalars(select(Row.id).where(Row.id.in_(shared), _shared(viewer))).all()
    return [_own(viewer), Row.id.in_(ids)] if ids else [_own(viewer)]


def _here() -> ColumnElement[bool]:
    return Row.deleted_at.is_(None)


def _visible(session: Session, viewer: MemberInfo, contact_id: str) -> Row | None:
    """A row, if it is the viewer's own or shared with them."""
    usable = Row.id == contact_id if "\x00" not in contact_id else false()
    return session.scalar(select(Row).where(usable, _here(), _own(viewer) | _shared(viewer)))


def _lines(session: Session, viewer: MemberInfo, ids: list[str]) -> list[Line]:
    if not ids:
        return []
    rows = session.execute(
        select(Row.id, Row.letter, Row.version, Row.document, Row.photo_type, Row.owner_id).where(
            Row.id.in_(ids)
        )
    )
    names: dict[str, str] = {viewer.id: ""}
    lines: dict[str, Line] = {}
    for row in rows:
        if row.owner_id not in names:
            names[row.owner_id] = _name(session, row.owner_id)
        lines[row.id] = Line(
            id=row.id,
            letter=row.letter,
            version=row.version,
            document=row.document,
            has_photo=bool(row.photo_type),
            owner=names[row.owner_id],
        )
    return [lines[each] for each in ids if each in lines]


def _name(session: Session, member_id: str) -> str:
    return session.scalar(select(Member.name).where(Member.id == member_id)) or ""
