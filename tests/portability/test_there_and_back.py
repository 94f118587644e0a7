"""A company's data, taken out and brought in elsewhere."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from andock_core import audit, clock, config
from andock_core.accounts import create_member, create_tenant, sign_in
from andock_core.calendar import convert
from andock_core.calendar.entries import Entries
from andock_core.calendar.expand import expansion
from andock_core.calendar.window import Window
from andock_core.contacts.sharing import share
from andock_core.contacts.store import Contacts
from andock_core.core import Core
from andock_core.portability.bringing_in import Refused, bring_in
from andock_core.portability.records import AuditRecord, Record
from andock_core.portability.taking_out import records
from andock_core.storage import (
    SYSTEM,
    AuditEntry,
    Connection,
    Entry,
    IntegrationRequest,
    IntegrationRule,
    Member,
    NamedRule,
    Scope,
    Task,
    Tenant,
)
from andock_sdk import Appointment, Contact
from tests.support.cheap import cheap_passwords
from tests.sync.builders import slot

PASSWORD = "a long enough password"
PRIVATE = "dentist, again"


@pytest.fixture
def core(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Core]:
    """A core with a company: Anna with a private series (one date shown), an appointment, a
    contact shared with Bert, a task; and a connection."""
    cheap_passwords(monkeypatch)
    environment = {"ANDOCK_HOME": str(tmp_path / "home"), "DATABASE_URL": database_url}
    opened = Core.open(config.load(environment), probe=False)
    tenant = create_tenant(opened.storage, "acme", "Acme")
    anna = create_member(opened.storage, tenant, "anna@acme.example", "Anna", PASSWORD, "admin")
    bert = create_member(opened.storage, tenant, "bert@acme.example", "Bert", PASSWORD)
    with opened.storage.write(Scope(tenant, anna)) as session:
        entries = Entries(session, opened.vault, tenant, anna, Window.around(clock.now()))
        entries.create(
            Appointment(when=slot(), subject="Review"), visibility="appointment", origin="andock"
        )
        series = Appointment(when=slot(), subject=PRIVATE, recurrence="FREQ=DAILY;COUNT=3")
        block = entries.create(series, visibility="block", origin="remote")
        convert.show(
            *(session, entries, block),
            expected_version=1,
            original_start=_first_date(series),
            agreed=True,
        )
        person = Contacts(session, tenant, anna).create(Contact(display_name="Mara"))
        share(session, anna, person.id, [bert])
        session.add(Task(tenant_id=tenant, owner_id=anna, title="Call the bank"))
        session.add(IntegrationRule(tenant_id=tenant, integration="some", everyone="request"))
        session.add(NamedRule(tenant_id=tenant, member_id=bert, integration="some", state="off"))
        session.add(
            IntegrationRequest(
                tenant_id=tenant,
                member_id=bert,
                integration="some",
                state="declined",
                why="for the quay",
                decided_by=anna,
                decided_at=clock.now(),
            )
        )
        audit.record(session, tenant, "member.role", actor_id=anna, subject_id=bert, role="admin")
        audit.record(session, tenant, "session.ended", actor_id=anna, subject_id=anna)
        session.add(
            Connection(tenant_id=tenant, owner_id=anna, integration="some", grant=b"secret-grant")
        )
    yield opened
    opened.close()


def tenant_of(core: Core, slug: str = "acme") -> str:
    with core.storage.read(SYSTEM) as session:
        return session.scalars(select(Tenant.id).where(Tenant.slug == slug)).one()


def lines_of(core: Core, tenant_id: str, only: str = "") -> list[str]:
    return [record.model_dump_json() for record in records(core, tenant_id, only)]


def content(found: list[Record]) -> list[tuple[str, ...]]:
    """What an export says, without ids and times, in an order of its own."""
    said = []
    for record in found:
        value = record.model_dump(mode="json")
        for name in ("id", "owner", "made_at", "contact_id", "shared_with", "slug", "decided_by"):
            value.pop(name, None)
        if value["kind"] not in ("connection", "member", "audit"):
            said.append((value["kind"], json.dumps(value, sort_keys=True)))
    return sorted(said)


def test_what_comes_in_is_what_went_out(core: Core) -> None:
    before = list(records(core, tenant_of(core)))
    lines = [record.model_dump_json() for record in before]
    _rename_members(core)
    brought = bring_in(core, lines, "second")
    assert content(list(records(core, brought.tenant_id))) == content(before)
    assert brought.counts["entry"] == 2


def test_a_block_is_sealed_again_for_its_new_owner(core: Core) -> None:
    lines = lines_of(core, tenant_of(core))
    _rename_members(core)
    brought = bring_in(core, lines, "second")
    with core.storage.read(Scope(brought.tenant_id)) as session:
        block = session.scalars(select(Entry).where(Entry.visibility == "block")).one()
        assert block.document is None
        assert PRIVATE.encode() not in (block.sealed or b"")


def test_the_audit_log_goes_out_and_stays_out(core: Core) -> None:
    """Readable with the members' ids; another installation's log is its own. One who is taken out
    alone gets what they did and what was done to them."""
    tenant = tenant_of(core)
    with core.storage.read(SYSTEM) as session:
        bert = session.scalars(select(Member.id).where(Member.name == "Bert")).one()
    told = [one for one in records(core, tenant) if isinstance(one, AuditRecord)]
    assert [one.action for one in told][-2:] == ["member.role", "session.ended"]
    own = [one for one in records(core, tenant, bert) if isinstance(one, AuditRecord)]
    assert [(one.action, one.subject) for one in own] == [
        ("member.added", bert),
        ("member.role", bert),
    ]
    lines = lines_of(core, tenant)
    _rename_members(core)
    brought = bring_in(core, lines, "second")
    assert "audit" not in brought.counts
    with core.storage.read(Scope(brought.tenant_id)) as session:
        assert session.scalars(select(AuditEntry.action)).all() == ["data.imported"]


def test_requests_are_brought_in_with_who_answered(core: Core) -> None:
    """The new ids of the same people."""
    lines = lines_of(core, tenant_of(core))
    _rename_members(core)
    brought = bring_in(core, lines, "second")
    with core.storage.read(Scope(brought.tenant_id)) as session:
        asked = session.scalars(select(IntegrationRequest)).one()
        names = {row.id: row.name for row in session.scalars(select(Member))}
        assert (names[asked.member_id], names[asked.decided_by or ""]) == ("Bert", "Anna")


def test_no_secret_is_in_an_export(core: Core) -> None:
    text = "\n".join(lines_of(core, tenant_of(core)))
    with core.storage.read(SYSTEM) as session:
        hashes = session.scalars(select(Member.password_hash)).all()
    assert "secret-grant" not in text
    assert not any(one in text for one in hashes)


def test_nobody_signs_in_before_a_new_password(core: Core) -> None:
    lines = lines_of(core, tenant_of(core))
    _rename_members(core)
    bring_in(core, lines, "second")
    assert sign_in(core.storage, "anna@acme.example", PASSWORD) is None


def test_one_member_s_data_has_nobody_else_s(core: Core) -> None:
    with core.storage.read(SYSTEM) as session:
        bert = session.scalars(select(Member.id).where(Member.name == "Bert")).one()
    text = "\n".join(lines_of(core, tenant_of(core), bert))
    assert "Bert" in text
    assert not any(word in text for word in ("Anna", "Review", PRIVATE, "Mara"))


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (lambda lines: lines[1:], "header"),
        (lambda lines: [lines[0], *lines[2:]], "company comes first"),
        (lambda lines: lines[:1], "no company"),
        (lambda lines: [*lines, "{"], r"line \d+: "),
        (lambda lines: [*lines, '{"kind": "spell"}'], r"line \d+: "),
        (lambda lines: [lines[0].replace('"format":1', '"format":2'), *lines[1:]], "format 2"),
        (lambda lines: [*lines, lines[1]], "two companies"),
    ],
)
def test_a_file_that_is_not_right_changes_nothing(
    core: Core, damage: Callable[[list[str]], list[str]], says: str
) -> None:
    lines = lines_of(core, tenant_of(core))
    _rename_members(core)
    with pytest.raises(Refused, match=says):
        bring_in(core, damage(lines), "second")
    with core.storage.read(SYSTEM) as session:
        assert session.scalar(select(func.count(Tenant.id))) == 1


def test_an_address_that_is_in_use_is_said(core: Core) -> None:
    with pytest.raises(Refused, match="in use here"):
        bring_in(core, lines_of(core, tenant_of(core)), "second")


def test_a_short_name_that_is_taken_is_said(core: Core) -> None:
    with pytest.raises(Refused, match="a company acme already"):
        bring_in(core, lines_of(core, tenant_of(core)))


def _rename_members(core: Core) -> None:
    with core.storage.write(SYSTEM) as session:
        for member in session.scalars(select(Member)):
            member.email = f"old-{member.email}"


def _first_date(series: Appointment) -> str:
    window = Window.around(clock.now())
    return expansion(series, window.begin, window.end).intervals[0].original_start
