"""Change notifications from the stand-in, which really calls back."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from andock_office365_calendar import integration, subscriptions
from andock_office365_calendar.connector import GraphConnector
from andock_sandbox import Mailbox
from andock_sandbox.graph.notices import Subscription
from andock_sandbox.server import SandboxServer
from andock_sdk import HookRequest
from tests.office365_calendar.surroundings import Surroundings
from tests.sandbox.test_graph_subscriptions import HOUR, NINE, Listener

HALF = subscriptions.LASTS / 2


@pytest.fixture
def listener(context: Surroundings) -> Iterator[Listener]:
    """Andock's address for calls."""
    made = Listener()
    context.hook_url, context.clock = made.url, datetime.now(UTC)
    yield made
    made.close()


@pytest.fixture
def calendar(connector: GraphConnector) -> str:
    """The mailbox's own calendar."""
    return next(one.ref for one in connector.collections() if one.default)


def alive(server: SandboxServer) -> list[Subscription]:
    """The subscriptions that the other side has."""
    return server.box.callbacks.all()


def later(context: Surroundings, by: timedelta) -> None:
    """Time passes here."""
    context.clock = context.now() + by


def call(told: Any) -> HookRequest:
    """A call as the web keeps it."""
    body = json.dumps(told).encode()
    return HookRequest(name="events", method="POST", body=body, received_at=datetime.now(UTC))


def test_a_change_there_starts_a_run(
    context: Surroundings,
    connector: GraphConnector,
    calendar: str,
    listener: Listener,
    anna: Mailbox,
) -> None:
    connector.changes(calendar, None)
    anna.add_event(anna.calendar, "Eins", NINE, NINE + HOUR)
    told = {"value": [listener.next()]}
    assert integration().webhook(context, call(told)).sync
    context.state.kept.pop("client_state")
    assert not integration().webhook(context, call(told)).sync  # another connection's secret


@pytest.mark.parametrize(
    "told", [[], {"value": [{"clientState": "guessed"}]}, {"value": ["x"]}, "x", {"value": None}]
)
def test_strangers_calls_mean_nothing(
    context: Surroundings, connector: GraphConnector, calendar: str, listener: Listener, told: Any
) -> None:
    connector.changes(calendar, None)
    assert not integration().webhook(context, call(told)).sync


def test_one_subscription_per_collection_and_no_more_requests(
    context: Surroundings,
    connector: GraphConnector,
    server: SandboxServer,
    listener: Listener,
    anna: Mailbox,
) -> None:
    for one in connector.collections():
        connector.changes(one.ref, None)
        before = connector.client.requests
        connector.changes(one.ref, None)
        assert connector.client.requests == before + 1
    assert sorted(held.resource.split("/")[2] for held in alive(server)) == [
        "calendars",
        "contactFolders",
    ]


def test_it_is_renewed_at_half_its_life(
    context: Surroundings,
    connector: GraphConnector,
    calendar: str,
    server: SandboxServer,
    listener: Listener,
) -> None:
    connector.changes(calendar, None)
    (held,) = alive(server)
    held.expires -= HALF.total_seconds()
    before = held.expires
    later(context, HALF - HOUR)
    connector.changes(calendar, None)
    assert held.expires == before
    # Its own clock stands still, so it must not be asked for more than it grants.
    context.state.kept["subscriptions"][calendar]["next"] = 0.0  # type: ignore[index, call-overload]
    context.clock = datetime.now(UTC)
    connector.changes(calendar, None)
    assert alive(server) == [held]
    assert held.expires > before


def test_one_that_lapsed_is_made_anew(
    context: Surroundings,
    connector: GraphConnector,
    calendar: str,
    server: SandboxServer,
    listener: Listener,
) -> None:
    connector.changes(calendar, None)
    (old,) = alive(server)
    server.box.callbacks.end(old)
    context.state.kept["subscriptions"][calendar]["next"] = 0.0  # type: ignore[index, call-overload]
    connector.changes(calendar, None)
    assert [held.id != old.id for held in alive(server)] == [True]


@pytest.mark.parametrize("event", ["reauthorizationRequired", "subscriptionRemoved"])
def test_one_in_danger_is_seen_to_by_the_next_run(
    context: Surroundings,
    connector: GraphConnector,
    calendar: str,
    server: SandboxServer,
    listener: Listener,
    event: str,
) -> None:
    connector.changes(calendar, None)
    later(context, timedelta(minutes=1))
    server.box.callbacks.lifecycle(event)
    assert integration().webhook(context, call({"value": [listener.next()]})).sync
    connector.changes(calendar, None)
    assert [held.needs_reauthorization for held in alive(server)] == [False]
    later(context, timedelta(minutes=1))
    before = connector.client.requests
    connector.changes(calendar, None)
    assert connector.client.requests == before + 1


def test_missed_notices_start_a_run_and_nothing_else(
    context: Surroundings,
    connector: GraphConnector,
    calendar: str,
    server: SandboxServer,
    listener: Listener,
) -> None:
    connector.changes(calendar, None)
    server.box.callbacks.lifecycle("missed")
    assert integration().webhook(context, call({"value": [listener.next()]})).sync
    assert "again" not in context.state.kept


def test_without_an_address_nothing_is_created(
    connector: GraphConnector, calendar: str, server: SandboxServer
) -> None:
    connector.changes(calendar, None)
    assert alive(server) == []


def test_a_refused_address_harms_no_run_and_waits_an_hour(
    context: Surroundings,
    connector: GraphConnector,
    calendar: str,
    server: SandboxServer,
    listener: Listener,
) -> None:
    listener.close()
    assert connector.changes(calendar, None).complete
    before = connector.client.requests
    connector.changes(calendar, None)
    assert connector.client.requests == before + 1
    assert alive(server) == []


def test_a_calendar_that_is_no_longer_wanted_loses_its_subscription(
    context: Surroundings,
    connector: GraphConnector,
    calendar: str,
    server: SandboxServer,
    listener: Listener,
    anna: Mailbox,
) -> None:
    anna.add_calendar("Zwei")
    refs = [one.ref for one in connector.collections() if one.kind == "calendar"]
    for ref in refs:
        connector.changes(ref, None)
    assert len(alive(server)) == 2
    subscriptions.want(context, [calendar])
    connector.changes(calendar, None)
    assert [calendar in held.resource for held in alive(server)] == [True]
