"""The page for whoever runs Andock: opened by a link of the command line, without any account."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from andock_core import clock
from andock_core.authorizing import operator, operator_link
from andock_sdk import Listing
from tests.authorizing.conftest import Place
from tests.marketplace.visitor import words
from tests.support.redirect_plugin import SLUG

ENDED = "Dieser Link gilt nicht mehr"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Nothing here depends on the kind of database."""
    return sqlite_url


@pytest.fixture
def stranger(app: Flask) -> FlaskClient:
    """A browser in which nobody is signed in."""
    client = app.test_client()
    client.set_cookie("andock_language", "de")
    return client


@pytest.fixture
def address(place: Place) -> str:
    """Where the link leads."""
    return urlsplit(operator_link.make(place.core, SLUG)).path


def send(stranger: FlaskClient, address: str, to: str = "", **fields: str) -> TestResponse:
    page = stranger.get(address).text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token
    form = {f"answer-{name}": value for name, value in fields.items()}
    return stranger.post(address + to, data={**form, "csrf_token": unescape(token[1])})


def kept(place: Place) -> dict[str, object]:
    return dict(operator.read(place.core.storage, place.core.vault, SLUG))


def test_it_shows_what_is_filled_in_but_no_secret(
    place: Place, stranger: FlaskClient, address: str
) -> None:
    operator_secret = str(kept(place)["client_secret"])
    answer = stranger.get(address)
    assert answer.status_code == 200
    assert "/integrations/authorized" in answer.text
    assert str(kept(place)["client_id"]) in answer.text
    assert operator_secret not in answer.text
    assert "Lassen Sie es leer, um es zu behalten." in words(answer.text)


def test_what_is_saved_is_tried_at_once(place: Place, stranger: FlaskClient, address: str) -> None:
    assert send(stranger, address, client_id="new", client_secret="fresh").status_code == 303
    assert kept(place) == {"client_id": "new", "client_secret": "fresh"}
    assert "Die Prüfung läuft" in words(stranger.get(address).text)
    place.work()
    part = stranger.get(f"{address}/check").text
    assert "Den Anbieter fragen" in part
    assert "Alles ist in Ordnung." in part
    assert "data-watch" not in part


def test_a_check_that_fails_says_what_to_do_and_can_be_repeated(
    place: Place, stranger: FlaskClient, address: str
) -> None:
    send(stranger, address, client_id="new", client_secret="refused")
    place.work()
    assert "Die Anmeldung ist abgelaufen" in words(stranger.get(address).text)
    operator.put(place.core, _listing(place), {"client_secret": "better"})
    assert send(stranger, address, "/check").status_code == 303
    place.work()
    assert "Alles ist in Ordnung." in words(stranger.get(address).text)


def test_a_secret_that_is_left_empty_stays(
    place: Place, stranger: FlaskClient, address: str
) -> None:
    before = kept(place)["client_secret"]
    send(stranger, address, client_id="other", client_secret="")
    assert kept(place) == {"client_id": "other", "client_secret": before}


def test_what_is_wrong_is_said_at_its_field_and_nothing_is_saved(
    place: Place, stranger: FlaskClient, address: str
) -> None:
    before = kept(place)
    answer = send(stranger, address, client_id="", client_secret="fresh")
    assert answer.status_code == 422
    assert "Etwas stimmt noch nicht." in words(answer.text)
    assert kept(place) == before


def test_a_link_counts_for_an_hour_and_for_one_integration(
    place: Place, stranger: FlaskClient, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for wrong in (
        address[:-4] + "AAAA",
        address.replace(SLUG, "another-calendar"),
        f"/operator/{SLUG}/x",
        f"{address[:-2]}/check",
    ):
        answer = stranger.get(wrong)
        assert (answer.status_code, ENDED in words(answer.text)) == (404, True), wrong
    later = clock.now() + operator_link.LASTS + timedelta(seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert stranger.get(address).status_code == 404


def test_the_queue_is_down(place: Place, stranger: FlaskClient, address: str) -> None:
    """What was filled in is kept, and the page says what is the matter."""
    place.world.jobs.down = True
    send(stranger, address, client_id="new", client_secret="fresh")
    assert kept(place)["client_id"] == "new"
    assert "Die Prüfung läuft" not in words(stranger.get(address).text)


def test_the_link_leads_to_andocks_own_address(place: Place) -> None:
    """Whatever host a request names."""
    place.core.settings = replace(place.core.settings, base_url="https://andock.example")
    link = operator_link.make(place.core, SLUG)
    assert link.startswith(f"https://andock.example/operator/{SLUG}/")


def _listing(place: Place) -> Listing:
    listed = place.core.catalog.get(SLUG)
    assert listed is not None
    assert listed.listing is not None
    return listed.listing
