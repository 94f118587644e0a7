"""How a feed is fetched: once, within limits, through egress, and never taken for empty."""

import socket
from datetime import UTC, datetime, timedelta

import pytest
from calendars import Connect, calendar
from feed_server import Answer, FeedServer

from andock_icalendar_subscription import client
from andock_icalendar_subscription.connector import COLLECTION, FeedConnector
from andock_sdk import Appointment, RemoteItem, errors
from andock_sdk.contract.case import Surroundings


def listed(connector: FeedConnector) -> tuple[int, str]:
    """How many items a listing from the start names, and its cursor."""
    page = connector.changes(COLLECTION, None)
    assert page.complete
    return len(page.changes), page.cursor


def test_an_unchanged_feed_is_not_transferred(server: FeedServer, connect: Connect) -> None:
    """The server's own marks go back to it, and its 304 means: nothing new."""
    _, cursor = listed(connect())
    page = connect().changes(COLLECTION, cursor)
    assert (page.changes, page.cursor, page.complete) == ((), cursor, False)
    assert server.requests[-1].headers["If-None-Match"] == server.tag()


def test_a_server_without_marks_is_compared_by_content(
    server: FeedServer, connect: Connect
) -> None:
    """Google's feeds say a new DTSTAMP each time; nothing in them is new."""
    server.marks = False
    _, cursor = listed(connect())
    server.text = server.text.replace("DTSTAMP:20261101", "DTSTAMP:20261102")
    assert connect().changes(COLLECTION, cursor).changes == ()


def test_changes_and_deletes_are_told(server: FeedServer, connect: Connect) -> None:
    """By comparing with what the cursor remembers."""
    one = "DTSTART:20261124T080000Z\nSUMMARY:One"
    server.text = calendar(one, "DTSTART:20261125T080000Z\nSUMMARY:Two")
    _, cursor = listed(connect())
    server.text = calendar(one.replace("One", "Other"))
    told = connect().changes(COLLECTION, cursor).changes
    assert sorted(change.kind for change in told) == ["changed", "deleted"]


