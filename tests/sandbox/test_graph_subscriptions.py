"""Subscriptions that really call back, by https and http."""

import json
import ssl
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from andock_sandbox import Mailbox, Sandbox, tls
from tests.sandbox.graph_client import Graph, meeting
from tests.sandbox.official_graph import GRAPH_TALLY

NINE = datetime(2026, 11, 24, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


def repeat(token: str) -> tuple[int, str, str]:
    """What a listener should answer to a validation."""
    return 200, "text/plain", token


class Listener:
    """Keeps what it is told; ``answer`` makes (status, type, body) of a validation token."""

    def __init__(
        self, answer: Callable[[str], tuple[int, str, str]] = repeat, folder: Path | None = None
    ) -> None:
        self.told: Queue[Any] = Queue()
        self.failures = 0
        outer = self

        class Handler(BaseHTTPRequestHandler):
            """One call."""

            def do_POST(self) -> None:
                """Note it and answer."""
                body = self.rfile.read(int(self.headers["Content-Length"] or 0))
                asked = parse_qs(urlsplit(self.path).query)
                status, kind, text = 202, "text/plain", ""
                if "validationToken" in asked:
                    status, kind, text = answer(asked["validationToken"][0])
                elif outer.failures:
                    outer.failures -= 1
                    status = 503
                else:
                    outer.told.put(json.loads(body))
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, format: str, *args: object) -> None:
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        if folder is not None:
            context = tls.ensure(folder).context()
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        scheme = "http" if folder is None else "https"
        self.url = f"{scheme}://127.0.0.1:{self._server.server_address[1]}/hear"
        Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def next(self) -> Any:
        """The next notice."""
        told = self.told.get(timeout=5)
        GRAPH_TALLY.check_lines("changeNotificationCollection", [told], "notice")
        (notice,) = told["value"]
        return notice

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    """One that answers as it should."""
    made = Listener()
    yield made
    made.close()


def wish(listener: Listener, **more: Any) -> dict[str, Any]:
    """A subscription to everything that happens to entries."""
    ends = datetime.now(UTC) + timedelta(minutes=4200)
    return {
        "changeType": "created,updated,deleted",
        "notificationUrl": listener.url,
        "resource": "me/events",
        "expirationDateTime": ends.isoformat(),
        "clientState": "geheim",
        **more,
    }


def test_changes_are_told(graph: Graph, anna: Mailbox, listener: Listener) -> None:
    """Created, changed, deleted, whoever did it; with the clientState and the entry's id."""
    made = graph.do("POST", "/subscriptions", wish(listener))
    known = anna.add_event(anna.calendar, "Eins", NINE, NINE + HOUR)
    first = listener.next()
    (seen,) = graph.get("/me/events")["value"]
    assert (first["subscriptionId"], first["clientState"]) == (made["id"], "geheim")
    assert (first["changeType"], first["resourceData"]["id"]) == ("created", seen["id"])
    graph.do("PATCH", f"/me/events/{seen['id']}", {"subject": "Neu"})
    assert listener.next()["changeType"] == "updated"
    anna.delete_event(known)
    assert listener.next()["changeType"] == "deleted"


def test_only_what_was_asked_for_is_told(graph: Graph, anna: Mailbox, listener: Listener) -> None:
    """One calendar, new entries alone, with immutable ids."""
    other = graph.do("POST", "/me/calendars", {"name": "Familie"})["id"]
    place = f"/me/calendars/{other}/events"
    prefer = {"Prefer": 'IdType="ImmutableId"'}
    body = wish(listener, resource=place, changeType="created")
    assert graph.ask("POST", "/subscriptions", body, prefer).status_code == 201
    anna.add_event(anna.calendar, "Woanders", NINE, NINE + HOUR)
    made = graph.do("POST", place, meeting(), Prefer=prefer["Prefer"])
    graph.do("PATCH", f"/me/events/{made['id']}", {"subject": "Neu"})
    assert listener.next()["resourceData"]["id"] == made["id"]
    with pytest.raises(Empty):
        listener.told.get(timeout=0.2)


def test_contacts_and_tasks_too(graph: Graph, anna: Mailbox, listener: Listener) -> None:
    """Each by its own resource."""
    lists = graph.get("/me/todo/lists")["value"]
    tasks = f"me/todo/lists/{lists[0]['id']}/tasks"
    for resource in ("me/contacts", tasks):
        graph.do("POST", "/subscriptions", wish(listener, resource=resource))
    graph.do("POST", "/me/contacts", {"givenName": "Ute"})
    assert listener.next()["resourceData"]["@odata.type"] == "#Microsoft.Graph.Contact"
    graph.do("POST", f"/{tasks}", {"title": "Anrufen"})
    assert listener.next()["resourceData"]["@odata.type"] == "#Microsoft.Graph.TodoTask"


