"""The pages of signing in at another site, as a person without JavaScript meets them."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from sqlalchemy import update

from andock_core import clock
from andock_core.connections import service, status
from andock_core.storage import SYSTEM, Connection, SignIn
from tests.authorizing.conftest import Place
from tests.marketplace.visitor import Visitor, words
from tests.support.redirect_plugin import SLUG

Visit = Callable[..., Visitor]
BACK = "/integrations/authorized"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Nothing here depends on the kind of database."""
    return sqlite_url


def led(place: Place, browser: Visitor, connection_id: str) -> str:
    """Press the button, let the worker work; where the page leads to."""
    browser.follow(f"/connections/{connection_id}/access", {"act": "test"})
    place.work()
    page = browser.get(f"/connections/{connection_id}/test/part")
    found = re.search(r'href="([^"]+)"[^>]*data-go', page)
    assert found
    return unescape(found[1])


def test_an_integration_that_waits_for_the_operator_has_no_button(
    waiting: Place, visit: Visit
) -> None:
    """It says whom to ask, and adding it anyway does nothing."""
    page = visit(waiting.world.anna).get(f"/marketplace/{SLUG}")
    assert "This integration waits for whoever runs Andock." in words(page)
    assert f'action="/marketplace/{SLUG}/add"' not in page
    assert "Set up needed" in words(visit(waiting.world.anna).get("/marketplace/"))
    visit(waiting.world.anna).post(f"/marketplace/{SLUG}/add")
    assert "Not authorized yet" not in visit(waiting.world.anna).get("/marketplace/mine")


def test_who_needs_approval_has_a_link_to_pass_on_and_is_told_when_it_came(
    place: Place, visit: Visit
) -> None:
    """Whoever follows the link needs no account here, and reads the language of Anna's company.
    The way then leads into the sign-in."""
    anna = visit(place.world.anna)
    connection_id = service.add(place.core, place.world.anna, SLUG)
    url = led(place, anna, connection_id)
    state = parse_qs(urlsplit(url).query)["state"][0]
    anna.look(f"{BACK}?{urlencode({'error': 'approval', 'state': state})}")
    place.work()
    page = anna.get(f"/connections/{connection_id}/access")
    assert "Try again" in words(page)
    found = re.search(r'value="([^"]+/admin-consent[^"]*)"', page)
    assert found
    part = f"/connections/{connection_id}/approval/part"
    answer = urlsplit(found[1]).query
    stranger = visit(place.world.anna)
    with stranger.client.session_transaction() as cookie:
        cookie.clear()
    assert "wurde nicht genehmigt" in words(stranger.get(f"{BACK}?error=access_denied&{answer}"))
    assert "The approval has come." not in words(anna.get(part))
    assert "der Zugriff ist genehmigt" in words(stranger.get(f"{BACK}?admin_consent=True&{answer}"))
    assert "The approval has come." in words(anna.get(part))
    assert led(place, anna, connection_id).startswith(place.identity.url)


def test_the_pages_lead_away_and_back(place: Place, visit: Visit) -> None:
    """Sign in there, come back here, choose."""
    anna = visit(place.world.anna)
    connection_id = service.add(place.core, place.world.anna, SLUG)
    first = words(anna.get(f"/connections/{connection_id}/access"))
    assert "Andock never sees your password." in first
    url = led(place, anna, connection_id)
    assert url.startswith(place.identity.url)
    answer = anna.look(f"{BACK}?{urlencode(place.identity.allow(url))}")
    assert answer.status_code == 302
    place.work()
    assert "The connection works" in anna.get(answer.headers["Location"])


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "The access was not allowed."), ("de", "Der Zugriff wurde nicht erlaubt.")],
)
def test_a_refusal_is_told_where_one_begins_anew(
    place: Place, visit: Visit, language: str, said: str
) -> None:
    """On the page with the button, in both languages."""
    anna = visit(place.world.anna, language)
    connection_id = service.add(place.core, place.world.anna, SLUG)
    state = place.identity.allow(led(place, anna, connection_id))["state"]
    anna.get(f"{BACK}?error=access_denied&state={state}")
    place.work()
    assert said in words(anna.get(f"/connections/{connection_id}/test"))


def test_each_answer_that_does_not_count_has_its_own_page(place: Place, visit: Visit) -> None:
    """Without state, unknown, of another person, of another session, used, too late, signed out."""
    anna, ben = visit(place.world.anna), visit(place.world.ben)
    connection_id = service.add(place.core, place.world.anna, SLUG)
    params = urlencode(place.identity.allow(led(place, anna, connection_id)))

    def said(browser: Visitor, query: str) -> str:
        found = re.search(r"<h1>([^<]+)</h1>", browser.get(f"{BACK}?{query}"))
        assert found
        return unescape(found[1])

    assert said(anna, "code=x") == "This answer belongs to no sign-in."
    assert said(anna, f"code=x&state={'z' * 30}") == "Andock does not know this sign-in."
    assert said(ben, params) == "Another person began this sign-in."
    stranger = visit(place.world.anna)
    with stranger.client.session_transaction() as cookie:
        cookie.clear()
    assert said(stranger, params) == "You are not signed in to Andock."
    with place.core.storage.write(SYSTEM) as session:
        session.execute(update(SignIn).values(session_id="another"))
    assert said(anna, params).startswith("This sign-in was begun in another browser")
    with place.core.storage.write(SYSTEM) as session:
        before = clock.now() - timedelta(minutes=1)
        session.execute(
            update(SignIn).values(session_id=place.world.anna.member_id, expires_at=before)
        )
    assert said(anna, params) == "Signing in took longer than ten minutes."
    with place.core.storage.write(SYSTEM) as session:
        session.execute(update(SignIn).values(expires_at=clock.now() + timedelta(minutes=1)))
    anna.get(f"{BACK}?{params}")
    assert said(anna, params) == "This sign-in was used already."


