"""What members and admins decide is in the log, wherever it is decided."""

import pytest
from sqlalchemy import select

from andock_core.journal import held
from andock_core.storage import AuditEntry, Entry, Member, TrustedCertificate
from andock_core.storage.types import new_id
from andock_core.trust import service as trust
from tests.connections.world import World
from tests.journal.scene import filled
from tests.marketplace.conftest import catalog, world
from tests.marketplace.visitor import Visitor
from tests.pages.site import all_of_it

__all__ = ["catalog", "world"]


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Nothing here depends on the kind of database."""
    return sqlite_url


def told(world: World) -> set[tuple[str, str]]:
    with world.core.storage.read(world.anna) as session:
        rows = session.execute(select(AuditEntry.action, AuditEntry.actor_id))
        return {(row.action, row.actor_id) for row in rows}


def test_converting_undoing_and_answering_are_in_the_log(world: World) -> None:
    scene = filled(world)
    held.pause(world.core, world.anna, scene.connection_id)
    held.decide(world.core, world.anna, scene.connection_id, "here", "restore")
    held.resume(world.core, world.anna, scene.connection_id)
    with world.core.storage.read(world.anna) as session:
        block = session.scalars(select(Entry).filter_by(visibility="block")).first()
        assert block is not None
        entry_id, version = block.id, block.version
    visitor = Visitor(all_of_it(world.core), world.anna)
    token = visitor.get("/calendar/").partition('name="csrf-token" content="')[2].partition('"')[0]
    headers = {"X-CSRFToken": token, "Accept": "application/json"}
    for act in ("show", "hide"):
        path = f"/calendar/entries/{entry_id}/{act}"
        body = {"version": version, "agreed": True, "at": "", "scope": "series"}
        answer = visitor.client.post(path, json=body, headers=headers)
        assert answer.status_code == 200, answer.text
        version = answer.get_json()["version"]
    anna = world.anna.member_id
    actions = {action for action, actor in told(world) if actor == anna}
    assert {
        *("connection.added", "connection.paused", "connection.resumed"),
        *("run.undone", "run.answered", "block.converted", "block.reversed"),
    } <= actions


def test_what_is_decided_about_certificates_is_in_the_log(world: World) -> None:
    with world.core.storage.write(world.ben) as session:
        session.get_one(Member, world.ben.member_id).role = "admin"
        asked = new_id()
        row = TrustedCertificate(id=asked, kind="server", host="mail.test", port=443, pem="")
        row.tenant_id, row.fingerprint = world.ben.tenant_id, "f" * 64
        session.add(row)
    trust.decide(world.core, world.ben, asked, approve=False)
    trust.decide(world.core, world.ben, asked, approve=True)
    trust.remove(world.core, world.ben, asked)
    assert told(world) == {
        (f"certificate.{what}", world.ben.member_id) for what in ("declined", "approved", "removed")
    }
