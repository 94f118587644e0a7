"""Contacts that their owner lets single colleagues read."""

from collections.abc import Collection

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from andock_core.accounts import Colleague, colleagues
from andock_core.storage.tables import Contact, ContactShare, Member


class NoSuchContact(Exception):
    """The member owns no such contact."""


def shared_with(session: Session, owner_id: str, contact_id: str) -> list[Colleague]:
    """Who may read the member's own contact, by name."""
    readers = set(
        session.scalars(
            select(ContactShare.member_id)
            .join(Contact, Contact.id == ContactShare.contact_id)
            .where(Contact.id == contact_id, Contact.owner_id == owner_id)
        )
    )
    return [each for each in colleagues(session) if each.id in readers]


def share(session: Session, owner_id: str, contact_id: str, with_ids: Collection[str]) -> None:
    """Let exactly these colleagues read the member's own contact. Raises NoSuchContact.

    Ids of strangers, of members of other tenants and of the owner are passed over.
    """
    found = session.scalar(
        select(Contact).where(
            Contact.id == contact_id, Contact.owner_id == owner_id, Contact.deleted_at.is_(None)
        )
    )
    if found is None:
        raise NoSuchContact
    wanted = set(
        session.scalars(
            select(Member.id).where(
                Member.id.in_([each for each in with_ids if each.isalnum()]),
                Member.tenant_id == found.tenant_id,
                Member.id != owner_id,
                Member.active,
            )
        )
    )
    session.execute(
        delete(ContactShare)
        .where(ContactShare.contact_id == contact_id)
        .execution_options(synchronize_session=False)
    )
    for member_id in sorted(wanted):
        session.add(
            ContactShare(tenant_id=found.tenant_id, contact_id=contact_id, member_id=member_id)
        )
    session.flush()
