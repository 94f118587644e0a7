"""$batch: twenty requests in one, each with its own result."""

from typing import Any

import pytest

from andock_sandbox import Mailbox, Sandbox
from tests.sandbox.graph_client import Graph, meeting

JSON = {"Content-Type": "application/json"}


def batch(graph: Graph, *parts: dict[str, Any]) -> dict[str, Any]:
    """The results by the ids of the parts."""
    found = graph.do("POST", "/$batch", {"requests": list(parts)})
    return {one["id"]: one for one in found["responses"]}


def part(known: str, method: str, url: str, body: Any = None, **more: Any) -> dict[str, Any]:
    """One part."""
    content = {} if body is None else {"body": body, "headers": JSON}
    return {"id": known, "method": method, "url": url, **content, **more}


def test_each_part_has_its_own_result(graph: Graph, anna: Mailbox) -> None:
    """What fails leaves the others alone."""
    found = batch(
        graph,
        part("1", "POST", "/me/events", meeting()),
        part("2", "POST", "/me/events", {"subject": 7}),
        part("3", "GET", "/me/events?$select=subject"),
    )
    assert [found[one]["status"] for one in "123"] == [201, 400, 200]
    assert found["2"]["body"]["error"]["code"] == "RequestBodyRead"
    assert found["1"]["headers"]["ETag"] == found["1"]["body"]["@odata.etag"]
    assert len(found["3"]["body"]["value"]) == 1
    assert len(anna.events()) == 1


def test_a_part_waits_for_what_it_depends_on(graph: Graph, anna: Mailbox) -> None:
    """When that fails it is not carried out: 424."""
    found = batch(
        graph,
        part("1", "POST", "/me/events", {"subject": 7}),
        part("2", "POST", "/me/events", meeting(), dependsOn=["1"]),
    )
    assert found["2"]["status"] == 424
    assert found["2"]["body"]["error"]["code"] == "FailedDependency"
    assert anna.events() == []


def test_parts_have_their_own_headers(graph: Graph) -> None:
    """Conditions and preferences."""
    made = graph.do("POST", "/me/events", meeting())
    place = f"/me/events/{made['id']}"
    stale = {**JSON, "If-Match": 'W/"old"'}
    immutable = {"Prefer": 'IdType="ImmutableId"'}
    found = batch(
        graph,
        {"id": "1", "method": "PATCH", "url": place, "headers": stale, "body": {"subject": "X"}},
        {"id": "2", "method": "GET", "url": place, "headers": immutable},
    )
    assert found["1"]["status"] == 412
    assert found["2"]["body"]["id"] != made["id"]


def test_one_part_alone_is_throttled(graph: Graph, box: Sandbox, anna: Mailbox) -> None:
    """429 with Retry-After for that part; its repetition is good."""
    box.fail_next("event.create", "429", retry_after="12")
    found = batch(
        graph,
        part("1", "POST", "/me/events", meeting("Eins")),
        part("2", "POST", "/me/events", meeting("Zwei")),
    )
    assert (found["1"]["status"], found["2"]["status"]) == (429, 201)
    assert found["1"]["headers"]["Retry-After"] == "12"
    assert [one["subject"] for one in anna.events()] == ["Zwei"]


def test_a_batch_is_one_request_in_the_count(graph: Graph, box: Sandbox) -> None:
    """Its parts are counted by their own operation."""
    batch(graph, *[part(str(n), "GET", "/me/events/delta") for n in range(3)])
    assert (box.cloud.count(), box.cloud.count("events.delta")) == (1, 3)
    assert [one.operation for one in box.cloud.log if not one.in_batch] == ["batch"]


@pytest.mark.parametrize(
    "parts",
    [
        [],
        [part(str(n), "GET", "/me") for n in range(21)],
        [part("1", "GET", "/me"), part("1", "GET", "/me")],
        [part("1", "GET", "/me", dependsOn=["2"])],
        [{"id": "1", "method": "POST", "url": "/me/events", "body": {}}],
        [{"id": 1, "method": "GET", "url": "/me"}],
        ["/me"],
    ],
    ids=lambda parts: str(len(parts)),
)
def test_malformed_batches_are_refused(graph: Graph, parts: list[Any]) -> None:
    """As a whole: too many, ids twice, unknown dependencies, no type of the body."""
    answer = graph.ask("POST", "/$batch", {"requests": parts})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "BadRequest")


def test_a_part_leads_nowhere_else(graph: Graph) -> None:
    """Neither to another host nor into another batch."""
    found = batch(
        graph,
        part("1", "GET", "https://graph.elsewhere.invalid/v1.0/me"),
        part("2", "POST", "/$batch", {"requests": []}),
    )
    assert [found[one]["status"] for one in "12"] == [400, 400]
