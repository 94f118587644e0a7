"""What a person and a script get when something goes wrong."""

import logging

import pytest
from flask import Flask
from flask.testing import FlaskClient

from andock_core.core import Core
from andock_sdk import errors as sdk
from andock_sdk.errors import AndockError
from andock_sdk.listing import Listing, Message, Permission
from andock_sdk.text import Text
from andock_web.messages import known_keys, message_for
from tests.web.conftest import post

WORDS = {
    400: ("Damit konnten wir nichts anfangen.", "We could not make sense of that."),
    403: ("Das dürfen Sie nicht.", "You may not do this."),
    404: ("Unter dieser Adresse gibt es nichts.", "There is nothing at this address."),
    413: ("Das ist zu viel auf einmal.", "That is too much at once."),
    500: ("Bei uns ist etwas schiefgegangen.", "Something went wrong on our side."),
    503: ("Andock ist gerade nicht verfügbar.", "Andock is not available right now."),
}
JSON = {"Accept": "application/json"}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Nothing here depends on the kind of database."""
    return sqlite_url


@pytest.mark.parametrize("code", WORDS)
def test_an_error_says_what_happened_and_what_next(client: FlaskClient, code: int) -> None:
    """In both languages, with one thing to do."""
    german, english = WORDS[code]
    answer = client.get(f"/area/status/{code}")
    assert answer.status_code == code
    assert german in answer.text
    assert "Anmelden" in answer.text
    client.set_cookie("andock_language", "en")
    assert english in client.get(f"/area/status/{code}").text


def test_a_signed_in_person_is_led_to_the_start(anna: FlaskClient) -> None:
    """Not to the sign-in page."""
    page = anna.get("/nowhere")
    assert page.status_code == 404
    assert "Zur Startseite" in page.text


def test_a_script_gets_the_same_words(client: FlaskClient) -> None:
    """With a key to tell errors apart."""
    answer = client.get("/area/status/404", headers=JSON)
    assert answer.status_code == 404
    assert answer.get_json()["error"] == "request.not_found"
    assert answer.get_json()["title"] == WORDS[404][0]


def test_a_mistake_of_ours_tells_no_secret(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    """The page and the log share a reference; neither has the error's message."""
    with caplog.at_level(logging.ERROR):
        page = client.get("/area/mistake")
    assert page.status_code == 500
    assert "secret" not in page.text
    assert "secret" not in caplog.text
    assert "ValueError" in caplog.text
    reference = caplog.messages[0].partition("reference=")[2][:8]
    assert reference in page.text


def test_a_mistake_is_told_to_scripts(client: FlaskClient) -> None:
    """Without more than a key and words."""
    answer = client.get("/area/mistake", headers=JSON)
    assert answer.status_code == 500
    assert set(answer.get_json()) == {"error", "title", "advice"}


def test_without_queues_people_are_told_to_try_again(anna: FlaskClient) -> None:
    """The way back leads to the page that they came from."""
    answer = post(anna, "/area/queue", {})
    assert answer.status_code == 503
    assert "Arbeiten im Hintergrund sind gerade nicht möglich." in answer.text


def test_health_needs_the_database_alone(client: FlaskClient) -> None:
    """No queue's server runs in this test, and pages are served all the same."""
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.get_json() == {"status": "ok", "database": "ok", "queue": "down"}


def test_health_tells_of_a_lost_database(
    client: FlaskClient, core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that a balancer sends nobody here."""
    from sqlalchemy.exc import OperationalError

    def refuse() -> None:
        raise OperationalError("", None, Exception())

    monkeypatch.setattr(core.storage.engine, "connect", refuse)
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.get_json()["database"] == "down"


def sdk_keys() -> set[str]:
    """The default keys of the SDK's errors."""
    kinds = [each for each in vars(sdk).values() if isinstance(each, type)]
    return {kind.default_key for kind in kinds if issubclass(kind, AndockError)}


@pytest.mark.parametrize("key", sorted(sdk_keys()))
def test_every_key_of_the_sdk_has_words(key: str) -> None:
    """Whatever a plugin raises, a person can read."""
    assert key in known_keys()


@pytest.mark.parametrize("locale", ["de", "en"])
def test_all_words_are_whole_sentences(app: Flask, locale: str) -> None:
    """Title and advice, in both languages."""
    with app.test_request_context(headers={"Cookie": f"andock_language={locale}"}):
        for key in known_keys():
            words = message_for(key)
            assert words.title.endswith("."), key
            assert words.advice.endswith("."), key


def test_an_integrations_own_words_come_first(app: Flask) -> None:
    """It may also say ours in its own way; an unknown key gets the words for "unexpected"."""
    text = Text(en="Own.", de="Eigenes.")
    listing = Listing(
        slug="own",
        title=text,
        publisher="p",
        version="1",
        summary=text,
        description=text,
        icon="<svg/>",
        categories=("calendar",),
        works_with=text,
        data_goes_to=text,
        permissions=(Permission(icon="calendar", what=text, access=text),),
        messages={"own.key": Message(title=text, advice=text)},
    )
    with app.test_request_context():
        assert message_for("own.key", listing).title == "Eigenes."
        assert message_for("sign_in.refused", listing).title.startswith("Benutzername")
        assert message_for("own.key") == message_for("unexpected")
