"""Certificates that a company trusts: asked for by a member, decided by its admin."""

from dataclasses import replace
from pathlib import Path

import pytest

from andock_core.connections import service
from andock_core.connections.status import AttemptStatus
from andock_core.egress import GuardedEgress
from andock_core.storage import Scope
from andock_core.trust import service as trust
from andock_core.trust.errors import NoCertificate, NotAdmin, TrustRefused
from andock_core.trust.loading import load
from andock_core.trust.service import Shown
from andock_sandbox import tls as sandbox_tls
from andock_sandbox.server import SandboxServer
from andock_sdk import Answers
from tests.doctor.clinic import Clinic


def shown(clinic: Clinic) -> tuple[str, Shown]:
    """A connection whose test failed on the certificate, and what the server showed."""
    connection_id = clinic.add()
    tested = clinic.tested(connection_id)
    assert tested.error == "certificate.unknown_issuer"
    assert tested.shown is not None
    return connection_id, tested.shown


def approved(clinic: Clinic, certificate: Shown) -> str:
    """Anna asks, Ben approves; the id of it."""
    assert trust.ask(clinic.core, clinic.anna, certificate) == "asked"
    open_question, *_ = trust.known(clinic.core, clinic.ben)
    trust.decide(clinic.core, clinic.ben, open_question.id, approve=True, word="From our IT")
    return open_question.id


def good(tested: AttemptStatus) -> bool:
    """Whether the test got through to the mailbox."""
    return (tested.error, bool(tested.account)) == ("", True)


def test_what_is_approved_is_trusted(both: Clinic) -> None:
    """The member sees the certificate, asks, the admin says yes, and the same test goes well."""
    connection_id, certificate = shown(both)
    assert (certificate.host, certificate.port) == ("localhost", both.server.port)
    assert "Andock sandbox CA" in certificate.certificate.issuer
    assert both.box.sign_ins == []
    trust.ask(both.core, both.anna, certificate)
    assert both.tested(connection_id).error == "certificate.unknown_issuer"
    (question,) = trust.known(both.core, both.ben)
    assert (question.state, question.asked_by) == ("asked", "Anna Krüger")
    trust.decide(both.core, both.ben, question.id, approve=True, word="From our IT")
    assert trust.state_of(both.core, both.anna, certificate) == ("approved", "From our IT")
    assert good(both.tested(connection_id))


def test_what_is_removed_is_trusted_no_longer(clinic: Clinic) -> None:
    """From the next connection on."""
    connection_id, certificate = shown(clinic)
    row_id = approved(clinic, certificate)
    trust.remove(clinic.core, clinic.ben, row_id)
    assert clinic.tested(connection_id).error == "certificate.unknown_issuer"


def test_what_is_declined_stays_refused_and_may_be_asked_again(clinic: Clinic) -> None:
    """With the admin's word for the member."""
    connection_id, certificate = shown(clinic)
    trust.ask(clinic.core, clinic.anna, certificate)
    (question,) = trust.known(clinic.core, clinic.ben)
    trust.decide(clinic.core, clinic.ben, question.id, approve=False, word="Not ours")
    assert trust.state_of(clinic.core, clinic.anna, certificate) == ("declined", "Not ours")
    assert clinic.tested(connection_id).error == "certificate.unknown_issuer"
    assert trust.ask(clinic.core, clinic.anna, certificate) == "asked"
    assert len(trust.known(clinic.core, clinic.ben)) == 1


@pytest.mark.parametrize("who", ["anna", "zoe"])
def test_only_the_companys_own_admin_decides(clinic: Clinic, who: str) -> None:
    """Neither the member who asks nor an admin of another company."""
    _, certificate = shown(clinic)
    trust.ask(clinic.core, clinic.anna, certificate)
    (question,) = trust.known(clinic.core, clinic.ben)
    scope: Scope = getattr(clinic, who)
    with pytest.raises((NotAdmin, NoCertificate)):
        trust.decide(clinic.core, scope, question.id, approve=True)
    with pytest.raises((NotAdmin, NoCertificate)):
        trust.remove(clinic.core, scope, question.id)
    assert [one.state for one in trust.known(clinic.core, clinic.ben)] == ["asked"]
    assert trust.state_of(clinic.core, clinic.zoe, certificate) == ("", "")


def test_another_company_does_not_trust_it(both: Clinic) -> None:
    """What one company approves says nothing to the next."""
    _, certificate = shown(both)
    approved(both, certificate)
    connection_id = both.add(both.zoe)
    assert both.tested(connection_id, both.zoe).error == "certificate.unknown_issuer"
    assert trust.known(both.core, both.zoe) == []


def test_another_host_or_port_is_not_trusted_by_it(clinic: Clinic) -> None:
    """Even with the very same certificate."""
    connection_id, certificate = shown(clinic)
    approved(clinic, certificate)
    numeric = f"127.0.0.1:{clinic.server.port}"
    assert clinic.tested(connection_id, server=numeric).error == "certificate.unknown_issuer"
    trusted = load(clinic.core.storage, clinic.anna.tenant_id)
    assert set(trusted.approved) == {("localhost", clinic.server.port)}


def test_a_changed_certificate_is_refused_and_says_so(clinic: Clinic, tmp_path: Path) -> None:
    """Also one that its authority signed anew. The new one can be asked for."""
    connection_id, certificate = shown(clinic)
    approved(clinic, certificate)
    renew(clinic, tmp_path)
    tested = clinic.tested(connection_id)
    assert tested.error == "certificate.changed"
    assert clinic.box.sign_ins == []
    assert tested.shown is not None
    assert tested.shown.certificate.fingerprint != certificate.certificate.fingerprint
    approved(clinic, tested.shown)
    assert good(clinic.tested(connection_id))


