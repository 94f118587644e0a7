"""Somebody leaves: their connections go on our side alone."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from andock_core.accounts import administration
from andock_core.calendar.entries import Entries
from andock_core.calendar.window import Window
from andock_core.clock import now
from andock_core.storage import SYSTEM, AuditEntry, Connection, Entry, Member
from andock_sdk import Appointment
from tests.connections.world import World
from tests.marketplace.conftest import catalog, world
from tests.marketplace.visitor import Visitor
from tests.pages.site import all_of_it
from tests.sync.builders import slot

__all__ = ["catalog", "world"]


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Nothing here depends on the kind of database."""
    return sqlite_url


def test_what_was_brought_in_goes_and_what_was_made_here_stays(world: World) -> None:
    world.memory.put(world.calendars[0], Appointment(when=slot(), subject="Dentist"))
    world.in_use(world.anna)
    who = (world.anna.tenant_id, world.anna.member_id)
    with world.core.storage.write(world.anna) as session:
        entries = Entries(session, world.core.vault, *who, Window.around(now()))
        own = Appointment(when=slot(), subject="Review")
        kept = entries.create(own, visibility="appointment", origin="andock").id
    there = world.memory.items(world.calendars[0])

    administration.deactivate(world.core, world.ben, world.anna.member_id)

    with world.core.storage.read(SYSTEM) as session:
        assert session.scalars(select(Connection)).all() == []
        assert [row.id for row in session.scalars(select(Entry))] == [kept]
        told = session.execute(
            select(AuditEntry.action, AuditEntry.actor_id, AuditEntry.subject_id).where(
                AuditEntry.actor_id == world.ben.member_id
            )
        ).all()
    assert {tuple(row) for row in told} == {
        ("member.deactivated", world.ben.member_id, world.anna.member_id),
        ("connection.removed", world.ben.member_id, world.anna.member_id),
    }
    assert world.memory.items(world.calendars[0]) == there


def test_connecting_and_leaving_are_in_the_log_without_any_content(world: World) -> None:
    world.memory.put(world.calendars[0], Appointment(when=slot(), subject="Dentist"))
    connection_id = world.in_use(world.anna)
    with world.core.storage.write(world.ben) as session:
        session.get_one(Member, world.ben.member_id).role = "admin"
    app: Flask = all_of_it(world.core)
    anna, ben = Visitor(app, world.anna), Visitor(app, world.ben)
    anna.post(f"/connections/{connection_id}/disconnect", {"entries": "remove"})
    page = ben.get("/administration/audit")
    assert "Verbunden" in page
    assert "Getrennt" in page
    assert "Dentist" not in page
    assert "anna@memory.example" not in page


def test_the_operator_is_named_as_such(world: World) -> None:
    administration.set_role(world.core.storage, SYSTEM, world.ben.member_id, "admin")
    app: Flask = all_of_it(world.core)
    client: FlaskClient = Visitor(app, world.ben).client
    page = client.get("/administration/audit?action=member").text
    assert "Betrieb (Befehlszeile)" in page
    assert "Rolle: Administration" in page
