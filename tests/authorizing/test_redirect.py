"""Signing in at another site, against a provider that checks PKCE and rotates its tokens."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select, update

from andock_core import clock
from andock_core.authorizing import operator, places, sign_ins
from andock_core.connections import sealed, service, status
from andock_core.connections.errors import AnswersRefused, WaitsForOperator
from andock_core.connections.ties import Tie
from andock_core.core import Core
from andock_core.jobs import due, lease as leases
from andock_core.moving import service as moving
from andock_core.runs import execute
from andock_core.storage import SYSTEM, Connection, SignIn
from andock_sdk import Answers, Grant, Redirect
from andock_sdk.errors import PluginBug
from tests.authorizing.conftest import SESSION, Place
from tests.support.redirect_plugin import SLUG, RedirectCalendar

LISTING = RedirectCalendar().describe()


def query(url: str) -> dict[str, str]:
    """The parameters of an address."""
    return {name: values[-1] for name, values in parse_qs(urlsplit(url).query).items()}


def kept_grant(place: Place, connection_id: str) -> Grant:
    """What is stored."""
    found = sealed.open_grant(place.core.vault, place.world.row(connection_id))
    assert found is not None
    return found


def test_the_member_is_led_away_and_back_to_a_tested_connection(place: Place) -> None:
    """Redirect, code, token, test, choice: the member types nothing here."""
    away = place.led_away(place.world.anna)
    assert (away.state, away.error) == ("away", "")
    asked = query(away.redirect)
    assert asked["redirect_uri"] == "http://127.0.0.1:8600/integrations/authorized"
    assert asked["scope"] == "calendar"
    tested = place.came_back(place.world.anna, place.identity.allow(away.redirect))
    assert (tested.state, tested.account) == ("done", "anna@memory.example")
    assert tested.form is not None


def test_what_is_kept_of_a_sign_in_is_sealed_and_gone_once_it_was_used(place: Place) -> None:
    """Neither the verifier nor the state lies in the database as it is."""
    away = place.led_away(place.world.anna)
    with place.core.storage.read(SYSTEM) as session:
        row = session.scalars(select(SignIn)).one()
        assert row.memory is not None
        assert b"verifier" not in row.memory
        assert query(away.redirect)["state"] not in str(vars(row))
    place.came_back(place.world.anna, place.identity.allow(away.redirect))
    with place.core.storage.read(SYSTEM) as session:
        assert session.scalars(select(SignIn)).one().memory is None


def test_a_refusal_has_its_own_words_and_changes_nothing(place: Place) -> None:
    """The member declined."""
    away = place.led_away(place.world.anna)
    params = {"error": "access_denied", "state": query(away.redirect)["state"]}
    assert place.came_back(place.world.anna, params).error == "sign_in.declined"
    assert place.world.row(away.connection_id).state == "added"


def test_an_approval_that_is_needed_names_where_it_is_given(place: Place) -> None:
    """The link to pass on to the other side's administrator."""
    away = place.led_away(place.world.anna)
    params = {"error": "approval", "state": query(away.redirect)["state"]}
    failed = place.came_back(place.world.anna, params)
    assert failed.error == "approval.needed"
    assert failed.approval.startswith(f"{place.identity.url}/admin-consent?state=")


def test_an_answer_without_state_counts_for_nothing(place: Place) -> None:
    """It belongs to nobody."""
    place.led_away(place.world.anna)
    with pytest.raises(sign_ins.NoState):
        service.come_back(place.core, place.world.anna, SESSION, {"code": "x"})


def test_an_answer_with_a_made_up_state_counts_for_nothing(place: Place) -> None:
    """It belongs to nobody either."""
    with pytest.raises(sign_ins.Unknown):
        service.come_back(place.core, place.world.anna, SESSION, {"code": "x", "state": "y" * 32})


def test_an_answer_counts_once(place: Place) -> None:
    """The second time it says so, and calls nobody."""
    away = place.led_away(place.world.anna)
    params = place.identity.allow(away.redirect)
    place.came_back(place.world.anna, params)
    before = place.identity.exchanges
    with pytest.raises(sign_ins.Used):
        service.come_back(place.core, place.world.anna, SESSION, params)
    place.work()
    assert place.identity.exchanges == before


def test_an_answer_of_another_member_is_refused(place: Place) -> None:
    """Also when both use one browser."""
    away = place.led_away(place.world.anna)
    params = place.identity.allow(away.redirect)
    with pytest.raises(sign_ins.SomeoneElse):
        service.come_back(place.core, place.world.ben, SESSION, params)
    with pytest.raises(sign_ins.Unknown):  # another company's sign-ins do not exist
        service.come_back(place.core, place.world.zoe, SESSION, params)


