"""Faults of Graph on demand, and what is noted of its requests."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import requests

from andock_sandbox import Mailbox, Sandbox
from tests.sandbox.graph_client import Graph, meeting

NINE = datetime(2026, 11, 24, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("400", "BadRequest"),
        ("401", "InvalidAuthenticationToken"),
        ("403", "ErrorAccessDenied"),
        ("409", "Conflict"),
        ("410", "SyncStateNotFound"),
        ("429", "ApplicationThrottled"),
        ("503", "ServiceUnavailable"),
        ("ErrorMailboxMoveInProgress", "ErrorMailboxMoveInProgress"),
    ],
)
def test_refusals_in_graphs_words(graph: Graph, box: Sandbox, kind: str, code: str) -> None:
    """Before anything is done; afterwards all is well."""
    box.fail_next("event.create", kind, retry_after="5")
    answer = graph.ask("POST", "/me/events", meeting())
    assert answer.json()["error"]["code"] == code
    assert answer.headers["Retry-After"] == "5"
    assert graph.get("/me/events")["value"] == []


def test_a_lost_answer_has_had_its_effect(graph: Graph, box: Sandbox, anna: Mailbox) -> None:
    """A transactionId makes the repetition harmless."""
    box.fail_next("event.create", "lost-answer")
    body = meeting(transactionId="t-1")
    with pytest.raises(requests.ConnectionError):
        graph.ask("POST", "/me/events", body)
    assert len(anna.events()) == 1
    graph.do("POST", "/me/events", body)
    assert len(anna.events()) == 1


def test_a_reset_has_had_none(graph: Graph, box: Sandbox, anna: Mailbox) -> None:
    """The connection breaks before."""
    box.fail_next("event.create", "reset")
    with pytest.raises(requests.ConnectionError):
        graph.ask("POST", "/me/events", meeting())
    assert anna.events() == []


@pytest.mark.parametrize("kind", ["truncated", "broken-xml", "login-page", "wrong-xml"])
def test_answers_that_are_no_json(graph: Graph, box: Sandbox, kind: str) -> None:
    """Half of it, broken, a page, XML."""
    box.fail_next("Graph", kind)
    with pytest.raises(requests.RequestException):
        graph.ask("GET", "/me/events").json()


def test_links_to_another_host(graph: Graph, box: Sandbox) -> None:
    """Which a client must not follow with its token."""
    box.fail_next("events.delta", "foreign-link")
    page = graph.get("/me/events/delta")
    assert page["@odata.deltaLink"].startswith("https://graph.elsewhere.invalid/")


def test_a_delta_that_repeats_itself(graph: Graph, box: Sandbox, anna: Mailbox) -> None:
    """Each line twice, which is normal for Graph."""
    anna.add_event(anna.calendar, "Eins", NINE, NINE + timedelta(hours=1))
    box.fail_next("Graph", "replayed")
    first, second = graph.get("/me/events/delta")["value"]
    assert first == second


def test_faults_hold_for_one_mailbox(graph: Graph, box: Sandbox) -> None:
    """As those of EWS."""
    box.fail_next("*", "500", mailbox="ben@musterfirma.test")
    assert graph.ask("GET", "/me/events").ok
    box.fail_next("*", "500", mailbox="anna@musterfirma.test")
    assert graph.ask("GET", "/me/events").status_code == 500


def test_requests_are_noted(graph: Graph, box: Sandbox) -> None:
    """Method, address, operation, whose, and what came of it."""
    graph.get("/me/calendars", _top="5")
    graph.ask("GET", "/me/nothing")
    first, second = box.cloud.log
    assert (first.method, first.operation, first.status) == ("GET", "calendars.list", 200)
    assert first.url == "/v1.0/me/calendars?%24top=5"
    assert (second.operation, second.status, second.mailbox) == ("", 400, "anna@musterfirma.test")


def test_a_mailbox_serves_four_requests_at_a_time(graph: Graph, box: Sandbox) -> None:
    """A fifth gets 429 with Retry-After; afterwards there is room again."""
    box.fail_next("calendars.list", "slow", times=5, seconds=0.4)
    with ThreadPoolExecutor(5) as pool:
        answers = list(pool.map(lambda _: graph.ask("GET", "/me/calendars"), range(5)))
    assert sorted(one.status_code for one in answers) == [200, 200, 200, 200, 429]
    assert next(one for one in answers if not one.ok).headers["Retry-After"] == "1"
    box.faults.clear()
    assert graph.ask("GET", "/me/calendars").ok
    assert box.cloud.peak == 4