def test_the_hosts_name_in_a_request_changes_no_address(place: Place, visit: Visit) -> None:
    """Where the other site sends members back to is the operator's setting."""
    anna = visit(place.world.anna)
    anna.client.environ_base["HTTP_HOST"] = "evil.example"
    connection_id = service.add(place.core, place.world.anna, SLUG)
    assert "evil.example" not in led(place, anna, connection_id)


def test_a_choice_that_needs_more_access_offers_to_allow_it(place: Place, visit: Visit) -> None:
    """A button beside the reason, which leads to the other site with more scopes."""
    anna = visit(place.world.anna)
    folder = place.world.memory.add_contacts("anna@memory.example", "Kontakte", default=True)
    connection_id = place.connected(place.world.anna)
    chosen = {
        "answer-calendar_on": "on",
        "answer-calendar": place.world.calendars[0],
        "answer-contacts_on": "on",
        "answer-contacts": folder,
    }
    anna.post(f"/connections/{connection_id}/choice", chosen)
    place.work()
    page = anna.get(f"/connections/{connection_id}/choice")
    assert "For this choice you have to allow more access first." in words(page)
    assert f'action="/connections/{connection_id}/more-access"' in page
    anna.follow(f"/connections/{connection_id}/more-access")
    place.work()
    assert "scope=calendar+contacts" in anna.get(f"/connections/{connection_id}/test")


def test_a_connections_page_shows_the_jobs_of_its_integration(place: Place, visit: Visit) -> None:
    """What runs by itself, and how it went; nobody else's."""
    from andock_core.jobs import own

    anna = visit(place.world.anna)
    connection_id = place.made(place.world.anna)
    assert "Not run yet" in words(anna.get(f"/connections/{connection_id}"))
    own.dispatch(place.core, clock.now())
    place.work()
    assert "Went well:" in words(anna.get(f"/connections/{connection_id}"))


def test_a_diagnosis_works_with_what_the_other_site_gave(place: Place, visit: Visit) -> None:
    """Of a connection in use; before there is any access it says so."""
    anna = visit(place.world.anna)
    connection_id = place.made(place.world.anna)
    assert "Redirect Calendar" in words(anna.get(f"/connections/{connection_id}/doctor"))
    attempt_id = service.start_doctor(place.core, place.world.anna, connection_id)
    place.work()
    assert status.attempt(place.core, place.world.anna, attempt_id).error == ""
    begun = service.add(place.core, place.world.anna, SLUG)
    anna.get(f"/connections/{begun}/doctor")
    attempt_id = service.start_doctor(place.core, place.world.anna, begun, {})
    place.work()
    assert status.attempt(place.core, place.world.anna, attempt_id).error == "grant.missing"


def test_a_connection_that_needs_its_member_says_so_on_every_page(
    place: Place, visit: Visit
) -> None:
    """Except on its own, which says more; to nobody else."""
    connection_id = service.add(place.core, place.world.anna, SLUG)
    anna, banner = visit(place.world.anna), "Redirect Calendar needs you."
    assert banner not in words(anna.get("/marketplace/"))
    with place.core.storage.write(place.world.anna) as session:
        row = session.get_one(Connection, connection_id)
        row.state, row.error = "attention", "token.refused"
    page = words(anna.get("/marketplace/"))
    assert f"{banner} The sign-in has ended Sign in again. Mend it" in page
    assert banner not in words(anna.get(f"/connections/{connection_id}/access"))
    assert banner not in words(visit(place.world.ben).get("/marketplace/"))


def test_refusing_more_access_loses_nothing(place: Place, visit: Visit) -> None:
    """The choice page says so, with what was chosen and the way to allow it after all; what was
    read before can still be saved."""
    anna = visit(place.world.anna)
    folder = place.world.memory.add_contacts("anna@memory.example", "Kontakte", default=True)
    connection_id = place.connected(place.world.anna)
    choice = f"/connections/{connection_id}/choice"
    chosen = {"answer-calendar_on": "on", "answer-calendar": place.world.calendars[0]}
    anna.post(choice, {**chosen, "answer-contacts_on": "on", "answer-contacts": folder})
    place.work()
    anna.post(f"/connections/{connection_id}/more-access")
    place.work()
    page = anna.get(f"/connections/{connection_id}/test/part")
    url = unescape(re.search(r'href="([^"]+)"[^>]*data-go', page)[1])  # type: ignore[index]
    assert f'href="{choice}"' in page
    state = parse_qs(urlsplit(url).query)["state"][0]
    anna.get(f"{BACK}?error=access_denied&state={state}")
    place.work()
    assert anna.look(f"/connections/{connection_id}/test").headers["Location"] == choice
    page = anna.get(choice)
    assert "The access was not allowed." in words(page)
    assert "Allow more access" in words(page)
    assert re.search(r'name="answer-contacts_on"[^>]*checked', page)
    anna.post(choice, chosen)
    place.work()
    assert "This is what will happen" in words(anna.get(f"/connections/{connection_id}/preview"))


def test_a_sign_in_begun_elsewhere_is_not_gone_on_with(place: Place, visit: Visit) -> None:
    """It would not count here, so the page lets one begin anew."""
    away = place.led_away(place.world.anna)
    anna = visit(place.world.anna)
    page = anna.get(f"/connections/{away.connection_id}/test")
    assert "data-go" not in page
    assert "Continue to the sign-in" in words(page)
    assert anna.look(f"/connections/{away.connection_id}/access").status_code == 200
