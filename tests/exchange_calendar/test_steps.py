"""The test of a grant: what each failure is called, and that a wrong password is tried once."""

import socket
import ssl
from pathlib import Path

import pytest

from andock_exchange_calendar import integration
from andock_exchange_calendar.address import POX_PATH
from andock_exchange_calendar.config import MESSAGES
from andock_sandbox import Mailbox, Sandbox, tls as sandbox_tls
from andock_sandbox.server import SandboxServer
from andock_sdk import Answers, Grant, TestReport
from tests.exchange_calendar.surroundings import (
    EMAIL,
    PASSWORD,
    Names,
    PlainFactory,
    ServerFactory,
    Steps,
    Surroundings,
    grant_for,
    page,
)

ORDER = ["reached", "certificate", "sign_in", "version", "calendars"]


def run(context: Surroundings, grant: Grant) -> tuple[TestReport, Steps]:
    """The test's report and its steps; whatever it answers has words."""
    steps = Steps()
    report = integration().test(context, grant, steps)
    assert not report.error or report.error in MESSAGES
    assert PASSWORD not in steps.text()
    return report, steps


def fails(context: Surroundings, grant: Grant, error: str, at: str) -> None:
    """The test ends at this step with this key, and the later steps are left waiting."""
    report, steps = run(context, grant)
    assert report.error == error
    assert report.account is None
    states = steps.last()
    assert states[at] == "failed"
    later = ORDER[ORDER.index(at) + 1 :]
    assert {states[key] for key in later} <= {"waiting"}


@pytest.mark.parametrize("username", [EMAIL, "MUSTERFIRMA\\anna"])
@pytest.mark.parametrize(("auth", "used"), [(("basic", "ntlm"), "NTLM"), (("basic",), "Basic")])
def test_all_goes_well(
    context: Surroundings,
    serve: ServerFactory,
    box: Sandbox,
    username: str,
    auth: tuple[str, ...],
    used: str,
) -> None:
    """Both spellings of the user name, both sign-ins: the same account, and what was learnt."""
    server = serve(auth=auth)
    report, steps = run(context, grant_for(server.ews_url, username))
    assert report.error == ""
    assert report.account is not None
    assert (report.account.key, report.account.label) == (EMAIL, EMAIL)
    assert report.facts == {
        "server": server.ews_url,
        "version": "Exchange2013_SP1",
        "sign_in": used,
        "product": "Exchange Server 2019",
    }
    assert list(steps.last().items()) == [(key, "done") for key in ORDER]
    assert all(step.milliseconds is not None for step in steps if step.state == "done")
    assert all(sign_in.ok for sign_in in box.sign_ins)


def test_steps_are_announced_and_say_what_was_found(
    context: Surroundings, server: SandboxServer
) -> None:
    """All five stand there at once; the details name server, issuer, method and version."""
    _, steps = run(context, grant_for(server.ews_url))
    assert [(step.key, step.state) for step in steps[:5]] == [(key, "waiting") for key in ORDER]
    text = steps.text()
    for word in ("127.0.0.1", "Andock sandbox CA", "gültig bis", "mit NTLM", "Exchange Server 2019",
                 "1 Kalender"):  # fmt: skip
        assert word in text


@pytest.mark.parametrize(
    ("version", "pinned"),
    [("2010_SP2", "Exchange2010_SP2"), ("2013_SP1", "Exchange2013_SP1"),
     ("2016", "Exchange2013_SP1")],
)  # fmt: skip
def test_the_version_is_pinned_and_never_newer_than_the_server(
    context: Surroundings, serve: ServerFactory, version: str, pinned: str
) -> None:
    """Older servers refuse what they don't know."""
    report, _ = run(context, grant_for(serve(version=version).ews_url))
    assert (report.error, report.facts["version"]) == ("", pinned)


@pytest.mark.parametrize("auth", [("ntlm",), ("basic",), ("basic", "ntlm")])
def test_a_wrong_password_is_tried_exactly_once(
    context: Surroundings, serve: ServerFactory, box: Sandbox, auth: tuple[str, ...]
) -> None:
    """So that no account is ever locked by us."""
    server = serve(auth=auth)
    fails(context, grant_for(server.ews_url, password="falsch"), "sign_in.refused", "sign_in")
    assert [sign_in.ok for sign_in in box.sign_ins] == [False]


def test_an_unknown_user_is_a_wrong_password(
    context: Surroundings, server: SandboxServer, box: Sandbox
) -> None:
    """A test never says OK for made-up credentials."""
    fails(context, grant_for(server.ews_url, "niemand@x.test"), "sign_in.refused", "sign_in")
    assert len(box.sign_ins) == 1


