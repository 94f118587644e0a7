"""What Graph asks of its clients, and what Andock does where Graph gives no answer."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from andock_office365_calendar import cursor as cursors
from andock_office365_calendar.connector import GraphConnector
from andock_office365_calendar.cursor import LASTS
from andock_sandbox import Mailbox, Sandbox
from andock_sdk import Grant, errors
from tests.exchange_calendar.surroundings import appointment
from tests.office365_calendar.surroundings import Surroundings, connector_for
from tests.office365_calendar.test_connector import NINE, TEN, listed, weekly

AN_HOUR = timedelta(hours=1)


@pytest.fixture
def calendar(connector: GraphConnector) -> str:
    """The mailbox's own calendar."""
    return next(one.ref for one in connector.collections() if one.default)


def test_at_most_four_requests_are_in_flight_per_mailbox(
    connector: GraphConnector, calendar: str, anna: Mailbox, box: Sandbox
) -> None:
    """A run asks one thing after the other, whatever it does; a page that looks meanwhile is the
    second. The stand-in counts what it serves at the same time."""
    for number in range(45):
        anna.add_event(anna.calendar, f"Termin {number}", NINE, TEN)
    refs, cursor = listed(connector, calendar)
    connector.read(calendar, refs)
    made = connector.create(calendar, weekly(cancellations=("2026-12-08T09:00:00",)), "op-1")
    connector.changes(calendar, cursor)
    connector.delete(calendar, made.ref, made.version)
    assert len(refs) == 45
    assert box.cloud.peak == 1


@pytest.mark.parametrize("operation", ["events.delta", "event.get", "event.create"])
def test_retry_after_is_when_the_connection_is_due_again(
    context: Surroundings, connector: GraphConnector, calendar: str, box: Sandbox, operation: str
) -> None:
    """Also where one part of a $batch says it. Core makes the connection due at `until`."""
    made = connector.create(calendar, appointment(subject="Eins"), "op-1")
    work: Callable[[], object] = {
        "events.delta": lambda: connector.changes(calendar, None),
        "event.get": lambda: connector.read(calendar, [made.ref]),
        "event.create": lambda: connector.create(calendar, appointment(), "op-2"),
    }[operation]
    box.fail_next(operation, "429", retry_after="90")
    with pytest.raises(errors.Throttled) as caught:
        work()
    assert caught.value.until == context.now() + timedelta(seconds=90)
    work()


@pytest.mark.parametrize(
    ("said", "until"),
    [
        ("120", timedelta(minutes=2)),
        ("Sun, 22 Nov 2026 09:00:00 GMT", AN_HOUR),
        ("999999", timedelta(days=1)),  # no pause is longer
        ("soon", None),  # core chooses
    ],
)
def test_retry_after_in_every_spelling(
    context: Surroundings,
    connector: GraphConnector,
    calendar: str,
    box: Sandbox,
    said: str,
    until: timedelta | None,
) -> None:
    box.fail_next("events.delta", "429", retry_after=said)
    with pytest.raises(errors.Throttled) as caught:
        connector.changes(calendar, None)
    expected: datetime | None = None if until is None else context.now() + until
    assert caught.value.until == expected


def test_a_link_to_another_host_is_not_followed_and_sees_no_token(
    context: Surroundings, connector: GraphConnector, calendar: str, box: Sandbox
) -> None:
    """Next and delta links come from Graph; their host is checked before the token is attached."""
    box.fail_next("events.delta", "foreign-link")
    with pytest.raises(errors.Transient):
        connector.changes(calendar, None)
    elsewhere = cursors.Cursor("https://graph.elsewhere.invalid/v1.0/me", "events", 0, listing=True)
    with pytest.raises(errors.Transient):
        connector.changes(calendar, elsewhere.dump())
    assert {host for host, _ in context.egress.asked} == {"127.0.0.1"}


@pytest.mark.parametrize(
    "link",
    [
        "https://elsewhere.invalid/v1.0/me/events",
        "http://{host}/v1.0/me/events",
        "https://{host}@elsewhere.invalid/v1.0/me",
        "https://{host}.elsewhere.invalid/v1.0/me",
        "https://{host}/beta/me/events",
        "//elsewhere.invalid/v1.0/me",
    ],
)
def test_links_that_only_look_like_graphs(
    context: Surroundings, connector: GraphConnector, link: str
) -> None:
    """Another scheme, another host behind the right one's name, another version."""
    host = str(context.operator["graph"]).split("/")[2]
    before = len(context.egress.asked)
    with pytest.raises(errors.AndockError):
        connector.client.get(link.format(host=host))
    assert {name for name, _ in context.egress.asked[before:]} <= {"127.0.0.1"}


def test_a_tenant_without_a_delta_of_events_gets_that_of_the_calendar_view(
    context: Surroundings,
    connector: GraphConnector,
    grant: Grant,
    calendar: str,
    anna: Mailbox,
    box: Sandbox,
) -> None:
    """Found out once, and kept: the next run, and every other calendar, begins with the view."""
    anna.add_event(anna.calendar, "Eins", NINE, NINE + AN_HOUR)
    box.fail_next("events.delta", "400")
    refs, cursor = listed(connector, calendar)
    assert len(refs) == 1
    anna.add_event(anna.calendar, "Zwei", NINE, NINE + AN_HOUR)
    assert len(connector.changes(calendar, cursor).changes) == 1
    anna.add_calendar("Team")
    team = next(one.ref for one in connector.collections() if one.name == "Team")
    again = connector_for(context, grant)
    asked = len(box.cloud.log)
    listed(again, team)
    operations = {one.operation for one in list(box.cloud.log)[asked:]}
    assert "calendarView.delta" in operations
    assert "events.delta" not in operations
    again.close()


def test_a_tenant_that_has_both_is_not_given_up_for_one_bad_answer_later(
    connector: GraphConnector, calendar: str, box: Sandbox
) -> None:
    _, cursor = listed(connector, calendar)
    box.fail_next("events.delta", "400")
    with pytest.raises(errors.PluginBug):
        connector.changes(calendar, cursor)
    asked = len(box.cloud.log)
    connector.changes(calendar, None)
    assert {one.operation for one in list(box.cloud.log)[asked:]} == {"events.delta"}


def test_everything_is_listed_anew_each_night(
    context: Surroundings, connector: GraphConnector, calendar: str, anna: Mailbox
) -> None:
    """A delta may miss something: a day after the last whole listing all is compared again."""
    anna.add_event(anna.calendar, "Eins", NINE, NINE + AN_HOUR)
    _, cursor = listed(connector, calendar)
    context.clock = context.now() + LASTS - timedelta(minutes=1)
    page = connector.changes(calendar, cursor)
    assert (page.changes, page.complete) == ((), False)
    context.clock = context.now() + timedelta(minutes=2)
    with pytest.raises(errors.CursorLost):
        connector.changes(calendar, page.cursor)
    refs, cursor = listed(connector, calendar)
    assert len(refs) == 1
    assert not connector.changes(calendar, cursor).complete
