"""The doctor's steps against the sandbox: how far they go, what they say, and what they leave."""

import pytest

from andock_exchange_calendar import integration
from andock_exchange_calendar.config import MESSAGES
from andock_sandbox import Mailbox, Sandbox
from andock_sandbox.server import SandboxServer
from andock_sdk import Diagnosis, Grant
from tests.exchange_calendar.surroundings import (
    EMAIL,
    PASSWORD,
    PlainFactory,
    Steps,
    Surroundings,
    appointment,
    connector_for,
    grant_for,
    page,
)

ORDER = [
    *("dns", "search", "tcp", "tls", "offer"),
    *("sign_in", "mailbox", "calendars", "contacts", "throttling"),
]


def diagnose(
    context: Surroundings, grant: Grant, *, write_probe: bool = False
) -> tuple[Diagnosis, Steps]:
    """How it ended, and its steps. Errors have words, no step spins on, none tells the password."""
    steps = Steps()
    ended = integration().diagnose(context, grant, steps, write_probe)
    assert not ended.error or ended.error in MESSAGES
    assert not {"running", "waiting"} & set(steps.last().values())
    assert PASSWORD not in str(list(steps))
    return ended, steps


def test_a_healthy_connection_passes_every_step(
    context: Surroundings, server: SandboxServer
) -> None:
    """Each says what was tried, what it means and how long it took."""
    context.egress.name("autodiscover.musterfirma.test", server)
    ended, steps = diagnose(context, grant_for(server.ews_url))
    assert ended == Diagnosis()
    assert list(steps.last().items()) == [(key, "done") for key in ORDER]
    final = [step for step in steps if step.state == "done"]
    assert all(s.tried and s.means and s.milliseconds is not None for s in final)
    text = steps.text()
    for word in ("127.0.0.1", "SHA-256", "Exchange Server 2019", "ntlm", "1 found"):
        assert word in text


def test_nothing_is_written_unless_the_member_agrees(
    context: Surroundings, server: SandboxServer, anna: Mailbox
) -> None:
    """A probe that was not asked for is no step at all, and the calendar stays as it is."""
    before = len(anna.events())
    _, steps = diagnose(context, grant_for(server.ews_url))
    assert "probe" not in steps.last()
    assert len(anna.events()) == before


def test_the_probe_is_written_and_gone(
    context: Surroundings, server: SandboxServer, anna: Mailbox, box: Sandbox
) -> None:
    """Created, deleted for good, nobody told."""
    before = len(anna.events())
    ended, steps = diagnose(context, grant_for(server.ews_url), write_probe=True)
    assert (ended.error, steps.last()["probe"]) == ("", "done")
    assert len(anna.events()) == before
    assert box.outbox == []


def test_a_probe_whose_answer_is_lost_is_found_and_removed(
    context: Surroundings, server: SandboxServer, anna: Mailbox, box: Sandbox
) -> None:
    """The entry exists although the server seemed to break off."""
    before = len(anna.events())
    box.fail_next("CreateItem", "lost-answer")
    ended, steps = diagnose(context, grant_for(server.ews_url), write_probe=True)
    assert (ended.error, steps.last()["probe"]) == ("", "done")
    assert len(anna.events()) == before


def test_no_entry_is_looked_into(context: Surroundings, server: SandboxServer) -> None:
    """What the calendar holds stands nowhere in the steps."""
    held = connector_for(context, server)
    (calendar, *_) = held.collections()
    held.create(calendar.ref, appointment(subject="Kündigung Krause"), "op-1")
    held.close()
    _, steps = diagnose(context, grant_for(server.ews_url))
    assert "Krause" not in str(list(steps))


def test_a_wrong_password_is_tried_once(
    context: Surroundings, server: SandboxServer, box: Sandbox
) -> None:
    """What needs a sign-in is skipped, and says so."""
    ended, steps = diagnose(context, grant_for(server.ews_url, password="falsch"))
    assert ended.error == "sign_in.refused"
    assert [sign_in.ok for sign_in in box.sign_ins] == [False]
    assert [steps.last()[key] for key in ORDER[5:]] == ["failed", *["skipped"] * 4]