def test_an_unknown_host(context: Surroundings) -> None:
    """A name that leads nowhere."""
    fails(context, grant_for("https://nirgends.test/EWS/Exchange.asmx"), "server.unknown_host",
          "reached")  # fmt: skip


def test_a_refused_connection(context: Surroundings) -> None:
    """A port on which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    fails(context, grant_for(f"https://127.0.0.1:{port}/EWS/Exchange.asmx"), "server.refused",
          "reached")  # fmt: skip


def test_a_silent_server(context: Surroundings, monkeypatch: pytest.MonkeyPatch) -> None:
    """It accepts, and then says nothing."""
    monkeypatch.setattr("andock_exchange_calendar.certificate.CONNECT_TIMEOUT", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"https://127.0.0.1:{silent.getsockname()[1]}/EWS/Exchange.asmx"
        fails(context, grant_for(url), "server.timeout", "certificate")


def test_a_port_without_tls(context: Surroundings, plain: PlainFactory) -> None:
    """Plain http where https should be."""
    port = plain(page("400 Bad Request"), secure=False).port
    url = f"https://127.0.0.1:{port}/EWS/Exchange.asmx"
    fails(context, grant_for(url), "certificate.no_tls", "certificate")


def test_an_expired_certificate(context: Surroundings, serve: ServerFactory, box: Sandbox) -> None:
    """The password is not sent."""
    url = serve(certificate="expired").ews_url
    fails(context, grant_for(url), "certificate.expired", "certificate")
    assert box.sign_ins == []


def test_a_certificate_for_another_name(
    context: Surroundings, serve: ServerFactory, box: Sandbox
) -> None:
    """The password is not sent."""
    url = serve(certificate="wrong-name", names=("elsewhere.test",)).ews_url
    fails(context, grant_for(url), "certificate.wrong_name", "certificate")
    assert box.sign_ins == []


def test_a_certificate_of_an_unknown_authority(
    server: SandboxServer, tmp_path: Path, box: Sandbox
) -> None:
    """The password is not sent."""
    other = sandbox_tls.ensure(tmp_path).ca
    fails(
        Surroundings(Names(other)),
        grant_for(server.ews_url),
        "certificate.unknown_issuer",
        "certificate",
    )
    assert box.sign_ins == []


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (page("404 Not Found", "nope"), "server.not_exchange"),
        (page("200 OK", "hello"), "server.not_exchange"),
        (page("200 OK", "<!doctype html><html>Anmelden</html>"), "server.login_page"),
        (page("302 Found", "", "Location: https://sso.test/login"), "server.redirects"),
        (page("302 Found", "", "Location: https://outlook.office365.com/owa"), "mailbox.online"),
        (page("401 Unauthorized", "", "WWW-Authenticate: Bearer"), "sign_in.modern"),
        (page("401 Unauthorized", "", "WWW-Authenticate: Digest realm=x"), "sign_in.unsupported"),
        (page("401 Unauthorized"), "sign_in.unsupported"),
        (page("403 Forbidden"), "sign_in.forbidden"),
        (page("502 Bad Gateway"), "server.error"),
        (page("503 Service Unavailable", "", "Retry-After: 60"), "throttled"),
        (b"", "server.unreachable"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_answers_is_no_exchange_for_us(
    context: Surroundings, plain: PlainFactory, answer: bytes, error: str
) -> None:
    """Each in words of its own, and no password is sent to any of them."""
    server = plain(answer)
    fails(context, grant_for(f"https://127.0.0.1:{server.port}/EWS/Exchange.asmx"), error,
          "sign_in")  # fmt: skip
    assert not any(b"uthorization:" in sent for sent in server.received)


@pytest.mark.parametrize(
    ("fault", "error", "at"),
    [
        ("login-page", "server.login_page", "sign_in"),
        ("403", "sign_in.forbidden", "sign_in"),
        ("500", "server.error", "sign_in"),
        ("502", "server.error", "sign_in"),
        ("reset", "server.unreachable", "sign_in"),
        ("ErrorServerBusy", "throttled", "sign_in"),
        ("ErrorNonExistentMailbox", "mailbox.none", "sign_in"),
        ("ErrorAccessDenied", "calendar.no_rights", "sign_in"),
        ("ErrorPasswordExpired", "sign_in.password_expired", "sign_in"),
    ],
)
def test_what_the_server_says_after_the_sign_in(
    context: Surroundings, server: SandboxServer, box: Sandbox, fault: str, error: str, at: str
) -> None:
    """Each in words of its own, each after a single try."""
    box.fail_next("GetFolder", fault)
    fails(context, grant_for(server.ews_url), error, at)
    assert len(box.sign_ins) == 1


def test_a_calendar_list_that_is_refused(
    context: Surroundings, server: SandboxServer, box: Sandbox
) -> None:
    """The sign-in worked, the calendars did not."""
    box.fail_next("FindFolder", "ErrorAccessDenied")
    fails(context, grant_for(server.ews_url), "calendar.no_rights", "calendars")


def test_exchange_2007_is_too_old(context: Surroundings, serve: ServerFactory) -> None:
    """Said as the version's step, after the sign-in."""
    url = serve(version="2007").ews_url
    fails(context, grant_for(url), "server.too_old", "version")


