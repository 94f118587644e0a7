"""`andock init`, `users` and `tenants`."""

import pytest

from andock_command.companies import tenant_id
from andock_command.opened import core
from andock_core import config
from andock_core.accounts import (
    EmailTaken,
    PasswordTooShort,
    administration,
    create_member,
    sign_in,
)
from andock_core.accounts.errors import LastAdmin, NoSuchMember
from andock_core.core import Core
from andock_core.storage import SYSTEM, AuditEntry, Connection, IntegrationRule, Scope, Storage
from tests.command.conftest import Run

PASSWORD = "a long enough password"


def test_the_first_admin_signs_in(run: Run, company: str, database_url: str) -> None:
    storage = Storage(database_url)
    found = sign_in(storage, company, PASSWORD)
    assert found is not None
    assert (found.role, found.tenant_name) == ("admin", "Acme")
    storage.close()


def test_a_second_init_changes_nothing(run: Run, company: str) -> None:
    words = ("init", "--company", "B", "--slug", "b", "--email", "b@b.example", "--name", "B")
    done = run(*words, "--password-stdin", input=PASSWORD)
    assert "accounts already" in str(done.exception)
    assert "b@b.example" not in run("users", "list").output


def test_a_short_password_makes_nobody(run: Run) -> None:
    words = ("init", "--company", "B", "--slug", "b", "--email", "b@b.example", "--name", "B")
    assert isinstance(run(*words, "--password-stdin", input="short\n").exception, PasswordTooShort)
    assert "b@b.example" not in run("users", "list").output


def test_what_is_no_address_is_said_in_words(run: Run) -> None:
    words = ("init", "--company", "B", "--slug", "b", "--email", "nobody", "--name", "B")
    done = run(*words, "--password-stdin", input=PASSWORD)
    assert str(done.exception) == "That is no e-mail address."


def test_a_password_is_typed_twice(run: Run, company: str) -> None:
    done = run("users", "add", "acme", "bo@acme.example", "--name", "Bo", input=f"{PASSWORD}\n" * 2)
    assert done.exit_code == 0
    assert PASSWORD not in done.output


def test_members_are_listed_with_their_company(run: Run, company: str) -> None:
    run("users", "add", "acme", "bo@acme.example", "--name", "Bo", input=f"{PASSWORD}\n" * 2)
    lines = run("users", "list", "--tenant", "acme").output.splitlines()
    assert [line.split()[1] for line in lines[1:]] == ["ada@acme.example", "bo@acme.example"]


def test_an_address_is_taken_once(run: Run, company: str) -> None:
    done = run("users", "add", "acme", company, "--name", "X", input=f"{PASSWORD}\n" * 2)
    assert isinstance(done.exception, EmailTaken)


def test_a_company_keeps_an_admin(run: Run, company: str) -> None:
    for words in (("users", "role", company, "member"), ("users", "deactivate", company)):
        assert isinstance(run(*words).exception, LastAdmin)


def test_a_deactivated_member_is_out_and_their_connections_are_gone(
    run: Run, company: str, database_url: str
) -> None:
    run("users", "add", "acme", "bo@acme.example", "--name", "Bo", input=f"{PASSWORD}\n" * 2)
    core = Core.open(config.load(), probe=False)
    member = sign_in(core.storage, "bo@acme.example", PASSWORD)
    assert member is not None
    with core.storage.write(member.scope) as session:
        session.add(
            Connection(
                tenant_id=member.tenant_id,
                owner_id=member.id,
                integration="some",
                state="active",
                grant=b"sealed",
                notebook=b"sealed",
            )
        )
    assert run("users", "deactivate", "bo@acme.example").exit_code == 0
    assert sign_in(core.storage, "bo@acme.example", PASSWORD) is None
    with core.storage.read(SYSTEM) as session:
        assert session.query(Connection).all() == []
    assert run("users", "activate", "bo@acme.example").exit_code == 0
    assert sign_in(core.storage, "bo@acme.example", PASSWORD) is not None
    core.close()


def test_a_new_password_ends_all_sessions(run: Run, company: str, database_url: str) -> None:
    storage = Storage(database_url)
    before = sign_in(storage, company, PASSWORD)
    done = run("users", "password", company, "--password-stdin", input="quite another one\n")
    assert done.exit_code == 0
    after = sign_in(storage, company, "quite another one")
    assert before is not None
    assert after is not None
    assert after.epoch == before.epoch + 1
    storage.close()


def test_companies_are_listed(run: Run, company: str) -> None:
    assert run("tenants", "add", "bolt", "--name", "Bolt GmbH").exit_code == 0
    assert [line.split()[0] for line in run("tenants", "list").output.splitlines()[1:]] == [
        "acme",
        "bolt",
    ]


def test_who_does_not_exist_is_said(run: Run, company: str) -> None:
    assert isinstance(run("users", "role", "no@body.example", "admin").exception, NoSuchMember)
    assert "no company nix" in str(run("users", "add", "nix", "a@b.c", "--name", "X").exception)


def test_an_admin_reaches_nobody_of_another_company(run: Run, company: str) -> None:
    run("tenants", "add", "bolt", "--name", "Bolt")
    core = Core.open(config.load(), probe=False)
    storage = core.storage
    bolt = next(c.id for c in administration.companies(storage) if c.slug == "bolt")
    create_member(storage, bolt, "bea@bolt.example", "Bea", PASSWORD)
    acme = next(c.id for c in administration.companies(storage) if c.slug == "acme")
    assert [a.email for a in administration.accounts_of(storage, Scope(acme))] == [company]
    with pytest.raises(NoSuchMember):
        administration.id_of(storage, Scope(acme), "bea@bolt.example")
    bea = administration.id_of(storage, SYSTEM, "bea@bolt.example")
    with pytest.raises(NoSuchMember):
        administration.deactivate(core, Scope(acme), bea)
    core.close()


def test_what_the_operator_does_is_in_the_log(run: Run, company: str, database_url: str) -> None:
    run("users", "add", "acme", "bo@acme.example", "--name", "Bo", input=f"{PASSWORD}\n" * 2)
    run("users", "role", "bo@acme.example", "admin")
    run("users", "password", "bo@acme.example", "--password-stdin", input="quite another one\n")
    run("users", "deactivate", "bo@acme.example")
    run("users", "activate", "bo@acme.example")
    run("keys", "rotate", "--drop-old")
    storage = Storage(database_url)
    with storage.read(SYSTEM) as session:
        rows = session.query(AuditEntry).order_by(AuditEntry.at)
        told = [(row.action, row.actor_id) for row in rows]
    assert told == [
        (action, "operator")
        for action in (
            *("tenant.began", "member.added", "member.role", "password.reset"),
            *("member.deactivated", "member.activated", "keys.dropped"),
        )
    ]
    storage.close()


def test_a_role_counts_for_connections_at_once(
    run: Run, company: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on the admin's page: the company's rules may say so by role."""
    monkeypatch.setattr("andock_core.host.catalog.installed", list)
    with core() as opened:
        tenant = tenant_id(opened, "acme")
        bo = create_member(opened.storage, tenant, "bo@acme.example", "Bo", PASSWORD)
        with opened.storage.write(Scope(tenant)) as session:
            session.add(
                IntegrationRule(tenant_id=tenant, integration="some", everyone="off", admins="on")
            )
            session.add(
                Connection(tenant_id=tenant, owner_id=bo, integration="some", stopped="company")
            )
    said = run("users", "role", "bo@acme.example", "admin").output
    assert "0 connections wait, 1 go on" in said
    said = run("users", "role", "bo@acme.example", "member").output
    assert "1 connections wait, 0 go on" in said
