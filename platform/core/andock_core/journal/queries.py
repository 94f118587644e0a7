"""The lines of a journal, filtered in SQL, searched after their seals were opened.

What a line holds is sealed, so a search opens line after line. It does so in portions: a page ends
when it is full, or when so many lines were opened, and says where to go on. So 10,000 lines stay
quick, and nobody waits for a page.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, func, or_, select, tuple_
from sqlalchemy.orm import Session

from andock_core.connections import sealed
from andock_core.connections.errors import NotFound
from andock_core.connections.service import own
from andock_core.journal.lines import Line, opened
from andock_core.runs.sealing import Seals
from andock_core.storage import Collection, Connection, JournalLine, Scope
from andock_sdk import Appointment, Item, Task

if TYPE_CHECKING:
    from andock_core.core import Core

PAGE = 50
CHUNK = 200
OPENED_AT_MOST = 2_000
"""So many lines one page of a search opens."""


@dataclass(frozen=True)
class Filter:
    """Which lines. Empty: all. `actions` as in the table; `problems`: conflicts that are open, what
    was set aside, what was not taken back. `text` is looked for in what the lines hold."""

    run_id: str = ""
    collection_id: str = ""
    side: str = ""
    action: str = ""
    problems: bool = False
    since: datetime | None = None
    until: datetime | None = None
    text: str = ""

    @property
    def narrows(self) -> bool:
        """Whether it leaves anything out, the run aside."""
        return self != Filter(run_id=self.run_id)


@dataclass(frozen=True)
class LinePage:
    """Lines, and where the older ones begin; empty when there are none. `searched_to`: how far
    back a search that has not come to the end went."""

    lines: tuple[Line, ...]
    older: str = ""
    searched_to: datetime | None = None


def page(
    core: "Core",
    scope: Scope,
    connection_id: str,
    wanted: Filter,
    older: str = "",
    size: int = PAGE,
) -> LinePage:
    """Lines, newest first. Raises NotFound."""
    with core.storage.read(scope) as session:
        connection = own(session, scope, connection_id)
        seals = Seals(core.vault, connection.tenant_id, connection.owner_id)
        text = wanted.text.casefold().split()
        found: list[Line] = []
        last = older
        rows = _newest_first(session, connection_id, wanted, older, size)
        for looked, row in enumerate(rows):
            if len(found) == size:
                return LinePage(tuple(found), last)
            if looked == OPENED_AT_MOST:
                return LinePage(tuple(found), last, _read(last)[0])
            line = opened(seals, row)
            last = f"{row.at.isoformat()}~{row.id}"
            if not text or holds(line, text):
                found.append(line)
        return LinePage(tuple(found))


def line(core: "Core", scope: Scope, connection_id: str, line_id: str) -> Line:
    """One line. Raises NotFound."""
    with core.storage.read(scope) as session:
        connection = own(session, scope, connection_id)
        mine = (JournalLine.id == line_id, JournalLine.connection_id == connection_id)
        row = session.scalars(select(JournalLine).where(*mine)).one_or_none()
        if row is None:
            raise NotFound
        return opened(Seals(core.vault, connection.tenant_id, connection.owner_id), row)


def collections(core: "Core", scope: Scope, connection_id: str) -> dict[str, str]:
    """Collection id → name, of what is synchronised. Raises NotFound."""
    with core.storage.read(scope) as session:
        connection: Connection = own(session, scope, connection_id)
        rows = session.scalars(
            select(Collection)
            .where(Collection.connection_id == connection_id)
            .order_by(Collection.kind, Collection.role.desc(), Collection.id)
        )
        return {row.id: sealed.open_name(core.vault, row, connection.owner_id) for row in rows}


def open_conflicts(core: "Core", scope: Scope, connection_id: str) -> int:
    """How many conflicts the member has not looked at. Raises NotFound."""
    with core.storage.read(scope) as session:
        own(session, scope, connection_id)
        mine = (JournalLine.connection_id == connection_id, JournalLine.conflict == "open")
        return session.scalar(select(func.count(JournalLine.id)).where(*mine)) or 0


def holds(one: Line, words: list[str]) -> bool:
    """Whether a line says all of these words (in lower case), before or after."""
    said = " ".join([*_texts(one.before), *_texts(one.after), *(str(x.value) for x in one.lost)])
    lower = said.casefold()
    return all(word in lower for word in words)


def _texts(item: Item | None) -> Iterator[str]:
    if isinstance(item, Appointment):
        yield from (item.subject, item.location, item.body.content, *item.categories)
        yield from (text for one in item.overrides.values() for text in _of_override(one))
        people = [one.person for one in item.attendees]
        people += [item.organizer] if item.organizer else []
        yield from (f"{person.name} {person.email}" for person in people)
    elif isinstance(item, Task):
        yield from (item.subject, item.body.content)
    elif item is not None:
        names = (item.display_name, item.given, item.middle, item.surname, item.nickname)
        yield from (*names, item.company, item.department, item.job_title, item.notes.content)
        yield from item.phones.values()
        yield from (f"{one.name} {one.email}" for one in item.emails.values())
        yield from (f"{one.street} {one.city}" for one in item.addresses.values())


def _of_override(one: object) -> Iterator[str]:
    for name in ("subject", "location"):
        value = getattr(one, name)
        if value:
            yield value


def _newest_first(
    session: Session, connection_id: str, wanted: Filter, older: str, size: int
) -> Iterator[JournalLine]:
    chunk = CHUNK if wanted.text else size + 1
    mark = _read(older)
    conditions = tuple(_conditions(connection_id, wanted))
    while True:
        query = select(JournalLine).where(*conditions)
        if mark[1]:
            query = query.where(tuple_(JournalLine.at, JournalLine.id) < mark)
        found = session.scalars(
            query.order_by(JournalLine.at.desc(), JournalLine.id.desc()).limit(chunk)
        ).all()
        yield from found
        if len(found) < chunk:
            return
        mark = (found[-1].at, found[-1].id)
        session.expunge_all()


def _conditions(connection_id: str, wanted: Filter) -> Iterator[ColumnElement[bool]]:
    yield JournalLine.connection_id == connection_id
    for column, value in (
        (JournalLine.run_id, wanted.run_id),
        (JournalLine.collection_id, wanted.collection_id),
        (JournalLine.side, wanted.side),
        (JournalLine.action, wanted.action),
    ):
        if value:
            yield column == value
    if wanted.problems:
        yield or_(
            JournalLine.conflict == "open",
            JournalLine.action == "aside",
            JournalLine.undo.in_(("skipped", "partly")),
        )
    if wanted.since is not None:
        yield JournalLine.at >= wanted.since
    if wanted.until is not None:
        yield JournalLine.at < wanted.until


def _read(mark: str) -> tuple[datetime | None, str]:
    moment, _, row_id = mark.partition("~")
    try:
        return (datetime.fromisoformat(moment), row_id) if row_id else (None, "")
    except ValueError:
        return None, ""
