"""Signing in at the stand-in's identity platform, and what may come of it."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from andock_office365_calendar import sign_in
from andock_office365_calendar.client import Client
from andock_office365_calendar.plugin import Office365Calendar
from andock_sandbox import Mailbox, Sandbox
from andock_sandbox.identity import App
from andock_sandbox.server import SandboxServer
from andock_sdk import Answers, FieldErrors, Grant, Redirect, errors
from tests.exchange_calendar.surroundings import Steps
from tests.office365_calendar.surroundings import Surroundings, connector_for, granted
from tests.sandbox.client import PASSWORD
from tests.sandbox.graph_client import ANNA, Browser


def test_the_address_is_carried_over(context: Surroundings) -> None:
    led = Office365Calendar().authorize(context, {"username": f" {ANNA} "}, {})
    assert isinstance(led, Redirect)
    query = parse_qs(urlsplit(led.url).query)
    assert query["login_hint"] == [ANNA]
    assert query["state"] == [led.state]
    assert query["code_challenge_method"] == ["S256"]
    assert query["redirect_uri"] == [context.callback_url]


def test_what_is_no_address_is_said(context: Surroundings) -> None:
    refused = Office365Calendar().authorize(context, {"username": "DOMAIN\\anna"}, {})
    assert refused == FieldErrors(errors={"username": "username.form"})


def test_contacts_are_asked_for_only_when_they_are_wanted(context: Surroundings) -> None:
    bare = sign_in.begin(context, "", {})
    more = sign_in.begin(context, "", {"contacts_on": True})
    assert "Contacts" not in bare.url
    assert "Contacts.ReadWrite" in more.url


def test_a_good_sign_in_tests_well(context: Surroundings, grant: Grant) -> None:
    steps = Steps()
    report = Office365Calendar().test(context, grant, steps)
    assert report.error == ""
    assert report.account is not None
    assert report.account.label == ANNA
    assert set(steps.last().values()) == {"done"}


def test_a_refusal_is_said(context: Surroundings, server: SandboxServer) -> None:
    led = sign_in.begin(context, ANNA, {})
    browser = Browser(server)
    page = browser.press(browser.sign_in(led.url), "refuse")
    with pytest.raises(errors.Declined):
        sign_in.finish(context, page.target, led.memory)


def test_an_administrator_approves_and_the_member_tries_again(
    context: Surroundings, server: SandboxServer, box: Sandbox, anna: Mailbox
) -> None:
    """The link needs no sign-in to Andock; one approval is enough for contacts too."""
    chief = "chef@musterfirma.test"
    box.add_mailbox(chief, PASSWORD, name="Chefin")
    box.directory.require_approval("musterfirma.test")
    box.directory.make_admin(chief)
    led, browser = sign_in.begin(context, ANNA, {}), Browser(server)
    page = browser.press(browser.sign_in(led.url), "back")
    with pytest.raises(errors.ApprovalNeeded) as needed:
        sign_in.finish(context, page.target, led.memory)
    office = Browser(server)
    agreed = office.press(office.sign_in(needed.value.url, chief), "accept")
    assert agreed.target["admin_consent"] == "True"
    again = sign_in.begin(context, ANNA, {"contacts_on": True})
    target = Browser(server).sign_in(again.url).target
    grant = sign_in.finish(context, target, again.memory)
    assert {"Calendars.ReadWrite", "Contacts.ReadWrite"} <= set(grant.facts["scopes"].split())


def test_an_odd_state_is_refused(context: Surroundings, server: SandboxServer) -> None:
    led = sign_in.begin(context, ANNA, {})
    target = Browser(server).consent(led.url).target
    with pytest.raises(errors.MemberError) as odd:
        sign_in.finish(context, {**target, "state": "another"}, led.memory)
    assert odd.value.key == "sign_in.odd"


def test_a_code_counts_once(context: Surroundings, server: SandboxServer) -> None:
    led = sign_in.begin(context, ANNA, {})
    target = Browser(server).consent(led.url).target
    sign_in.finish(context, target, led.memory)
    with pytest.raises(errors.BadCredentials) as again:
        sign_in.finish(context, target, led.memory)
    assert again.value.key == "sign_in.expired"


def test_a_token_that_ends_is_renewed_and_kept_at_once(
    context: Surroundings, grant: Grant, server: SandboxServer
) -> None:
    old = grant.model_copy(update={"secrets": {**grant.secrets, "ends_at": "0"}})
    connector = connector_for(context, old)
    assert connector.collections()
    (kept,) = context.granted
    assert kept.secrets["refresh_token"] != grant.secrets["refresh_token"]
    assert kept.facts == grant.facts
    connector.close()


def test_a_used_refresh_token_ends_in_sign_in_again(context: Surroundings, grant: Grant) -> None:
    old = grant.model_copy(update={"secrets": {**grant.secrets, "ends_at": "0"}})
    for expected in (None, errors.BadCredentials):
        client = Client(context, old)
        if expected is None:
            client.get("/me/calendar")
        else:
            with pytest.raises(expected) as ended:
                client.get("/me/calendar")
            assert ended.value.key == "sign_in.expired"
        client.close()


def test_a_wrong_secret_is_the_operators(
    context: Surroundings, server: SandboxServer, app: App
) -> None:
    led = sign_in.begin(context, ANNA, {})
    target = Browser(server).consent(led.url).target
    context.operator = {**context.operator, "client_secret": "wrong"}
    with pytest.raises(errors.AdminError) as refused:
        sign_in.finish(context, target, led.memory)
    assert refused.value.key == "operator.secret_wrong"


def test_more_switched_on_than_allowed_asks_for_more(
    context: Surroundings, server: SandboxServer
) -> None:
    granted(context, server, wanted={})
    settings: Answers = {"calendar": "AAA", "contacts_on": True, "contacts": "BBB"}
    with pytest.raises(errors.MoreAccess):
        Office365Calendar().sync_jobs(context, settings)


def test_the_token_goes_to_graph_alone(context: Surroundings, grant: Grant, anna: Mailbox) -> None:
    client = Client(context, grant)
    for link in ("https://evil.test/v1.0/me", "http://graph.microsoft.com/v1.0/me"):
        with pytest.raises(errors.Transient):
            client.get(link)
    client.close()
    assert all(host != "evil.test" for host, _ in context.egress.asked)


def test_tokens_are_in_no_log_and_no_repr(
    context: Surroundings, grant: Grant, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(0)
    connector_for(context, grant).collections()
    words = caplog.text + repr(grant) + str(context.facts)
    assert not any(secret in words for secret in grant.secrets.values())


def test_an_expired_hour_is_told_by_the_clock_of_core(context: Surroundings, grant: Grant) -> None:
    assert float(grant.secrets["ends_at"]) > (context.now() + timedelta(minutes=30)).timestamp()
