"""Gives Anna something of every kind, each with a word that stands nowhere else."""

from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import update

from andock_core import notices
from andock_core.accounts import MemberInfo, links as accounts, sessions
from andock_core.clock import now
from andock_core.contacts import imports
from andock_core.contacts.store import Contacts
from andock_core.contacts.vcard import reading
from andock_core.doctor import links
from andock_core.doctor.report import Report
from andock_core.planning.calls import Calls
from andock_core.planning.tasks import Tasks
from andock_core.storage import SYSTEM, Member, TrustedCertificate
from andock_core.storage.tables import IntegrationRequest
from andock_core.storage.types import new_id
from andock_sdk import Appointment, Contact, Text
from tests.connections.world import ACCOUNT, World
from tests.support.memory_plugin import SLUG
from tests.sync.builders import slot

PRIVATE = ("Geheimnis-Termin", "Geheimnis-Ort", "Geheimnis-Kontakt", "Geheimnis-Aufgabe")
CALL, CARD = "Geheimnis-Anruf", "Geheimnis-Karte"
MARKS = (*PRIVATE, CALL, CARD, ACCOUNT)
"""What nobody but Anna may ever read."""


def furnish(world: World) -> None:
    """Everything that an address can name."""
    hidden = Appointment(when=slot(), subject=PRIVATE[0], location=PRIVATE[1])
    world.memory.put(world.calendars[0], hidden)
    connection_id = world.in_use(world.anna)
    who = (world.anna.tenant_id, world.anna.member_id)
    report = Report(made_at=now(), integration=SLUG, title=Text(en="M", de="M"), steps=())
    links.create(world.core, world.anna, connection_id, report)
    with world.core.storage.write(world.anna) as session:
        Contacts(session, *who).create(Contact(display_name=PRIVATE[2]))
        Tasks(session, *who).create(PRIVATE[3], due_day="2026-11-24", zone="Europe/Berlin")
        Calls(session, *who).create(CALL)
        notices.tell(session, *who, "request.approved", integration=SLUG)
        session.add(
            IntegrationRequest(
                id=new_id(), tenant_id=who[0], member_id=who[1], integration=SLUG, why="because"
            )
        )
        session.add(_certificate(*who))
    _invite(world)
    anna = member(world)
    cards = reading.read(f"BEGIN:VCARD\nVERSION:3.0\nFN:{CARD}\nN:;{CARD};;;\nEND:VCARD\n".encode())
    with world.core.storage.write(world.anna) as session:
        imports.prepare(session, world.core.vault, anna, cards, now())


def _invite(world: World) -> None:
    """An invitation by an admin of Anna's company, which Ben is for the moment."""
    with world.core.storage.write(SYSTEM) as session:
        session.execute(update(Member).where(Member.id == world.ben.member_id).values(role="admin"))
    accounts.invite(world.core.storage, world.ben, "neu@musterfirma.test")


def member(world: World) -> MemberInfo:
    """Anna as the pages know her."""
    found = sessions.load(world.core.storage, world.anna.member_id, 0)
    assert found is not None
    return found


def _certificate(tenant_id: str, member_id: str) -> TrustedCertificate:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mail.walk.test")])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=90))
        .sign(key, hashes.SHA256())
    )
    return TrustedCertificate(
        id=new_id(),
        tenant_id=tenant_id,
        kind="server",
        state="asked",
        host="mail.walk.test",
        port=443,
        fingerprint=made.fingerprint(hashes.SHA256()).hex(),
        pem=made.public_bytes(serialization.Encoding.PEM).decode(),
        why="certificate.unknown_issuer",
        asked_by=member_id,
        asked_at=now(),
    )
