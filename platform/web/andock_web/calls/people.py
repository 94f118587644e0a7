"""Whom one may want to call: own contacts with a telephone number."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from andock_core.accounts import MemberInfo
from andock_core.storage.tables import Contact
from andock_sdk import Contact as ContactDocument
from andock_sdk.items import PhoneKey
from andock_web.lines import one_line

MOST = 8
SHORTEST = 2
FIRST: tuple[PhoneKey, ...] = ("mobile", "business", "home")
"""The numbers that are offered first."""


@dataclass(frozen=True)
class Suggestion:
    """A contact with one of its numbers."""

    id: str
    name: str
    number: str


def suggestions(session: Session, member: MemberInfo, typed: str) -> list[Suggestion]:
    """Own contacts that have all typed words, a line for each with the number tried first."""
    words = typed.casefold().split()[:6]
    if len("".join(words)) < SHORTEST:
        return []
    found = select(Contact).where(*_own(member), *(_has(word) for word in words))
    rows = session.scalars(found.order_by(Contact.sort_name, Contact.id).limit(MOST * 3))
    named = (_suggestion(row) for row in rows)
    return [each for each in named if each is not None][:MOST]


def own(session: Session, member: MemberInfo, contact_id: str) -> str | None:
    """That id, if it is one of the member's own contacts."""
    if not contact_id:
        return None
    found: str | None = session.scalar(
        select(Contact.id).where(Contact.id == contact_id, *_own(member))
    )
    return found


def _own(member: MemberInfo) -> tuple[ColumnElement[bool], ...]:
    return (Contact.owner_id == member.id, Contact.deleted_at.is_(None))


def _has(word: str) -> ColumnElement[bool]:
    return Contact.search.contains(word, autoescape=True)


def _suggestion(row: Contact) -> Suggestion | None:
    item = ContactDocument.model_validate(row.document)
    tried = [*FIRST, *item.phones]
    number = next((item.phones[kind] for kind in tried if kind in item.phones), "")
    if not number or not item.display_name:
        return None
    return Suggestion(row.id, one_line(item.display_name), one_line(number))
