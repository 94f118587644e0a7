"""Taking over cards: looked at first, then done. Between the two, what was read lies sealed.

The content is {"cards": [{"number", "name", "error", "raw", "known", "item"}]}, `known` being
that the same person is among the member's contacts, or came earlier in the file.
"""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from andock_core.accounts import MemberInfo
from andock_core.contacts.duplicates import Known
from andock_core.contacts.store import Contacts, hits_one
from andock_core.contacts.vcard.reading import Card
from andock_core.storage.tables import Contact as Row, ContactImport
from andock_core.storage.types import new_id
from andock_core.vault import Label, Vault
from andock_sdk import Contact

KEPT_FOR = timedelta(hours=1)
SEALED = "contact_import.content"


@dataclass(frozen=True)
class Look:
    """What an import would do. Every card is in `new`, `known` or `unread`; those in `partly` are
    also taken over, though a line of theirs could not be read."""

    id: str
    new: list[Card]
    known: list[Card]
    unread: list[Card]

    @property
    def partly(self) -> list[Card]:
        """Cards of which something could not be read."""
        return [card for card in (*self.new, *self.known) if card.raw]

    def not_read(self) -> str:
        """All cards that could not be read, or not wholly, as they came."""
        return "".join(card.raw for card in (*self.unread, *self.partly))


def prepare(
    session: Session, vault: Vault, owner: MemberInfo, cards: list[Card], moment: datetime
) -> str:
    """Keep what was read until the member has looked at it; its id. One import at a time."""
    known = Known(_documents(session, owner.id))
    content = []
    for card in cards:
        line = asdict(card) | {"item": None, "known": False}
        if card.item is not None:
            line["item"] = card.item.model_dump(mode="json")
            line["known"] = known.has(card.item)
            known.add(card.item)
        content.append(line)
    session.execute(
        delete(ContactImport)
        .where(ContactImport.owner_id == owner.id)
        .execution_options(synchronize_session=False)
    )
    row_id = new_id()
    sealed = vault.seal_json(_label(owner, row_id), {"cards": content})
    session.add(
        ContactImport(
            id=row_id,
            tenant_id=owner.tenant_id,
            owner_id=owner.id,
            content=sealed,
            expires_at=moment + KEPT_FOR,
        )
    )
    session.flush()
    return row_id


def look(
    session: Session, vault: Vault, owner: MemberInfo, import_id: str, moment: datetime
) -> Look | None:
    """What the member's import would do; None when it is no longer there. May raise SealBroken."""
    row = session.scalar(
        select(ContactImport).where(
            ContactImport.id == import_id,
            ContactImport.owner_id == owner.id,
            ContactImport.expires_at > moment,
        )
    )
    if row is None:
        return None
    found = Look(row.id, [], [], [])
    for line in vault.open_json(_label(owner, row.id), row.content)["cards"]:
        known = line.pop("known")
        if line["item"] is not None:
            line["item"] = Contact.model_validate(line["item"])
        group = found.unread if line["item"] is None else found.known if known else found.new
        group.append(Card(**line))
    return found


def take_over(session: Session, owner: MemberInfo, found: Look, *, with_known: bool) -> int | None:
    """Make contacts of the cards; how many. None when the import was finished meanwhile."""
    if not forget(session, owner, found.id):
        return None
    contacts = Contacts(session, owner.tenant_id, owner.id)
    cards = [*found.new, *(found.known if with_known else ())]
    for card in sorted(cards, key=lambda each: each.number):
        if card.item is not None:
            contacts.create(card.item)
    return len(cards)


def forget(session: Session, owner: MemberInfo, import_id: str) -> bool:
    """Drop an import; whether it was there."""
    statement = delete(ContactImport).where(
        ContactImport.id == import_id, ContactImport.owner_id == owner.id
    )
    return hits_one(session, statement.execution_options(synchronize_session=False))


def _documents(session: Session, owner_id: str) -> list[Contact]:
    rows = session.scalars(
        select(Row.document).where(Row.owner_id == owner_id, Row.deleted_at.is_(None))
    )
    return [Contact.model_validate(document) for document in rows]


def _label(owner: MemberInfo, row_id: str) -> Label:
    return Label(owner.tenant_id, owner.id, SEALED, row_id)
