"""Links to reports: who has one reads it for a week, and may propose a server."""

from datetime import timedelta

import pytest

from andock_core import clock
from andock_core.connections import service
from andock_core.connections.errors import NotFound, TooMany
from andock_core.doctor import links
from andock_core.doctor.links import Proposal
from andock_core.doctor.reading import report_of
from andock_core.jobs.housekeeping import purge_attempts
from andock_core.storage import SYSTEM, ReportLink
from tests.doctor.clinic import EMAIL, SLUG, Clinic


def linked(clinic: Clinic) -> tuple[str, str]:
    """A connection, and the secret of a link to its report."""
    connection_id = clinic.add()
    examined = clinic.examined(connection_id, clinic.answers(password=""))
    report = report_of(clinic.core, SLUG, examined, with_names=False)
    return connection_id, links.create(clinic.core, clinic.anna, connection_id, report)


def test_whoever_has_the_link_reads_the_report(clinic: Clinic) -> None:
    """Company, steps and certificate; nothing of the person."""
    _, secret = linked(clinic)
    opened = links.read(clinic.core, secret)
    assert opened.tenant == "Musterfirma"
    assert opened.report.error == "certificate.unknown_issuer"
    assert opened.report.certificate is not None
    assert EMAIL not in opened.report.model_dump_json()


def test_the_secret_is_kept_nowhere(clinic: Clinic) -> None:
    """The table has a digest of it, which opens nothing."""
    _, secret = linked(clinic)
    with clinic.core.storage.read(SYSTEM) as session:
        (row,) = session.query(ReportLink).all()
        assert secret not in str(vars(row))
        kept = row.token
    with pytest.raises(NotFound):
        links.read(clinic.core, kept)


def test_it_ends_after_a_week(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    """Unreadable at once, and swept away with its report."""
    connection_id, secret = linked(clinic)
    later = clock.now() + links.LIFE + timedelta(seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    with pytest.raises(NotFound):
        links.read(clinic.core, secret)
    assert links.of_connection(clinic.core, clinic.anna, connection_id) == []
    purge_attempts(clinic.core.storage, later)
    with clinic.core.storage.read(SYSTEM) as session:
        assert session.query(ReportLink).count() == 0


def test_it_can_be_revoked_by_its_owner_alone(clinic: Clinic) -> None:
    """At once."""
    connection_id, secret = linked(clinic)
    (link,) = links.of_connection(clinic.core, clinic.anna, connection_id)
    with pytest.raises(NotFound):
        links.revoke(clinic.core, clinic.ben, link.id)
    links.revoke(clinic.core, clinic.anna, link.id)
    with pytest.raises(NotFound):
        links.read(clinic.core, secret)


def test_it_goes_with_the_connection(clinic: Clinic) -> None:
    """Disconnecting leaves no report behind."""
    connection_id, secret = linked(clinic)
    service.disconnect(clinic.core, clinic.anna, connection_id, keep_entries=True)
    with pytest.raises(NotFound):
        links.read(clinic.core, secret)


def test_a_proposal_lands_with_the_member(clinic: Clinic) -> None:
    """The last one counts, until it is put aside."""
    connection_id, secret = linked(clinic)
    assert links.proposed(clinic.core, clinic.anna, connection_id) is None
    links.propose(clinic.core, secret, Proposal(server="first.musterfirma.test"))
    links.propose(clinic.core, secret, Proposal(server="mail.musterfirma.test", note="Hello"))
    found = links.proposed(clinic.core, clinic.anna, connection_id)
    assert found is not None
    assert found.proposal == Proposal(server="mail.musterfirma.test", note="Hello")
    links.put_aside(clinic.core, clinic.anna, found.id)
    assert links.proposed(clinic.core, clinic.anna, connection_id) is None


def test_reading_and_answering_have_an_end(clinic: Clinic) -> None:
    """A link that got about is no endless source of work."""
    _, secret = linked(clinic)
    for _ in range(links.MOST_ANSWERED):
        links.propose(clinic.core, secret, Proposal())
    with pytest.raises(TooMany):
        links.propose(clinic.core, secret, Proposal())
    assert not links.read(clinic.core, secret).may_answer
    with clinic.core.storage.write(SYSTEM) as session:
        session.query(ReportLink).one().opened = links.MOST_OPENED
    with pytest.raises(NotFound):
        links.read(clinic.core, secret)


def test_only_ones_own_connection_gets_a_link(clinic: Clinic) -> None:
    """And no more than a handful."""
    connection_id, secret = linked(clinic)
    report = links.read(clinic.core, secret).report
    with pytest.raises(NotFound):
        links.create(clinic.core, clinic.ben, connection_id, report)
    for _ in range(links.MOST_LINKS - 1):
        links.create(clinic.core, clinic.anna, connection_id, report)
    with pytest.raises(TooMany):
        links.create(clinic.core, clinic.anna, connection_id, report)
