"""Which language and which zone a page speaks."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_login import login_user

from andock_core import accounts
from andock_core.core import Core
from andock_web import formats
from andock_web.language import language, zone_name
from andock_web.session import SignedIn
from tests.web.conftest import PASSWORD, People, post, sign_in

NOW = datetime(2026, 11, 24, 9, 42, tzinfo=UTC)


def test_the_first_visit_is_german(client: FlaskClient) -> None:
    """Whatever the browser prefers; the switch is at the top right."""
    page = client.get("/sign-in", headers={"Accept-Language": "en"}).text
    assert '<html lang="de"' in page
    assert "Anmelden" in page


def test_a_switch_before_signing_in_is_remembered(client: FlaskClient) -> None:
    """By the browser; it holds after signing in too."""
    form = {"language": "en", "next": "/sign-in?next=/area/"}
    answer = post(client, "/language", form, page="/sign-in")
    assert (answer.status_code, answer.location) == (303, "/sign-in?next=/area/")
    assert '<html lang="en"' in client.get("/sign-in").text
    sign_in(client, "anna@musterfirma.test")
    assert '<html lang="en"' in client.get("/area/").text


def test_a_switch_is_remembered_with_the_member(app: Flask, anna: FlaskClient) -> None:
    """On another device the page speaks the chosen language at once."""
    post(anna, "/language", {"language": "en", "next": "/area/"})
    assert "Sign out" in anna.get("/area/").text
    elsewhere = app.test_client()
    sign_in(elsewhere, "anna@musterfirma.test")
    assert '<html lang="en"' in elsewhere.get("/area/").text


def test_the_members_choice_beats_the_browsers(app: Flask, anna: FlaskClient) -> None:
    """A browser that someone else switched speaks the member's language after signing in."""
    post(anna, "/language", {"language": "de", "next": "/area/"})
    shared = app.test_client()
    post(shared, "/language", {"language": "en"}, page="/sign-in")
    sign_in(shared, "anna@musterfirma.test")
    assert '<html lang="de"' in shared.get("/area/").text


def test_without_a_choice_the_tenants_language_counts(client: FlaskClient) -> None:
    """Zoe's company speaks English."""
    sign_in(client, "zoe@otherworks.test")
    assert '<html lang="en"' in client.get("/area/").text


def test_a_strange_language_is_refused(anna: FlaskClient) -> None:
    """Nothing is remembered."""
    assert post(anna, "/language", {"language": "xx"}).status_code == 400
    assert '<html lang="de"' in anna.get("/area/").text


def test_the_switch_stays_on_this_site(anna: FlaskClient) -> None:
    """No other site is led to."""
    answer = post(anna, "/language", {"language": "en", "next": "//evil.test"})
    assert answer.location == "/"


@pytest.fixture
def as_member(app: Flask, core: Core, people: People, monkeypatch: pytest.MonkeyPatch) -> object:
    """Formats of a member's page, at a fixed time."""
    monkeypatch.setattr("andock_web.formats.now", lambda: NOW)

    def formatted(email: str) -> dict[str, str]:
        member = accounts.sign_in(core.storage, email, PASSWORD)
        assert member is not None
        with app.test_request_context("/"):
            login_user(SignedIn(member, "any"))
            return {
                "language": language(),
                "zone": zone_name(),
                "time": formats.at_time(NOW),
                "today": formats.at(NOW),
                "yesterday": formats.at(datetime(2026, 11, 23, 12, tzinfo=UTC)),
                "tomorrow": formats.at(datetime(2026, 11, 25, 12, tzinfo=UTC)),
                "far": formats.at(datetime(2026, 3, 7, 22, 30, tzinfo=UTC)),
                "day": formats.on_day(date(2026, 11, 24)),
                "long": formats.on_long_day(date(2026, 11, 24)),
                "ago": formats.ago(datetime(2026, 11, 24, 9, 37, tzinfo=UTC)),
                "count": formats.count(12345),
                "took": f"{formats.milliseconds(38)}, {formats.milliseconds(1312)}",
            }

    return formatted


def test_dates_speak_german_in_berlin(as_member) -> None:  # type: ignore[no-untyped-def]
    """Words, order and clock as people there write them."""
    assert as_member("anna@musterfirma.test") == {
        "language": "de",
        "zone": "Europe/Berlin",
        "time": "10:42",
        "today": "heute, 10:42",
        "yesterday": "gestern, 13:00",
        "tomorrow": "morgen, 13:00",
        "far": "07.03.2026, 23:30",
        "day": "Di 24.11.",
        "long": "Dienstag, 24. November 2026",
        "ago": "vor 5 Minuten",
        "count": "12.345",
        "took": "38 ms, 1,3 s",
    }


def test_dates_speak_english_in_new_york(as_member) -> None:  # type: ignore[no-untyped-def]
    """The zone is the tenant's."""
    assert as_member("zoe@otherworks.test") == {
        "language": "en",
        "zone": "America/New_York",
        "time": "04:42",
        "today": "today, 04:42",
        "yesterday": "yesterday, 07:00",
        "tomorrow": "tomorrow, 07:00",
        "far": "7 Mar 2026, 17:30",
        "day": "Tue 24 Nov",
        "long": "Tuesday, 24 November 2026",
        "ago": "5 minutes ago",
        "count": "12,345",
        "took": "38 ms, 1.3 s",
    }