def test_without_a_password_nobody_signs_in(
    context: Surroundings, server: SandboxServer, box: Sandbox
) -> None:
    """Everything before the sign-in is examined all the same."""
    ended, steps = diagnose(context, grant_for(server.ews_url, password=""))
    assert ended.error == ""
    assert box.sign_ins == []
    assert steps.last()["offer"] == "done"
    assert steps.last()["sign_in"] == "skipped"


def test_an_expired_certificate_ends_it_before_any_sign_in(
    context: Surroundings, serve_expired: SandboxServer, box: Sandbox
) -> None:
    """The certificate's dates are shown although it is not trusted."""
    ended, steps = diagnose(context, grant_for(serve_expired.ews_url))
    assert ended.error == "certificate.expired"
    tls = next(step for step in steps if step.key == "tls" and step.state == "failed")
    assert tls.detail
    assert "SHA-256" in tls.detail.en
    assert tls.advice
    assert box.sign_ins == []


def test_an_unknown_name_ends_it_at_dns(context: Surroundings) -> None:
    """There is no way to nowhere."""
    ended, steps = diagnose(context, grant_for("https://nirgends.test/EWS/Exchange.asmx"))
    assert ended.error == "server.unknown_host"
    assert steps.last()["dns"] == "failed"
    assert steps.last()["tcp"] == "skipped"


def test_what_the_operator_rules_out_is_not_called(context: Surroundings) -> None:
    """The policy's refusal is told at the name."""
    context.egress.refused.add("intern.test")
    ended, _ = diagnose(context, grant_for("https://intern.test/EWS/Exchange.asmx"))
    assert ended.error == "egress.refused"
    assert ("intern.test", 443) not in context.egress.connected


def test_without_a_server_the_search_names_it(context: Surroundings, server: SandboxServer) -> None:
    """The domain's own host is taken and examined."""
    context.egress.name("autodiscover.musterfirma.test", server)
    ended, steps = diagnose(context, grant_for("", password=""))
    assert ended.error == ""
    assert steps.last()["tls"] == "done"


def test_a_host_of_another_domain_is_named_and_not_called(
    context: Surroundings, plain: PlainFactory
) -> None:
    """It is for the member to say yes first."""
    foreign = plain(page("401 Unauthorized", "", "WWW-Authenticate: Basic realm=x"))
    context.egress.hosts["mail.hoster.test", 443] = ("127.0.0.1", foreign.port)
    context.egress.srv_records["_autodiscover._tcp.musterfirma.test"] = [("mail.hoster.test", 443)]
    ended, _ = diagnose(context, grant_for(""))
    assert (ended.error, ended.confirm) == ("search.other_domain", "mail.hoster.test")
    assert foreign.received == []


def test_a_redirect_names_where_it_leads(context: Surroundings, plain: PlainFactory) -> None:
    """And nothing is sent there."""
    pointer = plain(page("302 Found", "", "Location: https://mail.hoster.test/EWS/Exchange.asmx"))
    ended, _ = diagnose(context, grant_for(f"https://localhost:{pointer.port}/EWS/Exchange.asmx"))
    assert (ended.error, ended.confirm) == ("server.redirects", "mail.hoster.test")
    assert all(b"Authorization" not in request for request in pointer.received)


def test_a_modern_sign_in_is_told(context: Surroundings, plain: PlainFactory) -> None:
    """Nothing but Bearer: no password is sent."""
    modern = plain(page("401 Unauthorized", "", "WWW-Authenticate: Bearer"))
    ended, steps = diagnose(
        context, grant_for(f"https://localhost:{modern.port}/EWS/Exchange.asmx")
    )
    assert ended.error == "sign_in.modern"
    assert steps.last()["offer"] == "failed"


@pytest.mark.parametrize("username", ["MUSTERFIRMA\\anna", "unsinn"])
def test_a_user_name_without_a_domain_does_not_stop_it(
    context: Surroundings, server: SandboxServer, username: str
) -> None:
    """The server is known; the search has nothing to add."""
    _, steps = diagnose(context, grant_for(server.ews_url, username, password=""))
    assert steps.last()["tls"] == "done"
    assert EMAIL not in str(list(steps))