@pytest.mark.parametrize(
    "answer",
    [
        lambda token: (200, "text/plain", "anders"),
        lambda token: (404, "text/plain", token),
        lambda token: (200, "text/html", token),
    ],
    ids=["another text", "404", "html"],
)
def test_a_listener_must_repeat_the_token(
    graph: Graph, answer: Callable[[str], tuple[int, str, str]]
) -> None:
    """Otherwise there is no subscription."""
    listener = Listener(answer)
    refused = graph.ask("POST", "/subscriptions", wish(listener))
    listener.close()
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "ValidationError")
    assert graph.get("/subscriptions")["value"] == []


def test_https_listeners_are_judged(graph: Graph, box: Sandbox, tmp_path: Path) -> None:
    """By the authority that the sandbox trusts; http can be forbidden altogether."""
    listener = Listener(folder=tmp_path)
    assert graph.ask("POST", "/subscriptions", wish(listener)).status_code == 400
    box.callbacks.tls = ssl.create_default_context(cafile=str(tmp_path / "ca.pem"))
    graph.do("POST", "/subscriptions", wish(listener))
    graph.do("POST", "/me/events", meeting())
    assert listener.next()["changeType"] == "created"
    listener.close()
    box.cloud.https_only = True
    plain = wish(listener, notificationUrl=listener.url.replace("https", "http"))
    assert graph.ask("POST", "/subscriptions", plain).json()["error"]["code"] == "InvalidRequest"


@pytest.mark.parametrize(
    "spoilt",
    [
        {"changeType": "renamed"},
        {"resource": "me/messages"},
        {"resource": "users/uwe@fremd.test/events"},
        {"expirationDateTime": "2020-01-01T00:00:00Z"},
        {"expirationDateTime": "2099-01-01T00:00:00Z"},
        {"expirationDateTime": "morgen"},
        {"notificationUrl": "http://example.test/hear"},
        {"notificationUrl": None},
        {"includeResourceData": True},
    ],
    ids=str,
)
def test_bad_subscriptions_are_refused(
    graph: Graph, listener: Listener, spoilt: dict[str, Any]
) -> None:
    """With Graph's own kind of error, before anybody is called."""
    answer = graph.ask("POST", "/subscriptions", wish(listener, **spoilt))
    assert answer.status_code in (400, 403)
    assert answer.json()["error"]["code"]


def test_renewal_expiry_and_end(graph: Graph, box: Sandbox, listener: Listener) -> None:
    """Renewed by PATCH; at its end it is gone without a word; DELETE ends it at once."""
    made = graph.do("POST", "/subscriptions", wish(listener))
    place = f"/subscriptions/{made['id']}"
    later = (datetime.now(UTC) + timedelta(minutes=4230)).isoformat()
    renewed = graph.do("PATCH", place, {"expirationDateTime": later})
    assert renewed["expirationDateTime"] > made["expirationDateTime"]
    box.callbacks.all()[0].expires = time.time() - 1
    assert graph.ask("GET", place).status_code == 404
    graph.do("POST", "/me/events", meeting())
    again = graph.do("POST", "/subscriptions", wish(listener))
    graph.do("DELETE", f"/subscriptions/{again['id']}")
    graph.do("POST", "/me/events", meeting())
    with pytest.raises(Empty):
        listener.told.get(timeout=0.2)


def test_lifecycle_notices(graph: Graph, box: Sandbox, listener: Listener) -> None:
    """reauthorizationRequired silences until it is answered; subscriptionRemoved ends it."""
    body = wish(listener, lifecycleNotificationUrl=listener.url)
    made = graph.do("POST", "/subscriptions", body)
    assert box.callbacks.lifecycle("missed") == 1
    assert listener.next()["lifecycleEvent"] == "missed"
    box.callbacks.lifecycle("reauthorizationRequired")
    notice = listener.next()
    assert (notice["lifecycleEvent"], notice["clientState"]) == (
        "reauthorizationRequired",
        "geheim",
    )
    graph.do("POST", "/me/events", meeting("Verpasst"))
    graph.do("POST", f"/subscriptions/{made['id']}/reauthorize")
    graph.do("POST", "/me/events", meeting("Gehört"))
    assert listener.next()["changeType"] == "created"
    assert listener.told.empty()
    box.callbacks.lifecycle("subscriptionRemoved", "anna@musterfirma.test")
    assert listener.next()["lifecycleEvent"] == "subscriptionRemoved"
    assert graph.get("/subscriptions")["value"] == []


def test_a_listener_that_fails_is_called_again(
    graph: Graph, box: Sandbox, listener: Listener
) -> None:
    """A little later."""
    graph.do("POST", "/subscriptions", wish(listener))
    listener.failures = 1
    graph.do("POST", "/me/events", meeting())
    assert listener.next()["changeType"] == "created"
    assert [one.status for one in box.callbacks.sent][:1] == [503]