@pytest.mark.parametrize("host", ["outlook.office365.com", "eu.outlook.com", "x.office365.com"])
def test_exchange_online_is_recognised_by_name(context: Surroundings, host: str) -> None:
    """Nothing is asked of it, and no password goes there."""
    report, _ = run(context, grant_for(f"https://{host}/EWS/Exchange.asmx"))
    assert report.error == "mailbox.online"
    assert context.egress.asked == []


def test_an_address_that_the_operator_forbids(context: Surroundings) -> None:
    """Egress refuses; the test says so."""
    context.egress.refused.add("10.0.0.1")
    fails(context, grant_for("https://10.0.0.1/EWS/Exchange.asmx"), "egress.refused", "reached")


def test_without_a_server_autodiscover_finds_it(
    context: Surroundings, server: SandboxServer, anna: Mailbox
) -> None:
    """The member's own domain is asked over https, with the password."""
    context.egress.name("autodiscover.musterfirma.test", server)
    context.egress.name("mail.musterfirma.test", server)
    context.egress.name("mail.musterfirma.test", server, server.port)
    report, steps = run(context, grant_for(""))
    assert report.error == ""
    assert steps.last()["search"] == "done"
    assert report.facts["server"] == server.public_url


def test_a_wrong_password_for_autodiscover_is_tried_once_on_one_host(
    context: Surroundings, server: SandboxServer, box: Sandbox
) -> None:
    """The next host is not asked with it."""
    context.egress.name("autodiscover.musterfirma.test", server)
    context.egress.name("musterfirma.test", server)
    report, _ = run(context, grant_for("", password="falsch"))
    assert report.error == "sign_in.refused"
    assert [sign_in.ok for sign_in in box.sign_ins] == [False]


@pytest.mark.parametrize(
    ("redirect", "error"),
    [
        ({"address": "anna@firma.mail.onmicrosoft.com"}, "mailbox.online"),
        ({"url": "https://autodiscover-s.outlook.com/autodiscover/autodiscover.xml"},
         "mailbox.online"),
        ({"location": "https://autodiscover-s.outlook.com/x"}, "mailbox.online"),
        ({"url": "https://mail.hoster.test/autodiscover/autodiscover.xml"}, "search.other_domain"),
        ({"location": "https://mail.hoster.test/autodiscover/autodiscover.xml"},
         "search.other_domain"),
        ({"location": "http://mail.musterfirma.test.hoster.test/"}, "search.other_domain"),
    ],
)  # fmt: skip
def test_autodiscover_that_leads_away_never_takes_the_password_along(
    context: Surroundings,
    server: SandboxServer,
    plain: PlainFactory,
    box: Sandbox,
    redirect: dict[str, str],
    error: str,
) -> None:
    """A host of another domain is named to the member and sent nothing."""
    box.autodiscover_redirect("musterfirma.test", **redirect)
    foreign = plain(page("401 Unauthorized", "", "WWW-Authenticate: Basic realm=x"))
    context.egress.name("autodiscover.musterfirma.test", server)
    for host in ("mail.hoster.test", "autodiscover-s.outlook.com"):
        context.egress.hosts[host, 443] = ("127.0.0.1", foreign.port)
    report, _ = run(context, grant_for(""))
    assert report.error == error
    assert foreign.received == []
    led = {"mailbox.online": ""}.get(error, "hoster.test")
    assert report.confirm.endswith(led)
    assert bool(report.confirm) == bool(led)


