"""Storage: tenants do not exist for each other, times stay aware, migrations are complete."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from multiprocessing import get_context

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import StatementError

from andock_core.storage import SYSTEM, Base, Connection, Member, Scope, Storage, Tenant, migrate
from andock_core.storage.base import ScopeBroken


@pytest.fixture
def storage(database_url: str) -> Iterator[Storage]:
    storage = Storage(database_url)
    yield storage
    storage.close()


def tenant_with_member(storage: Storage, name: str) -> tuple[Scope, str]:
    with storage.write(SYSTEM) as session:
        tenant = Tenant(slug=name, name=name)
        session.add(tenant)
        session.flush()
        member = Member(tenant_id=tenant.id, email=f"{name}@x.test", name=name, password_hash="-")
        session.add(member)
        session.flush()
        return Scope(tenant.id, member.id), member.id


def test_a_select_finds_the_own_tenants_rows_alone(storage: Storage) -> None:
    first, _ = tenant_with_member(storage, "first")
    tenant_with_member(storage, "second")
    with storage.read(first) as session:
        assert [m.name for m in session.scalars(select(Member))] == ["first"]


def test_another_tenants_row_is_not_there_even_by_its_id(storage: Storage) -> None:
    first, _ = tenant_with_member(storage, "first")
    _, stranger = tenant_with_member(storage, "second")
    with storage.read(first) as session:
        assert session.get(Member, stranger) is None


def test_a_join_is_scoped_too(storage: Storage) -> None:
    first, _ = tenant_with_member(storage, "first")
    second, stranger = tenant_with_member(storage, "second")
    with storage.write(second) as session:
        session.add(Connection(tenant_id=second.tenant_id, owner_id=stranger, integration="x"))
    with storage.read(first) as session:
        query = (
            select(func.count())
            .select_from(Connection)
            .join(Member, Member.id == Connection.owner_id)
        )
        assert session.scalar(query) == 0


def test_update_and_delete_leave_other_tenants_alone(storage: Storage) -> None:
    first, _ = tenant_with_member(storage, "first")
    second, stranger = tenant_with_member(storage, "second")
    with storage.write(first) as session:
        session.execute(update(Member).values(name="changed"))
        session.execute(delete(Member).where(Member.id == stranger))
    with storage.read(second) as session:
        assert [m.name for m in session.scalars(select(Member))] == ["second"]


def test_writing_a_row_of_another_tenant_is_refused(storage: Storage) -> None:
    first, _ = tenant_with_member(storage, "first")
    second, _ = tenant_with_member(storage, "second")
    row = Member(tenant_id=second.tenant_id, email="m@x.test", name="m", password_hash="-")
    with pytest.raises(ScopeBroken), storage.write(first) as session:
        session.add(row)


def test_a_time_without_zone_is_refused(storage: Storage) -> None:
    naive = datetime(2026, 1, 1)  # noqa: DTZ001  that is the point
    with pytest.raises(StatementError, match="without zone"), storage.write(SYSTEM) as session:
        session.add(Tenant(slug="t", name="t", created_at=naive))


def test_a_time_comes_back_aware_and_in_utc(storage: Storage) -> None:
    noon = datetime(2026, 11, 24, 12, tzinfo=timezone(timedelta(hours=9)))
    with storage.write(SYSTEM) as session:
        session.add(Tenant(slug="t", name="t", created_at=noon))
    with storage.read(SYSTEM) as session:
        found = session.scalar(select(Tenant.created_at))
    assert found == noon
    assert found is not None
    assert found.tzinfo is UTC


def test_an_error_in_a_write_block_undoes_all_of_it(storage: Storage) -> None:
    class Oops(Exception):
        pass

    def write_and_fail() -> None:
        with storage.write(SYSTEM) as session:
            session.add(Tenant(slug="t", name="t"))
            session.flush()
            raise Oops

    with pytest.raises(Oops):
        write_and_fail()
    with storage.read(SYSTEM) as session:
        assert session.scalar(select(func.count()).select_from(Tenant)) == 0


def test_the_migrations_make_exactly_the_tables_that_the_code_has(storage: Storage) -> None:
    with storage.engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, Base.metadata) == []


def test_processes_that_migrate_at_once_do_not_disturb_each_other(
    empty_database_url: str,
) -> None:
    processes = [
        get_context("spawn").Process(target=migrate.upgrade, args=(empty_database_url,))
        for _ in range(2)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0]
    assert migrate.is_current(empty_database_url)
