"""What admins see of connections, and what needs a hand."""

from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest

from andock_core import clock, notices
from andock_core.connections import service
from andock_core.governance import deciding, overview, repairs
from andock_core.governance.errors import NotAdmin, Unknown
from andock_core.governance.rules import Rule
from andock_core.host import Catalog
from andock_core.storage import AuditEntry, Connection, Entry, TrustedCertificate
from andock_sdk import Appointment
from tests.connections.world import ACCOUNT, World
from tests.support.memory_plugin import SLUG
from tests.sync.builders import slot

PEM_ENDS = datetime(2036, 1, 1, tzinfo=UTC)


def test_an_admin_sees_who_and_how_it_is(world: World) -> None:
    """Neither account nor anything of what is in it."""
    world.in_use(world.anna)
    service.add(world.core, world.ben, SLUG)
    found = overview.connected(world.core, world.ben)
    assert [(one.who, one.state) for one in found.connections] == [
        ("Anna Krüger", "active"),
        ("Ben Lorenz", "begun"),
    ]
    assert (dict(found.integrations), dict(found.states)) == ({SLUG: 2}, {"active": 1, "begun": 1})
    shown = repr([asdict(one) for one in found.connections])
    assert not any(word in shown for word in (ACCOUNT, "Kalender", "Familie"))


def test_connections_are_filtered(world: World) -> None:
    """By integration and by state; a word that is none chooses all."""
    world.in_use(world.anna)
    service.add(world.core, world.ben, SLUG)

    def who(integration: str, state: str) -> list[str]:
        found = overview.connected(world.core, world.ben, integration, state)
        return [one.who for one in found.connections]

    assert who(SLUG, "begun") == ["Ben Lorenz"]
    assert who("", "attention") == []
    assert who("nonsense", "nonsense") == ["Anna Krüger", "Ben Lorenz"]


def test_only_admins_see_and_end_their_own_companys_connections(world: World) -> None:
    """A member does not, nor does anybody elsewhere."""
    theirs = service.add(world.core, world.zoe, SLUG)
    with pytest.raises(NotAdmin):
        overview.connected(world.core, world.anna)
    with pytest.raises(Unknown):
        overview.end(world.core, world.ben, theirs, keep_entries=True)
    with pytest.raises(NotAdmin):
        overview.end(world.core, world.anna, theirs, keep_entries=True)


def test_an_admin_disconnects_and_the_member_is_told(world: World) -> None:
    """The access is destroyed, what was imported stays, and the log says who did it."""
    world.memory.put(world.calendars[1], Appointment(when=slot(), subject="Dentist"))
    connection_id = world.in_use(world.anna)
    overview.end(world.core, world.ben, connection_id, keep_entries=True)
    assert world.row(connection_id) is None
    (told,) = notices.listed(world.core.storage, world.anna)
    assert (told.kind, told.facts["kept"]) == ("connection.ended", True)
    with world.core.storage.read(world.ben) as session:
        assert session.query(Entry).count() == 1
        deed = session.query(AuditEntry).filter_by(action="connection.removed").one()
        assert (deed.actor_id, deed.subject_id) == (world.ben.member_id, world.anna.member_id)


def test_whoever_has_to_reconnect_is_a_repair(world: World) -> None:
    """One for all whom the same thing happened to; with the key of what happened."""
    connection_id = world.in_use(world.anna)
    with world.core.storage.write(world.anna) as session:
        row = session.get_one(Connection, connection_id)
        row.state, row.error = "attention", "sign_in.refused"
    first, *_ = repairs.found(world.core, world.ben)
    assert (first.kind, first.severity, first.error) == ("reconnect", "stop", "sign_in.refused")
    assert (first.integration, first.people) == (SLUG, ("Anna Krüger",))


def test_a_broken_plugin_is_worse_when_somebody_uses_it(world: World) -> None:
    """Its reason is shown either way."""
    (before,) = repairs.found(world.core, world.ben)
    assert (before.kind, before.severity) == ("plugin_broken", "mind")
    assert "RuntimeError" in before.reason
    _connection(world, before.integration)
    (after,) = repairs.found(world.core, world.ben)
    assert (after.severity, after.people) == ("stop", ("Anna Krüger",))


def test_a_plugin_that_is_gone_is_a_repair(world: World) -> None:
    """As long as somebody has a connection to it."""
    _connection(world, "long-gone")
    first, *_ = repairs.found(world.core, world.ben)
    assert (first.kind, first.integration) == ("plugin_missing", "long-gone")


def test_a_secret_that_ends_soon_is_a_repair(world: World, later: Catalog) -> None:
    """The plugin said when; once it has ended it is severe."""
    world.core.catalog = later
    world.in_use(world.anna)
    (soon,) = repairs.found(world.core, world.ben)
    assert (soon.kind, soon.severity, soon.people) == ("secret", "mind", ("Anna Krüger",))
    with patch.object(repairs, "now", lambda: clock.now() + timedelta(days=6)):
        (ended,) = repairs.found(world.core, world.ben)
    assert ended == replace(soon, severity="stop")


def test_a_trusted_certificate_that_ends_is_a_repair(world: World, pem: str) -> None:
    """Fourteen days before, not fifteen."""
    row = TrustedCertificate(
        tenant_id=world.ben.tenant_id,
        kind="server",
        state="approved",
        host="mail.firma.test",
        port=443,
        fingerprint="0" * 64,
        pem=pem,
    )
    with world.core.storage.write(world.ben) as session:
        session.add(row)

    def kinds(days: int) -> list[tuple[str, str]]:
        with patch.object(repairs, "now", lambda: PEM_ENDS - timedelta(days=days)):
            found = repairs.found(world.core, world.ben)
        return [(one.severity, one.subject) for one in found if one.kind == "certificate"]

    assert kinds(15) == []
    assert kinds(13) == [("mind", "mail.firma.test")]
    assert kinds(-1) == [("stop", "mail.firma.test")]


def test_a_member_whom_something_is_off_for_is_no_repair(world: World) -> None:
    """That was decided, nobody has to mend it."""
    world.in_use(world.anna)
    deciding.decide(world.core, world.ben, SLUG, Rule("off"))
    assert [one.kind for one in repairs.found(world.core, world.ben)] == ["plugin_broken"]


@pytest.fixture(scope="session")
def pem() -> str:
    """A certificate that ends at `PEM_ENDS`."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.firma.test")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(PEM_ENDS - timedelta(days=365))
        .not_valid_after(PEM_ENDS)
        .sign(key, hashes.SHA256())
    )
    return made.public_bytes(Encoding.PEM).decode()


def _connection(world: World, slug: str) -> None:
    with world.core.storage.write(world.anna) as session:
        session.add(
            Connection(
                tenant_id=world.anna.tenant_id,
                owner_id=world.anna.member_id,
                integration=slug,
                state="active",
            )
        )
