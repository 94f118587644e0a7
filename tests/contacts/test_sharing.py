"""Who sees a contact: its owner, those it was shared with, nobody else."""

import pytest

from andock_core.contacts import sharing, viewing
from andock_core.contacts.sharing import NoSuchContact
from andock_core.storage import SYSTEM
from andock_core.storage.tables import ContactShare
from tests.calendar.builders import Office
from tests.contacts.people import add, person


def sees(office: Office, who: str, contact_id: str) -> bool:
    viewer = getattr(office, who)
    with office.storage.read(viewer.scope) as session:
        one = viewing.seen(session, viewer, contact_id) is not None
        picture = viewing.photo(session, viewer, contact_id)
        found = viewing.listed(session, viewer, query="mara").lines
        assert one == (contact_id in [line.id for line in found])
        assert one or picture is None
    return one


def share(office: Office, contact_id: str, *with_ids: str) -> None:
    with office.storage.write(office.anna.scope) as session:
        sharing.share(session, "anna", contact_id, with_ids)


def test_a_contact_is_its_owner_s_alone(office: Office) -> None:
    contact_id = add(office, office.anna, person("Mara", email="mara@example.com"))
    assert [sees(office, who, contact_id) for who in ("anna", "ben", "zoe")] == [True, False, False]


def test_a_shared_contact_is_read_and_marked_whose_it_is(office: Office) -> None:
    contact_id = add(office, office.anna, person("Mara"))
    other = add(office, office.anna, person("Mara", "Secret"))
    share(office, contact_id, "ben")
    with office.storage.read(office.ben.scope) as session:
        found = viewing.seen(session, office.ben, contact_id)
        (line,) = viewing.listed(session, office.ben).lines
    assert found is not None
    assert (found.mine, found.owner, line.owner) == (False, "Anna Krüger", "Anna Krüger")
    assert not sees(office, "ben", other)


def test_sharing_ends_when_it_is_taken_back(office: Office) -> None:
    contact_id = add(office, office.anna, person("Mara"))
    share(office, contact_id, "ben")
    share(office, contact_id)
    assert not sees(office, "ben", contact_id)


def test_nobody_of_another_tenant_can_be_shared_with(office: Office) -> None:
    contact_id = add(office, office.anna, person("Mara"))
    share(office, contact_id, "zoe", "anna", "nobody")
    with office.storage.read(SYSTEM) as session:
        assert session.query(ContactShare).count() == 0


def test_not_even_a_row_that_says_so_crosses_tenants(office: Office) -> None:
    contact_id = add(office, office.anna, person("Mara"))
    with office.storage.write(SYSTEM) as session:
        session.add(ContactShare(tenant_id="t2", contact_id=contact_id, member_id="zoe"))
        session.add(ContactShare(tenant_id="t1", contact_id=contact_id, member_id="ben"))
    assert not sees(office, "zoe", contact_id)


def test_a_reader_cannot_share_on(office: Office) -> None:
    contact_id = add(office, office.anna, person("Mara"))
    share(office, contact_id, "ben")
    with office.storage.write(office.ben.scope) as session, pytest.raises(NoSuchContact):
        sharing.share(session, "ben", contact_id, ["anna"])
    with office.storage.read(office.ben.scope) as session:
        assert sharing.shared_with(session, "ben", contact_id) == []