def test_a_run_that_meets_a_changed_certificate_needs_attention(
    clinic: Clinic, tmp_path: Path
) -> None:
    """The connection stops and says which; the stored password went nowhere."""
    connection_id, certificate = shown(clinic)
    approved(clinic, certificate)
    assert good(clinic.tested(connection_id))
    answers: Answers = {"calendar_on": True, "calendar": clinic.mailbox.calendar, "imports": []}
    service.save_settings(clinic.core, clinic.anna, connection_id, answers)
    clinic.world.work()
    clinic.world.agreed(clinic.anna, connection_id)
    assert clinic.world.row(connection_id).state == "active"
    renew(clinic, tmp_path)
    before = len(clinic.box.sign_ins)
    service.request_sync(clinic.core, clinic.anna, connection_id)
    clinic.world.work()
    row = clinic.world.row(connection_id)
    assert (row.state, row.error) == ("attention", "certificate.changed")
    assert len(clinic.box.sign_ins) == before


def renew(clinic: Clinic, home: Path) -> None:
    """The server comes back with another certificate, on the same port."""
    port = clinic.server.port
    clinic.server.stop()
    for old in (home / "tls").glob("server.*"):
        old.unlink()
    clinic.server = SandboxServer(
        clinic.box, tls_home=home / "tls", names=("mail.musterfirma.test",), port=port
    ).start()


def test_the_companys_own_authority_is_trusted(clinic: Clinic) -> None:
    """Uploaded once, for all its servers; another company still refuses."""
    ca = clinic.server.ca_file.read_bytes()
    assert trust.upload(clinic.core, clinic.ben, ca) == 1
    assert good(clinic.tested(clinic.add()))
    other = clinic.tested(clinic.add(clinic.zoe), clinic.zoe)
    assert other.error == "certificate.unknown_issuer"


@pytest.mark.parametrize(("domain", "works"), [("localhost.test", False), ("", True)])
def test_an_authority_counts_for_its_domain_alone(clinic: Clinic, domain: str, works: bool) -> None:
    """A company's authority cannot vouch for strangers' servers."""
    trust.upload(clinic.core, clinic.ben, clinic.server.ca_file.read_bytes(), domain)
    assert good(clinic.tested(clinic.add())) is works


def test_an_authority_covers_the_hosts_below_its_domain(clinic: Clinic) -> None:
    """And not one that merely ends alike."""
    trust.upload(clinic.core, clinic.ben, clinic.server.ca_file.read_bytes(), "firma.test")
    found = load(clinic.core.storage, clinic.ben.tenant_id)
    egress = GuardedEgress(clinic.core.settings, trust=lambda: found)
    plain = len(GuardedEgress(clinic.core.settings).tls("firma.test", 443).get_ca_certs())
    assert len(egress.tls("mail.firma.test", 443).get_ca_certs()) == plain + 1
    assert len(egress.tls("boesefirma.test", 443).get_ca_certs()) == plain


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (b"", "authority.unreadable"),
        (b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "authority.unreadable"),
        (b"x" * 70_000, "authority.too_large"),
        (b"-----BEGIN PRIVATE KEY-----\n", "authority.private_key"),
    ],
)
def test_what_is_no_authority_is_refused(clinic: Clinic, data: bytes, key: str) -> None:
    """Nothing is kept of it."""
    with pytest.raises(TrustRefused) as refused:
        trust.upload(clinic.core, clinic.ben, data)
    assert refused.value.key == key
    assert trust.known(clinic.core, clinic.ben) == []


def test_a_servers_certificate_is_no_authority(clinic: Clinic, tmp_path: Path) -> None:
    """It may not sign others; it is for the pages of certificates of servers."""
    files = sandbox_tls.ensure(tmp_path / "tls", ("mail.musterfirma.test",))
    with pytest.raises(TrustRefused) as refused:
        trust.upload(clinic.core, clinic.ben, files.certificate.read_bytes())
    assert refused.value.key == "authority.not_authority"


def test_an_expired_certificate_cannot_be_asked_for(clinic: Clinic) -> None:
    """Its time is over, whoever approves it."""
    _, certificate = shown(clinic)
    late = replace(certificate, why="certificate.expired")
    with pytest.raises(NoCertificate):
        trust.ask(clinic.core, clinic.anna, late)


def test_an_approved_certificate_that_expires_is_refused(clinic: Clinic) -> None:
    """Approval never switches off the dates."""
    connection_id = clinic.add()
    clinic.server.behave(certificate="expired")
    tested = clinic.tested(connection_id)
    assert tested.shown is not None
    approved(clinic, replace(tested.shown, why="certificate.changed"))
    assert clinic.tested(connection_id).error == "certificate.expired"


def test_a_certificate_of_another_name_can_be_approved(clinic: Clinic) -> None:
    """For the host and port at which it was shown; the name says nothing more then."""
    clinic.server.behave(certificate="wrong-name")
    clinic.trusting()
    connection_id = clinic.add()
    tested = clinic.tested(connection_id)
    assert tested.error == "certificate.wrong_name"
    assert tested.shown is not None
    assert tested.shown.certificate.names == ("mail.musterfirma.test",)
    approved(clinic, tested.shown)
    assert good(clinic.tested(connection_id))