def test_an_answer_in_another_session_is_refused(place: Place) -> None:
    """Whoever gets a member to open their own answer connects nothing."""
    away = place.led_away(place.world.anna)
    with pytest.raises(sign_ins.OtherSession):
        service.come_back(
            place.core, place.world.anna, "another", place.identity.allow(away.redirect)
        )


def test_after_ten_minutes_a_sign_in_has_expired(place: Place) -> None:
    """The answer is refused, and the page of the test says so too."""
    away = place.led_away(place.world.anna)
    long_ago = clock.now() - timedelta(minutes=1)
    with place.core.storage.write(SYSTEM) as session:
        session.execute(update(SignIn).values(expires_at=long_ago))
    with pytest.raises(sign_ins.Expired):
        service.come_back(
            place.core, place.world.anna, SESSION, place.identity.allow(away.redirect)
        )


def test_reconnecting_keeps_the_connection_and_refuses_another_account(place: Place) -> None:
    """The same connection, its settings kept; another account is told."""
    connection_id = place.in_use(place.world.anna)
    place.identity.user = "other@memory.example"
    away = place.led_away(place.world.anna, connection_id)
    failed = place.came_back(place.world.anna, place.identity.allow(away.redirect))
    assert failed.error == "account.other"
    assert kept_grant(place, connection_id).secrets["user"] == "anna@memory.example"
    place.identity.user = "anna@memory.example"
    away = place.led_away(place.world.anna, connection_id)
    place.came_back(place.world.anna, place.identity.allow(away.redirect))
    assert place.world.row(connection_id).state == "active"


def test_a_token_that_rotates_in_a_run_is_stored_at_once(place: Place) -> None:
    """Each refresh token counts once, and run after run works."""
    connection_id = place.in_use(place.world.anna)
    seen = {kept_grant(place, connection_id).secrets["refresh"]}
    for _ in range(2):
        due.request_run(place.core, place.world.anna, connection_id)
        place.work()
        assert place.world.row(connection_id).error == ""
        seen.add(kept_grant(place, connection_id).secrets["refresh"])
    assert len(seen) == 3


def test_a_token_that_rotated_stays_when_the_run_fails_after_it(place: Place) -> None:
    """The other side has forgotten the old one."""
    connection_id = place.in_use(place.world.anna)
    before = kept_grant(place, connection_id)
    place.world.memory.fail("changes", "before")
    due.request_run(place.core, place.world.anna, connection_id)
    place.work()
    assert place.world.row(connection_id).error == "transient"
    assert kept_grant(place, connection_id) != before


