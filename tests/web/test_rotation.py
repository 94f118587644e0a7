"""A session begins anew at every sign-in: what a browser held before is worthless after."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web.conftest import post, sign_in
from tests.web.pages import token_in

COOKIE = "andock_session"
ANNA = "anna@musterfirma.test"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Nothing here depends on the kind of database."""
    return sqlite_url


def cookie_of(client: FlaskClient) -> str:
    """The session's cookie as this browser holds it."""
    held = client.get_cookie(COOKIE)
    assert held is not None
    return held.value


def another(app: Flask, cookie: str) -> FlaskClient:
    """A browser that somebody gave this cookie."""
    client = app.test_client()
    client.set_cookie(COOKIE, cookie)
    return client


def test_a_cookie_from_before_sign_in_opens_nothing(app: Flask, client: FlaskClient) -> None:
    """Whoever planted it in the victim's browser waits in vain."""
    client.get("/sign-in")
    planted = cookie_of(client)
    sign_in(client, ANNA)
    assert client.get("/area/").status_code == 200
    assert cookie_of(client) != planted
    assert another(app, planted).get("/area/").location.startswith("/sign-in")


def test_a_token_from_before_sign_in_sends_nothing(client: FlaskClient) -> None:
    old = token_in(client.get("/sign-in").text)
    sign_in(client, ANNA)
    assert client.post("/area/", data={"csrf_token": old}).status_code == 400


def test_signing_in_again_ends_the_session_before(app: Flask, anna: FlaskClient) -> None:
    """Also for the same person: one browser holds one session."""
    first = cookie_of(anna)
    token = token_in(anna.get("/area/").text)
    form = {"email": ANNA, "password": "ein langes Passwort", "csrf_token": token}
    assert anna.post("/sign-in", data=form).status_code == 303
    assert anna.get("/area/").status_code == 200
    assert another(app, first).get("/area/").location.startswith("/sign-in")


def test_a_cookie_from_before_signing_out_opens_nothing(app: Flask, anna: FlaskClient) -> None:
    kept = cookie_of(anna)
    assert another(app, kept).get("/area/").status_code == 200
    post(anna, "/sign-out", {})
    assert another(app, kept).get("/area/").location.startswith("/sign-in")
