"""Calls from the other side: taken in by the web, answered at once, handed to the plugin later."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from limits import parse
from sqlalchemy import select, update

from andock_core import clock
from andock_core.connections import sealed
from andock_core.connections.ties import Tie
from andock_core.storage import SYSTEM, Connection, Webhook, WebhookCall
from andock_core.webhooks import addresses, answering, intake
from andock_sdk import Grant
from andock_sdk.errors import PluginBug
from andock_web import limits
from tests.authorizing.conftest import Place
from tests.support.redirect_plugin import CLIENT_STATE, SLUG

CHANGED = json.dumps({"clientState": CLIENT_STATE})


@pytest.fixture
def connection_id(place: Place) -> str:
    """Anna's connection, in use, its next run far away."""
    return place.made(place.world.anna)


@pytest.fixture
def path(place: Place, connection_id: str) -> str:
    """The path of its address for calls."""
    url = addresses.url(place.core, place.world.anna, connection_id, SLUG, "changes")
    return url.removeprefix(place.core.settings.base_url)


def calls(place: Place) -> list[WebhookCall]:
    """What waits."""
    with place.core.storage.read(SYSTEM) as session:
        found = list(session.scalars(select(WebhookCall)))
        session.expunge_all()
        return found


def due_in(place: Place, connection_id: str) -> float:
    """Seconds until the next run."""
    due: float = (place.world.row(connection_id).next_due_at - clock.now()).total_seconds()
    return due


def test_an_address_stays_the_same_and_its_secret_is_sealed(
    place: Place, connection_id: str, path: str
) -> None:
    """Another name has another; a name that cannot be one is the plugin's fault."""
    again = addresses.url(place.core, place.world.anna, connection_id, SLUG, "changes")
    other = addresses.url(place.core, place.world.anna, connection_id, SLUG, "lifecycle")
    assert again.endswith(path)
    assert other != again
    token = path.rpartition("/")[2]
    with place.core.storage.read(SYSTEM) as session:
        for row in session.scalars(select(Webhook)):
            assert token.encode() not in row.token
            assert row.digest != token
    with pytest.raises(PluginBug):
        addresses.url(place.core, place.world.anna, connection_id, SLUG, "../changes")


@pytest.mark.parametrize(
    ("base", "callable_"),
    [("https://andock.example", True), ("http://127.0.0.1:8600", True), ("http://intra", False)],
)
def test_there_is_an_address_only_where_andock_can_be_called(
    place: Place, connection_id: str, base: str, callable_: bool
) -> None:
    """By https, or on the same machine; otherwise plugins poll."""
    place.core.settings = replace(place.core.settings, base_url=base)
    grant = Grant(secrets={})
    tie = Tie(place.core, place.world.anna, connection_id, SLUG, grant)
    assert tie.webhook_url("changes").startswith(f"{base}/hooks/") is callable_


def test_a_call_is_kept_sealed_and_makes_a_run_due_soon(
    place: Place, connection_id: str, path: str, app: Flask
) -> None:
    """202 at once; the plugin looks at it in a worker, a run follows in seconds."""
    answer = app.test_client().post(
        path, data=CHANGED, content_type="application/json", headers={"X-Signature": "abc"}
    )
    assert (answer.status_code, answer.data) == (202, b"")
    (kept,) = calls(place)
    assert CLIENT_STATE.encode() not in kept.request
    assert due_in(place, connection_id) > 600
    place.work()
    assert calls(place) == []
    assert 0 < due_in(place, connection_id) < 6
    notes = sealed.open_sealed(place.core.vault, place.world.row(connection_id), "notebook")
    assert (notes["calls"], notes["signature"]) == (1, "abc")


def test_many_calls_at_once_make_one_run(
    place: Place, connection_id: str, path: str, app: Flask
) -> None:
    """The first word sets the time; the others change nothing."""
    client = app.test_client()
    client.post(path, data=CHANGED)
    place.work()
    first = place.world.row(connection_id).next_due_at
    for _ in range(3):
        client.post(path, data=CHANGED)
    place.work()
    assert place.world.row(connection_id).next_due_at == first


def test_a_call_during_a_run_is_followed_by_another_run(
    place: Place, connection_id: str, path: str, app: Flask
) -> None:
    """What changed after the run looked is not lost."""
    with place.core.storage.write(SYSTEM) as session:
        session.execute(update(Connection).values(lease_until=clock.now() + timedelta(minutes=1)))
    app.test_client().post(path, data=CHANGED)
    place.work()
    assert place.world.row(connection_id).requested_at is not None


