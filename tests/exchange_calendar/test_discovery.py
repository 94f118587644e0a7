"""The search for the server: its order, its hints, and that no password takes part."""

import pytest

from andock_exchange_calendar import integration
from andock_exchange_calendar.config import MESSAGES
from andock_sandbox import Sandbox
from andock_sandbox.server import SandboxServer
from andock_sdk import Discovered
from tests.exchange_calendar.surroundings import (
    EMAIL,
    PlainFactory,
    Steps,
    Surroundings,
    page,
)

CHALLENGE = page("401 Unauthorized", "", "WWW-Authenticate: NTLM")


def search(context: Surroundings, username: str = EMAIL) -> tuple[Discovered, Steps]:
    """What is found, and the steps. The password is typed in already, and never needed."""
    steps = Steps()
    found = integration().discover(
        context, {"username": username, "password": "geheim", "server": ""}, steps
    )
    assert found.error == "" or found.error in MESSAGES
    assert "running" not in steps.last().values()
    return found, steps


@pytest.mark.parametrize("username", [EMAIL, "MUSTERFIRMA\\anna"])
def test_the_operators_table_comes_first(context: Surroundings, username: str) -> None:
    """Nothing is asked of the network."""
    context.servers = {"musterfirma.test": "mail.test:8443", "MUSTERFIRMA": "mail.test:8443"}
    found, steps = search(context, username)
    assert found == Discovered(server="mail.test:8443")
    assert steps.last()["operator"] == "done"
    assert context.egress.asked == []


def test_a_windows_domain_needs_the_mail_address(context: Surroundings) -> None:
    """DOMAIN\\user does not say where to look."""
    found, _ = search(context, "FREMD\\anna")
    assert found.error == "search.needs_address"


def test_the_autodiscover_host_comes_before_the_domain(
    context: Surroundings, server: SandboxServer, box: Sandbox
) -> None:
    """And it is found without any sign-in."""
    context.egress.name("autodiscover.musterfirma.test", server)
    context.egress.name("musterfirma.test", server)
    found, steps = search(context)
    assert found == Discovered(server="autodiscover.musterfirma.test")
    assert steps.last() == {
        "operator": "skipped",
        "autodiscover": "done",
        "domain": "skipped",
        "srv": "skipped",
        "hint": "skipped",
    }
    assert box.sign_ins == []


def test_then_the_domain_itself(context: Surroundings, server: SandboxServer) -> None:
    """Where there is no autodiscover host."""
    context.egress.name("musterfirma.test", server)
    found, _ = search(context)
    assert found == Discovered(server="musterfirma.test")


def test_a_website_is_no_exchange(context: Surroundings, plain: PlainFactory) -> None:
    """It answers every path with a page; the search goes on."""
    site = plain(page("200 OK", "<html>Willkommen</html>", "Content-Type: text/html"))
    context.egress.hosts["musterfirma.test", 443] = ("127.0.0.1", site.port)
    found, steps = search(context)
    assert found == Discovered(error="search.nothing")
    assert list(steps.last()) == ["operator", "autodiscover", "domain", "srv", "hint"]


def test_a_host_of_the_domain_by_srv_is_taken(context: Surroundings, plain: PlainFactory) -> None:
    """With its port."""
    host = plain(CHALLENGE)
    context.egress.hosts["mail.musterfirma.test", 8443] = ("127.0.0.1", host.port)
    context.egress.srv_records["_autodiscover._tcp.musterfirma.test"] = [
        ("mail.musterfirma.test.", 8443)
    ]
    found, _ = search(context)
    assert found == Discovered(server="mail.musterfirma.test:8443")


def test_a_foreign_host_by_srv_is_only_proposed(context: Surroundings, plain: PlainFactory) -> None:
    """The member is asked, and the host is sent nothing."""
    foreign = plain(CHALLENGE)
    context.egress.hosts["mail.hoster.test", 443] = ("127.0.0.1", foreign.port)
    context.egress.srv_records["_autodiscover._tcp.musterfirma.test"] = [("mail.hoster.test", 443)]
    found, _ = search(context)
    assert found == Discovered(server="mail.hoster.test", confirm="mail.hoster.test")
    assert foreign.received == []


@pytest.mark.parametrize("port", [80, 443])
def test_a_redirect_to_a_foreign_host_is_only_proposed(
    context: Surroundings, plain: PlainFactory, port: int
) -> None:
    """By plain http or by https: the member is asked, and the host is sent nothing."""
    target = "Location: https://autodiscover.hoster.test/autodiscover/autodiscover.xml"
    pointer = plain(page("302 Found", "", target), secure=port == 443)
    foreign = plain(CHALLENGE)
    context.egress.hosts["autodiscover.musterfirma.test", port] = ("127.0.0.1", pointer.port)
    context.egress.hosts["autodiscover.hoster.test", 443] = ("127.0.0.1", foreign.port)
    found, _ = search(context)
    assert found.confirm == found.server == "autodiscover.hoster.test"
    assert foreign.received == []
    assert not any(b"geheim" in sent or b"uthorization" in sent for sent in pointer.received)


def test_a_redirect_to_plain_http_is_ignored(context: Surroundings, plain: PlainFactory) -> None:
    """https only."""
    pointer = plain(page("302 Found", "", "Location: http://mail.hoster.test/"), secure=False)
    context.egress.hosts["autodiscover.musterfirma.test", 80] = ("127.0.0.1", pointer.port)
    found, _ = search(context)
    assert found == Discovered(error="search.nothing")


@pytest.mark.parametrize(
    "location",
    ["https://autodiscover-s.outlook.com/autodiscover/autodiscover.xml",
     "https://outlook.office365.com/"],
)  # fmt: skip
def test_what_leads_to_exchange_online_says_so(
    context: Surroundings, plain: PlainFactory, location: str
) -> None:
    """Passwords ended there: Office365 Calendar instead."""
    pointer = plain(page("302 Found", "", f"Location: {location}"), secure=False)
    context.egress.hosts["autodiscover.musterfirma.test", 80] = ("127.0.0.1", pointer.port)
    found, _ = search(context)
    assert (found.error, found.server) == ("mailbox.online", "")


def test_a_host_with_a_bad_certificate_is_not_taken(
    context: Surroundings, serve_expired: SandboxServer
) -> None:
    """Verification is never off, in a search neither."""
    context.egress.name("autodiscover.musterfirma.test", serve_expired)
    found, _ = search(context)
    assert found == Discovered(error="search.nothing")


def test_the_operators_policy_is_named_when_it_stood_in_the_way(context: Surroundings) -> None:
    """Not "nothing found" where something was forbidden."""
    context.egress.refused = {"autodiscover.musterfirma.test"}
    found, _ = search(context)
    assert found == Discovered(error="egress.refused")


def test_no_user_name(context: Surroundings) -> None:
    """The search says what it needs."""
    found, _ = search(context, "anna")
    assert found == Discovered(error="username.form")


@pytest.mark.parametrize("host", ["<b>x</b>.test", "a b", ""])
def test_what_is_no_host_is_never_proposed(context: Surroundings, host: str) -> None:
    """DNS may say anything."""
    context.egress.srv_records["_autodiscover._tcp.musterfirma.test"] = [(host, 443)]
    found, _ = search(context)
    assert found == Discovered(error="search.nothing")