@pytest.mark.parametrize(
    ("body", "key"),
    [
        (b"", "feed.not_calendar"),
        (b"<!doctype html><title>Sign in</title>", "feed.not_calendar"),
        (b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "feed.empty"),
        (b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\n", "feed.cut"),
    ],
)
def test_what_is_no_calendar_deletes_nothing(
    server: FeedServer, connect: Connect, body: bytes, key: str
) -> None:
    """A web page, half a feed, one that is suddenly empty: each an error, with and without a
    cursor."""
    _, cursor = listed(connect())
    for known in (cursor, None):
        server.answers.append(Answer(body=body))
        with pytest.raises(errors.Transient) as caught:
            connect().changes(COLLECTION, known)
        assert caught.value.key == key


def test_a_calendar_may_be_empty_from_the_start(server: FeedServer, connect: Connect) -> None:
    """A new one is."""
    server.text = calendar()
    assert listed(connect())[0] == 0


def test_a_body_that_ends_early_is_an_error(server: FeedServer, connect: Connect) -> None:
    """Not a shorter calendar."""
    server.answers.append(Answer(cut=True))
    with pytest.raises(errors.Transient):
        connect().changes(COLLECTION, None)


def test_gzip_is_unpacked_within_the_limit(
    server: FeedServer, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is small when packed may be large."""
    server.packed = True
    assert listed(connect())[0] == 1
    monkeypatch.setattr(client, "MOST_BYTES", 100)
    with pytest.raises(errors.MemberError, match=r"feed\.too_large"):
        connect().changes(COLLECTION, None)


@pytest.mark.parametrize(
    ("content_type", "encoding"),
    [
        ("text/calendar; charset=ISO-8859-1", "latin-1"),
        ("text/calendar", "cp1252"),
        ("text/calendar; charset=nonsense", "utf-8"),
        ("text/plain", "utf-8-sig"),
        ("text/calendar", "utf-16"),
    ],
)
def test_charsets(server: FeedServer, connect: Connect, content_type: str, encoding: str) -> None:
    """As the server says, as the bytes say, or what old programs write."""
    text = calendar("DTSTART:20261124T080000Z\nSUMMARY:Frühstück")
    headers = {"Content-Type": content_type}
    server.answers.append(Answer(headers=headers, body=text.encode(encoding)))
    (found,) = connect().feed().items.values()
    assert isinstance(found, RemoteItem)
    assert isinstance(found.item, Appointment)
    assert found.item.subject == "Frühstück"


@pytest.mark.parametrize("address", ["webcal", "webcals"])
def test_webcal_is_asked_over_https(server: FeedServer, connect: Connect, address: str) -> None:
    """It is how links say "subscribe to this"."""
    assert listed(connect(server.url.replace("https", address)))[0] == 1


def test_a_password_goes_to_its_own_host_alone(server: FeedServer, connect: Connect) -> None:
    """Also one that stands in the address; a redirect elsewhere gets none."""
    server.users = {"anna": "geheim:ü"}
    assert listed(connect(user="anna", password="geheim:ü"))[0] == 1
    url = server.url.replace("://", "://anna:geheim%3A%C3%BC@")
    assert listed(connect(url))[0] == 1
    elsewhere = server.url.replace("localhost", "127.0.0.1")
    server.requests.clear()
    server.answers.append(Answer(302, {"Location": elsewhere}, b""))
    with pytest.raises(errors.AndockError):
        connect(user="anna", password="geheim:ü").changes(COLLECTION, None)
    assert "Authorization" in server.requests[0].headers
    assert all("Authorization" not in request.headers for request in server.requests[1:])


def test_a_redirect_is_followed_with_the_password_on_the_same_host(
    server: FeedServer, connect: Connect
) -> None:
    """Calendars move from one path to another."""
    server.users = {"anna": "geheim"}
    server.answers.append(Answer(301, {"Location": "/new/team.ics"}, b""))
    assert listed(connect(user="anna", password="geheim"))[0] == 1
    assert [request.path for request in server.requests] == ["/team.ics", "/new/team.ics"]


class Refusing:
    """Egress that lets one server be called, as the operator's policy would."""

    def __init__(self, inner: object, port: int) -> None:
        self._inner = inner
        self._port = port

    def __getattr__(self, name: str) -> object:
        return getattr(self._inner, name)

    def connect(self, host: str, port: int, timeout: float) -> socket.socket:
        """Only there."""
        if port != self._port:
            raise errors.EgressRefused
        return self._inner.connect(host, port, timeout)  # type: ignore[attr-defined,no-any-return]


def test_a_redirect_never_reaches_a_refused_address(
    server: FeedServer, context: Surroundings, connect: Connect
) -> None:
    """Each hop asks egress anew."""
    context.egress = Refusing(context.egress, server.port)  # type: ignore[assignment]
    server.answers.append(Answer(302, {"Location": "https://169.254.169.254/latest"}, b""))
    with pytest.raises(errors.EgressRefused):
        connect().changes(COLLECTION, None)


@pytest.mark.parametrize(
    ("location", "key"),
    [
        ("http://localhost/plain.ics", "feed.insecure"),
        ("/team.ics", "feed.redirects"),
        ("", "feed.redirects"),
        ("file:///etc/passwd", "feed.unavailable"),
    ],
)
def test_redirects_that_are_not_followed(
    server: FeedServer, connect: Connect, location: str, key: str
) -> None:
    """To http, in a circle, to no server."""
    server.answers.extend([Answer(302, {"Location": location}, b"")] * 10)
    with pytest.raises(errors.AndockError) as caught:
        connect().changes(COLLECTION, None)
    assert caught.value.key == key


@pytest.mark.parametrize(
    ("status", "kind", "key"),
    [
        (401, errors.BadCredentials, "sign_in.refused"),
        (403, errors.MemberError, "feed.forbidden"),
        (404, errors.CollectionGone, "feed.gone"),
        (410, errors.CollectionGone, "feed.gone"),
        (400, errors.MemberError, "feed.refused"),
        (500, errors.Transient, "feed.unavailable"),
        (503, errors.Transient, "feed.unavailable"),
        (429, errors.Throttled, "throttled"),
    ],
)
def test_what_a_status_means(
    server: FeedServer, connect: Connect, status: int, kind: type[errors.AndockError], key: str
) -> None:
    """Whose it is to mend, and with which words."""
    server.answers.append(Answer(status, body=b""))
    with pytest.raises(kind) as caught:
        connect().changes(COLLECTION, None)
    assert (type(caught.value), caught.value.key) == (kind, key)


@pytest.mark.parametrize("status", [429, 503])
def test_a_pause_ends_when_the_server_says(
    server: FeedServer, connect: Connect, status: int
) -> None:
    """In seconds, or as a date."""
    server.answers.append(Answer(status, {"Retry-After": "120"}, b""))
    with pytest.raises(errors.Throttled) as caught:
        connect().changes(COLLECTION, None)
    assert caught.value.until is not None
    assert timedelta(seconds=100) < caught.value.until - datetime.now(UTC) < timedelta(seconds=121)
    server.answers.append(Answer(status, {"Retry-After": "Wed, 25 Nov 2026 08:00:00 GMT"}, b""))
    with pytest.raises(errors.Throttled) as caught:
        connect().changes(COLLECTION, None)
    assert caught.value.until == datetime(2026, 11, 25, 8, tzinfo=UTC)


def test_nothing_can_be_written(connect: Connect) -> None:
    """And says so."""
    with pytest.raises(errors.Unrepresentable):
        connect().delete(COLLECTION, "any", "any")
