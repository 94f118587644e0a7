"""The audit log is only ever added to, on both databases."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DatabaseError

from andock_core import audit
from andock_core.clock import now
from andock_core.jobs.housekeeping import purge_audit
from andock_core.storage import SYSTEM, AppendOnly, AuditEntry, Scope, Storage, Tenant, migrate

TENANT, OTHER = "t" * 32, "o" * 32


@pytest.fixture
def storage(database_url: str) -> Iterator[Storage]:
    """Two companies; one with an entry of today and one of three years ago."""
    opened = Storage(database_url)
    with opened.write(SYSTEM) as session:
        session.add_all(
            [Tenant(id=TENANT, slug="a", name="A"), Tenant(id=OTHER, slug="o", name="O")]
        )
        session.flush()
        audit.record(session, TENANT, "member.invited", actor_id="m", role="admin")
        old = now() - timedelta(days=3 * 365)
        session.add(AuditEntry(tenant_id=TENANT, action="keys.rotated", facts={}, at=old))
    yield opened
    opened.close()


def actions(storage: Storage) -> set[str]:
    with storage.read(SYSTEM) as session:
        return set(session.scalars(select(AuditEntry.action)))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET action = 'x'",
        "DELETE FROM audit_entry WHERE action = 'member.invited'",
        "DELETE FROM tenant",
    ],
)
def test_the_database_refuses_whoever_asks(storage: Storage, statement: str) -> None:
    with pytest.raises(DatabaseError, match="append-only"), storage.write(SYSTEM) as session:
        session.execute(text(statement))
    assert actions(storage) == {"member.invited", "keys.rotated"}


def test_replacing_an_entry_is_refused_too(sqlite_url: str) -> None:
    """SQLite's INSERT OR REPLACE deletes without asking a trigger for deletes."""
    storage = Storage(sqlite_url)
    with storage.write(SYSTEM) as session:
        session.add(Tenant(id=TENANT, slug="a", name="A"))
        session.flush()
        audit.record(session, TENANT, "member.invited")
    again = "INSERT OR REPLACE INTO audit_entry SELECT * FROM audit_entry"
    with pytest.raises(DatabaseError, match="append-only"), storage.write(SYSTEM) as session:
        session.execute(text(again))
    storage.close()


def test_the_storage_layer_refuses_before_the_database_is_asked(storage: Storage) -> None:
    with pytest.raises(AppendOnly), storage.write(SYSTEM) as session:
        session.execute(update(AuditEntry).values(action="x"))
    with pytest.raises(AppendOnly), storage.write(SYSTEM) as session:
        session.execute(delete(AuditEntry))
    with pytest.raises(AppendOnly), storage.write(SYSTEM) as session:
        session.scalars(select(AuditEntry)).first().action = "x"  # type: ignore[union-attr]
    with pytest.raises(AppendOnly), storage.write(SYSTEM) as session:
        session.delete(session.scalars(select(AuditEntry)).first())


def test_housekeeping_deletes_what_is_old_enough_and_nothing_else(storage: Storage) -> None:
    purge_audit(storage, now(), 730)
    assert actions(storage) == {"member.invited"}


def test_housekeeping_cannot_be_told_to_delete_what_is_new(storage: Storage) -> None:
    with pytest.raises(DatabaseError, match="append-only"):
        purge_audit(storage, now() + timedelta(days=1), 0)


def test_migrating_once_more_leaves_the_triggers(storage: Storage, database_url: str) -> None:
    migrate.upgrade(database_url)
    with pytest.raises(DatabaseError, match="append-only"), storage.write(SYSTEM) as session:
        session.execute(text("UPDATE audit_entry SET action = 'x'"))


def test_nobody_writes_into_another_companys_log(storage: Storage) -> None:
    with pytest.raises(Exception, match="AuditEntry"), storage.write(Scope(OTHER)) as session:
        audit.record(session, TENANT, "member.invited")


@pytest.mark.parametrize(
    "facts", [{"password": "x"}, {"title": "Dentist"}, {"token": "x"}, {"list": ["a"]}]
)
def test_what_does_not_belong_there_is_refused(storage: Storage, facts: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="does not belong"), storage.write(SYSTEM) as session:
        audit.record(session, TENANT, "member.invited", **facts)


def test_long_facts_are_cut(storage: Storage) -> None:
    with storage.write(SYSTEM) as session:
        audit.record(session, TENANT, "rule.changed", server="x" * 1000)
        session.flush()
        kept = session.scalars(select(AuditEntry).filter_by(action="rule.changed")).one()
        assert len(str(kept.facts["server"])) == 200


def test_what_concerns_everybody_is_in_every_log(storage: Storage) -> None:
    with storage.write(SYSTEM) as session:
        audit.record_everywhere(session, "keys.dropped", number=1)
    with storage.read(SYSTEM) as session:
        query = select(AuditEntry.tenant_id).filter_by(action="keys.dropped")
        assert set(session.scalars(query)) == {TENANT, OTHER}