def test_basic_is_not_sent_on_after_a_redirect_within_the_domain(
    context: Surroundings, plain: PlainFactory
) -> None:
    """Basic shows the password to whoever answers: the member sees the new host first."""
    asks = page("401 Unauthorized", "", "WWW-Authenticate: Basic realm=x")
    pointer = plain(page("302 Found", "", f"Location: https://mail.musterfirma.test{POX_PATH}"))
    asking = plain(asks)
    context.egress.hosts["autodiscover.musterfirma.test", 443] = ("127.0.0.1", pointer.port)
    context.egress.hosts["mail.musterfirma.test", 443] = ("127.0.0.1", asking.port)
    report, _ = run(context, grant_for(""))
    assert (report.error, report.confirm) == ("search.redirected", "mail.musterfirma.test")
    sent = b"".join([*pointer.received, *asking.received])
    assert b"authorization" not in sent.lower()


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See", "307 Temp", "308 Perm"])
def test_a_mail_server_that_redirects_is_confirmed_first(
    context: Surroundings, plain: PlainFactory, status: str
) -> None:
    """Whatever kind of redirect: the host is named, and nothing was signed."""
    there = plain(page("401 Unauthorized", "", "WWW-Authenticate: Basic realm=x"))
    context.egress.hosts["mail.hoster.test", 443] = ("127.0.0.1", there.port)
    pointer = plain(page(status, "", "Location: https://mail.hoster.test/EWS/Exchange.asmx"))
    report, _ = run(context, grant_for(f"https://localhost:{pointer.port}/EWS/Exchange.asmx"))
    assert (report.error, report.confirm) == ("server.redirects", "mail.hoster.test")
    assert there.received == []
    assert b"authorization" not in b"".join(pointer.received).lower()


@pytest.mark.parametrize(
    "answer",
    [
        page("401 Unauthorized", "", "WWW-Authenticate: Basic realm=x"),
        page("401 Unauthorized", "", "WWW-Authenticate: NTLM"),
        page("302 Found", "", "Location: https://boese.test/autodiscover/autodiscover.xml"),
        page("307 Temp", "", "Location: http://boese.test/autodiscover/autodiscover.xml"),
        page("200 OK", "<Autodiscover/>", "Content-Type: text/xml"),
    ],
)
def test_a_foreign_autodiscover_host_never_sees_a_password(
    context: Surroundings, plain: PlainFactory, answer: bytes
) -> None:
    """SRV and the plain redirect both lead to it; whatever it answers, it is told nothing."""
    foreign = plain(answer)
    context.egress.hosts["boese.test", 443] = ("127.0.0.1", foreign.port)
    pointer = plain(page("302 Found", "", f"Location: https://boese.test{POX_PATH}"), secure=False)
    context.egress.hosts["autodiscover.musterfirma.test", 80] = ("127.0.0.1", pointer.port)
    secure = plain(page("302 Found", "", f"Location: https://boese.test{POX_PATH}"))
    context.egress.hosts["autodiscover.musterfirma.test", 443] = ("127.0.0.1", secure.port)
    context.egress.srv_records["_autodiscover._tcp.musterfirma.test"] = [("boese.test", 443)]
    report, _ = run(context, grant_for(""))
    found = integration().discover(context, {"username": EMAIL}, Steps())
    assert report.account is None
    assert (report.confirm, found.confirm) == ("boese.test", "boese.test")
    seen = b"".join([*foreign.received, *pointer.received, *secure.received]).lower()
    assert foreign.received == []
    assert b"authorization" not in seen
    assert PASSWORD.encode().lower() not in seen


def test_the_client_context_is_not_touched_globally(
    context: Surroundings, server: SandboxServer
) -> None:
    """Another context, without our CA, still refuses the sandbox after a test that went well."""
    run(context, grant_for(server.ews_url))
    with (
        socket.create_connection(("127.0.0.1", server.port)) as raw,
        pytest.raises(ssl.SSLCertVerificationError),
    ):
        ssl.create_default_context().wrap_socket(raw, server_hostname="127.0.0.1")


def test_a_named_autodiscover_host_that_says_nothing_is_tried_itself(
    context: Surroundings, server: SandboxServer, box: Sandbox
) -> None:
    """Some hosts called autodiscover serve EWS as well."""
    context.egress.name("autodiscover.musterfirma.test", server)
    box.autodiscover_redirect("musterfirma.test", location="nowhere")
    url = "https://autodiscover.musterfirma.test/EWS/Exchange.asmx"
    report, _ = run(context, grant_for(url))
    assert (report.error, report.facts["server"]) == ("", url)


def test_an_empty_server_is_the_operators(context: Surroundings, server: SandboxServer) -> None:
    """Without a search, by mail domain and by Windows domain alike."""
    context.servers = {"musterfirma.test": f"127.0.0.1:{server.port}"}
    report, _ = run(context, grant_for(""))
    assert (report.error, report.facts["server"]) == ("", server.ews_url)
    context.servers = {"MUSTERFIRMA": f"127.0.0.1:{server.port}"}
    answers: Answers = {"username": "MUSTERFIRMA\\anna", "password": PASSWORD, "server": ""}
    grant = integration().authorize(context, answers)
    assert isinstance(grant, Grant)
    assert grant.facts == {"server": server.ews_url}