def test_a_token_that_rotated_elsewhere_is_no_reason_to_reconnect(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While a run was under way the settings page renewed the token that the run still held."""
    connection_id = place.in_use(place.world.anna)
    opened = execute.open_connection

    def overtaken(core: Core, lease: leases.Lease) -> execute.Opened:
        found = opened(core, lease)
        tie = Tie(core, place.world.anna, connection_id, SLUG, found.grant)
        asked = {"grant_type": "refresh_token", "refresh_token": found.grant.secrets["refresh"]}
        fresh = place.identity.token({**asked, **place.identity.client})["refresh_token"]
        newer = {"secrets": {**found.grant.secrets, "refresh": fresh}}
        tie.replace_grant(found.grant.model_copy(update=newer))
        return found

    with monkeypatch.context() as while_it_runs:
        while_it_runs.setattr(execute, "open_connection", overtaken)
        due.request_run(place.core, place.world.anna, connection_id)
        place.work()
    row = place.world.row(connection_id)
    assert (row.state, row.error) == ("active", "transient")
    due.request_run(place.core, place.world.anna, connection_id)
    place.work()
    assert place.world.row(connection_id).error == ""


def test_a_run_does_not_replace_the_grant_of_a_member_who_reconnected(place: Place) -> None:
    """The newer one is theirs."""
    connection_id = place.made(place.world.anna)
    old = kept_grant(place, connection_id)
    away = place.led_away(place.world.anna, connection_id)
    place.came_back(place.world.anna, place.identity.allow(away.redirect))
    newer = kept_grant(place, connection_id)
    tie = Tie(place.core, place.world.anna, connection_id, SLUG, old)
    tie.replace_grant(old.model_copy(update={"secrets": {"refresh": "late"}}))
    assert kept_grant(place, connection_id) == newer


def test_a_run_that_lost_its_lease_still_hands_in_its_token(place: Place) -> None:
    """It may hold the only one that the other side accepts."""
    connection_id = place.made(place.world.anna)
    tie = Tie(place.core, place.world.anna, connection_id, SLUG, kept_grant(place, connection_id))
    due.request_run(place.core, place.world.anna, connection_id)
    place.world.jobs.jobs.clear()
    assert leases.acquire(place.core.storage, connection_id, "another worker")
    rotated = Grant(secrets={"refresh": "rotated", "user": "u", "scope": "calendar"})
    tie.replace_grant(rotated)
    assert kept_grant(place, connection_id) == rotated


def test_more_access_is_asked_for_when_more_is_switched_on(place: Place) -> None:
    """The choice waits, the member allows more, the choice is offered again as it was."""
    anna = place.world.anna
    folder = place.world.memory.add_contacts("anna@memory.example", "Kontakte", default=True)
    connection_id = place.connected(anna)
    answers: Answers = {
        "calendar_on": True,
        "calendar": place.world.calendars[0],
        "contacts_on": True,
        "contacts": folder,
    }
    attempt = service.save_settings(place.core, anna, connection_id, answers)
    place.work()
    saved = status.attempt(place.core, anna, attempt)
    assert (saved.error, saved.needs_more) == ("access.more", True)
    away = place.led_away(anna, connection_id, wanted=saved.answers)
    assert query(away.redirect)["scope"] == "calendar contacts"
    tested = place.came_back(anna, place.identity.allow(away.redirect))
    assert tested.more
    assert tested.form is not None
    offered = {field.name: field.value for field in tested.form.fields}
    assert offered["contacts_on"] is True
    attempt = service.save_settings(place.core, anna, connection_id, answers)
    place.work()
    assert status.attempt(place.core, anna, attempt).error == ""


def test_a_move_asks_at_once_for_what_the_old_side_holds(place: Place) -> None:
    """The member signs in once, not once more for the contacts."""
    anna = place.world.anna
    old_id = place.world.in_use(anna)
    with place.core.storage.write(anna) as session:
        row = session.get_one(Connection, old_id)
        answers = {**sealed.open_settings(place.core.vault, row), "contacts_on": True}
        row.settings = sealed.seal(place.core.vault, row, "settings", answers)
    new_id = moving.begin(place.core, anna, old_id, SLUG)
    away = place.led_away(anna, new_id)
    assert query(away.redirect)["scope"] == "calendar contacts"


def test_nobody_adds_what_waits_for_the_operator(waiting: Place) -> None:
    """Never a failing button."""
    listing = waiting.core.catalog.get(SLUG)
    assert listing is not None
    assert listing.listing is not None
    assert operator.missing(waiting.core, listing.listing) == ["client_id", "client_secret"]
    with pytest.raises(WaitsForOperator):
        service.add(waiting.core, waiting.world.anna, SLUG)
    with pytest.raises(AnswersRefused):
        operator.put(waiting.core, listing.listing, {"client_id": "only half"})


@pytest.mark.parametrize(
    "url",
    [
        "http://login.redirect.example/?state={}",
        "https://elsewhere.example/?state={}",
        "https://login.redirect.example.evil.example/?state={}",
        "https://login.redirect.example@evil.example/?state={}",
        "https://evil.example\\@login.redirect.example/?state={}",
        "https://login.redirect.example:8443/?state={}",
        "https://login.redirect.example/?state=another-one-altogether",
        "https://login.redirect.example/",
        "https://login.redirect.example/?state={}&state=second",
        "javascript:alert(1)//?state={}",
        "//login.redirect.example/?state={}",
        "https://login.redirect.example/\t?state={}",
        "https://[login.redirect.example/?state={}",
        "http://127.0.0.1:9/?state={}",
    ],
)
def test_a_redirect_leads_only_where_the_listing_says(place: Place, url: str) -> None:
    """Https, a declared host, and the state; loopback only where Andock itself is on loopback."""
    from dataclasses import replace

    state = "x" * 24
    public = replace(place.core.settings, base_url="https://andock.example")
    with pytest.raises(PluginBug):
        places.check_redirect(public, LISTING, Redirect(url=url.format(state), state=state))
    good = f"https://login.redirect.example/authorize?state={state}"
    places.check_redirect(public, LISTING, Redirect(url=good, state=state))


def test_the_callback_follows_from_the_operators_setting(place: Place) -> None:
    """Whatever a request says."""
    from dataclasses import replace

    public = replace(place.core.settings, base_url="https://andock.example/andock")
    assert places.callback_url(public) == "https://andock.example/andock/integrations/authorized"


def test_disconnecting_forgets_who_is_away(place: Place) -> None:
    """The answer then belongs to nobody."""
    away = place.led_away(place.world.anna)
    service.disconnect(place.core, place.world.anna, away.connection_id, keep_entries=True)
    with pytest.raises(sign_ins.Unknown):
        service.come_back(
            place.core, place.world.anna, SESSION, place.identity.allow(away.redirect)
        )
    with place.core.storage.read(SYSTEM) as session:
        assert session.scalars(select(Connection)).all() == []
