"""Bodies and addresses that are a little wrong: Graph's own errors, never a broken connection."""

import copy
import random
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from andock_sandbox import Mailbox
from tests.sandbox.graph_client import Graph, at, attendee, meeting
from tests.sandbox.test_graph_contacts import FULL

pytestmark = pytest.mark.more

ODD: list[Any] = [
    None,
    "",
    "x",
    0,
    -1,
    2**70,
    1.5,
    True,
    [],
    [None],
    ["x"],
    [{}],
    {},
    {"x": None},
    "\x00",
    "2026-02-30T25:61:00",
    "9999-12-31T23:59:59Z",
    "0001-01-01T00:00:00",
]
RULE = {
    "pattern": {"type": "weekly", "interval": 1, "daysOfWeek": ["tuesday"]},
    "range": {"type": "numbered", "startDate": "2026-11-24", "numberOfOccurrences": 3},
}
EVENT = meeting(
    body={"contentType": "html", "content": "<p>x</p>"},
    attendees=[attendee("ben@musterfirma.test")],
    recurrence=RULE,
    location={"displayName": "Raum 1"},
    categories=["Rot"],
    singleValueExtendedProperties=[{"id": "String 0x37", "value": "x"}],
    extensions=[{"extensionName": "a.b", "n": 1}],
)
TASK = {
    "title": "x",
    "dueDateTime": at("2026-11-27T00:00:00"),
    "recurrence": RULE,
    "body": {"content": "x", "contentType": "text"},
    "linkedResources": [{"externalId": "1"}],
}
SUBSCRIPTION = {
    "changeType": "created",
    "notificationUrl": "http://example.test/x",
    "resource": "me/events",
    "expirationDateTime": "2026-11-24T00:00:00Z",
}
BATCH: dict[str, Any] = {
    "requests": [{"id": "1", "method": "GET", "url": "/me", "headers": {}, "body": None}]
}


def paths(held: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The places of a body."""
    if path:
        yield path
    if not isinstance(held, dict | list):
        return
    for key, inner in held.items() if isinstance(held, dict) else enumerate(held):
        yield from paths(inner, (*path, key))


def mutations(body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The body with each odd value at each place."""
    for path in paths(body):
        for odd in ODD:
            made = copy.deepcopy(body)
            inner: Any = made
            for key in path[:-1]:
                inner = inner[key]
            inner[path[-1]] = odd
            yield made


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/me/events", EVENT),
        ("/me/contacts", FULL),
        ("tasks", TASK),
        ("/subscriptions", SUBSCRIPTION),
        ("/$batch", BATCH),
        ("/me/translateExchangeIds", {"inputIds": ["x"], "sourceIdType": "ewsId"}),
        ("/me/calendars", {"name": "x", "color": "auto"}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_odd_values_everywhere(
    graph: Graph, anna: Mailbox, path: str, body: dict[str, Any]
) -> None:
    """Accepted, and then readable and changeable, or refused with an error that says so."""
    if path == "tasks":
        path = f"/me/todo/lists/{graph.get('/me/todo/lists')['value'][0]['id']}/tasks"
    for made in mutations(body):
        answer = graph.ask("POST", path, made)
        assert answer.status_code < 500, (made, answer.text)
        if not answer.ok:
            assert answer.json()["error"]["code"], made
        elif "id" in answer.json() and path.startswith("/me"):
            known = f"{path}/{answer.json()['id']}"
            assert graph.ask("GET", known).ok, made
            assert graph.ask("PATCH", known, made).status_code < 500, made
            graph.ask("DELETE", known)


def test_odd_addresses(graph: Graph, anna: Mailbox) -> None:
    """Options, filters, ids and tokens put together at random."""
    random.seed(7)
    known = graph.do("POST", "/me/events", EVENT)["id"]
    homes = (
        "/me/events",
        f"/me/events/{known}",
        f"/me/events/{known}/instances",
        "/me/calendarView",
        "/me/calendarView/delta",
        "/me/events/delta",
        "/me/contacts/delta",
        "/me/contactFolders/delta",
        "/me/todo/lists",
        "/me/calendars('x')/events",
        "/users/x/events",
    )
    names = [
        *("$top", "$skip", "$select", "$expand", "$filter", "$orderby", "$count", "$search"),
        *("$deltatoken", "$skiptoken", "startDateTime", "endDateTime"),
    ]
    words = [
        *("1", "0", "-1", "id", "start", "start/dateTime desc", "extensions", "x eq", "(", ")"),
        *("subject eq 'x'", "not", "singleValueExtendedProperties($filter=id eq 'x')", "'", ""),
        *("2026-11-24T00:00:00Z", "2026-13-01T00:00:00Z", "singleValueExtendedProperties/any("),
        *("a/any(b: b eq 1)", "recurrence eq null and start lt 3", "eJyLjgUAARUAuQ", "\x00", "ä"),
    ]
    for _ in range(600):
        chosen = random.sample(names, random.randint(0, 4))
        query = "&".join(f"{name}={quote(random.choice(words))}" for name in chosen)
        answer = graph.ask("GET", f"{random.choice(homes)}?{query}")
        assert answer.status_code < 500, (answer.request.url, answer.text)
