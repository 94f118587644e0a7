"""Signing in and out, and the session between."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from andock_core.core import Core
from andock_core.storage import Member, Scope
from tests.web.conftest import PASSWORD, People, post, sign_in
from tests.web.pages import token_in


def test_every_page_asks_for_a_sign_in(client: FlaskClient) -> None:
    """Who is not signed in comes to the sign-in page, and from there back to the page."""
    answer = client.get("/area/?week=48")
    assert answer.status_code == 302
    assert answer.location == "/sign-in?next=/area/?week%3D48"
    answer = sign_in(client, "anna@musterfirma.test", target="/area/?week=48")
    assert (answer.status_code, answer.location) == (303, "/area/?week=48")
    assert "Hello Anna Krüger" in client.get("/area/").text


def test_the_first_page_is_the_first_place(anna: FlaskClient) -> None:
    """The name in the top bar leads there, and so does a visit to the sign-in page."""
    assert anna.get("/").location == "/area/"
    assert anna.get("/sign-in").location == "/"


def test_a_wrong_sign_in_does_not_tell_which(client: FlaskClient) -> None:
    """An unknown address and a wrong password get the same words; the address is kept."""
    pages = []
    for email, password in (("anna@musterfirma.test", "not this"), ("no@body.test", PASSWORD)):
        answer = sign_in(client, email, password)
        assert answer.status_code == 422
        assert f'value="{email}"' in answer.text
        assert password not in answer.text
        pages.append(answer.text.replace(email, ""))
    first, second = (page.partition("<main")[2].replace(token_in(page), "") for page in pages)
    assert "E-Mail-Adresse oder Passwort ist falsch." in first
    assert first == second


def test_a_sign_in_starts_a_new_session(client: FlaskClient) -> None:
    """Whatever was in the cookie before is gone, the token for forms above all."""
    with client.session_transaction() as before:
        before["planted"] = "by somebody else"
    client.get("/sign-in")
    with client.session_transaction() as seen:
        old = seen["csrf_token"]
    sign_in(client, "anna@musterfirma.test")
    client.get("/area/")
    with client.session_transaction() as after:
        assert "planted" not in after
        assert after["csrf_token"] != old


def test_signing_out_ends_the_session(anna: FlaskClient) -> None:
    """And the page says so."""
    answer = post(anna, "/sign-out", {})
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    assert "Sie sind abgemeldet." in anna.get("/sign-in").text
    assert anna.get("/area/").status_code == 302


def test_raising_the_epoch_ends_all_sessions(anna: FlaskClient, core: Core, people: People) -> None:
    """A stolen or forgotten session can be ended from the server."""
    with core.storage.write(Scope(people.home)) as session:
        session.get_one(Member, people.anna).session_epoch += 1
    assert anna.get("/area/").status_code == 302


@pytest.mark.parametrize("user_id", ["", "x", ":0", "x:", "x:y", "x:-1", "x:0:0"])
def test_a_strange_cookie_is_nobody(client: FlaskClient, user_id: str) -> None:
    """Even one that is signed."""
    with client.session_transaction() as session:
        session["_user_id"] = user_id
        session["_fresh"] = True
    assert client.get("/area/").status_code == 302


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.test/",
        "//evil.test/",
        "/\\evil.test/",
        "/\t/evil.test/",
        "/%0a/evil.test\n",
        "javascript:alert(1)",
        "evil.test",
        "",
    ],
)
def test_a_sign_in_never_leads_to_another_site(client: FlaskClient, target: str) -> None:
    """Only paths of this site are followed."""
    assert sign_in(client, "anna@musterfirma.test", target=target).location == "/"


def test_scripts_get_told_in_json(client: FlaskClient) -> None:
    """A script is not sent to a page."""
    answer = client.get("/area/", headers={"Accept": "application/json"})
    assert answer.status_code == 401
    assert answer.get_json() == {
        "error": "signed_out",
        "title": "Sie sind abgemeldet.",
        "advice": "Melden Sie sich wieder an; Sie kommen auf diese Seite zurück.",
    }


def test_cookies_are_closed(client: FlaskClient) -> None:
    """No script reads them, no other site sends them along, and they end with the browser."""
    cookies = sign_in(client, "anna@musterfirma.test").headers.getlist("Set-Cookie")
    [session] = [cookie for cookie in cookies if cookie.startswith("andock_session=")]
    assert "HttpOnly" in session
    assert "SameSite=Lax" in session
    assert "Expires" not in session
    assert "Max-Age" not in session


def test_cookies_travel_by_https_where_there_is_https(app: Flask) -> None:
    """Only a site that is plain http on loopback sends them in the clear."""
    app.config["SESSION_COOKIE_SECURE"] = True  # what create_app sets for an https address
    answer = app.test_client().get("/sign-in", base_url="https://andock.test")
    assert "Secure" in answer.headers["Set-Cookie"]


def test_other_tenants_do_not_exist(client: FlaskClient, core: Core, people: People) -> None:
    """In Zoe's name, no query finds a member of Anna's company."""
    sign_in(client, "zoe@otherworks.test")
    page = client.get("/area/").text
    assert "Otherworks" in page
    assert "Musterfirma" not in page
    with core.storage.read(Scope(people.elsewhere, people.zoe)) as session:
        assert session.get(Member, people.anna) is None