def test_a_strangers_call_makes_nothing_due(
    place: Place, connection_id: str, path: str, app: Flask
) -> None:
    """The plugin tells who it is."""
    app.test_client().post(path, data=json.dumps({"clientState": "guessed"}))
    place.work()
    assert due_in(place, connection_id) > 600


def test_a_handshake_is_echoed_as_plain_text_without_the_plugin(
    place: Place, path: str, app: Flask
) -> None:
    """Whatever it holds, it is no page; and nothing is kept."""
    token = "<script>alert(1)</script>"
    answer = app.test_client().post(path, query_string={"validationToken": token})
    assert (answer.status_code, answer.text) == (200, token)
    assert answer.mimetype == "text/plain"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert calls(place) == []
    assert app.test_client().get(path + "?validationToken=abc").text == "abc"


@pytest.mark.parametrize("slug", [SLUG, "memory-calendar"])
def test_an_address_that_is_none_answers_404(
    place: Place, path: str, app: Flask, slug: str
) -> None:
    """Also the right token under another plugin's path, and no echo either."""
    token = "made-up" if slug == SLUG else path.rpartition("/")[2]
    answer = app.test_client().post(f"/hooks/{slug}/{token}?validationToken=abc")
    assert answer.status_code == 404
    assert calls(place) == []


def test_a_large_body_is_refused(place: Place, path: str, app: Flask) -> None:
    """64 kB are kept, not a byte more, whether its length is told or not."""
    client = app.test_client()
    assert client.post(path, data=b"x" * 65536).status_code == 202
    assert client.post(path, data=b"x" * 65537).status_code == 413
    assert len(calls(place)) == 1


def test_a_form_arrives_as_it_was_sent(place: Place, path: str, app: Flask) -> None:
    """Signatures are made over the very bytes."""
    body = "b=2&a=%00&a=1"
    app.test_client().post(path, data=body, content_type="application/x-www-form-urlencoded")
    (row,) = calls(place)
    kept = intake.opened(place.core, row)
    assert kept.body == body.encode()
    assert kept.headers["content-type"] == "application/x-www-form-urlencoded"


def test_a_visitors_cookies_are_not_kept(place: Place, path: str, app: Flask) -> None:
    """Only what the listing names."""
    app.test_client().post(
        path, data=b"{}", headers={"Cookie": "andock_session=x", "Authorization": "Bearer y"}
    )
    (row,) = calls(place)
    assert set(intake.opened(place.core, row).headers) <= {"content-type", "x-signature"}


def test_too_many_calls_are_turned_away(
    place: Place, path: str, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those that wait are bounded, whoever calls."""
    monkeypatch.setattr(intake, "MOST_WAITING", 2)
    client = app.test_client()
    assert [client.post(path, data=b"{}").status_code for _ in range(3)] == [202, 202, 429]
    assert len(calls(place)) == 2


def test_who_guesses_addresses_is_slowed_down(
    app: Flask, waiting: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And whoever calls a good address too often is asked to come later."""
    monkeypatch.setattr(limits, "PER_GUESS", parse("2 per 1 minute"))
    client = app.test_client()
    answers = [client.get(f"/hooks/{SLUG}/guess-{number}") for number in range(3)]
    assert [answer.status_code for answer in answers] == [404, 404, 429]
    assert answers[-1].headers["Retry-After"] == "60"


def test_a_call_waits_while_the_queue_is_down(place: Place, path: str, app: Flask) -> None:
    """It is in the database; the dispatcher queues it later, once."""
    place.world.jobs.down = True
    assert app.test_client().post(path, data=CHANGED).status_code == 202
    place.world.jobs.down = False
    later = clock.now() + answering.LOST + timedelta(seconds=1)
    assert (answering.dispatch(place.core, later), answering.dispatch(place.core, later)) == (1, 0)
    place.work()
    assert calls(place) == []


def test_a_call_that_the_plugin_could_not_look_into_is_tried_again_a_few_times(
    place: Place, path: str, app: Flask
) -> None:
    """Then it is dropped: the next run sees what changed anyway."""
    app.test_client().post(path, data=json.dumps({"fault": "transient"}))
    for done in range(answering.MOST_TRIES):
        place.work()
        assert len(calls(place)) == (done + 1 < answering.MOST_TRIES)
        answering.dispatch(place.core, clock.now() + timedelta(hours=1))


@pytest.mark.parametrize("body", [b"\xff\xfe", b"[]", b"{", b"null"])
def test_nonsense_harms_nobody(
    place: Place, connection_id: str, path: str, app: Flask, body: bytes
) -> None:
    """The plugin breaks over it; the call is gone, the connection well."""
    app.test_client().post(path, data=body)
    place.work()
    assert calls(place) == []
    row: Any = place.world.row(connection_id)
    assert (row.state, row.error) == ("active", "")
