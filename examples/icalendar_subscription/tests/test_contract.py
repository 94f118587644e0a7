"""Andock's contract, held against a real server: `pytest --andock-contract`."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import chain, count
from zoneinfo import ZoneInfo

import pytest
from feed_server import Answer, FeedServer
from icalendar import Calendar, Event, vRecur

from andock_icalendar_subscription import client
from andock_sdk import Answers, Appointment, Egress, Item, Slot
from andock_sdk.contract import Cannot, Harness, Seen
from andock_sdk.contract.harness import Call, Fault
from andock_sdk.contract.network import LocalEgress
from andock_sdk.contract.pytest_plugin import RunRule

SPOILT = "BEGIN:VEVENT\r\nUID:spoilt\r\nDTSTART:whenever\r\nEND:VEVENT\r\n"


PATIENCE = 0.5


class FeedHarness(Harness):
    """People edit the calendar that the server publishes."""

    entry_point = "andock_icalendar_subscription:integration"
    patience = PATIENCE

    def __init__(self, server: FeedServer) -> None:
        self._server = server
        self._events: dict[str, list[Event]] = {}
        self._spoilt = ""
        self._numbers = count()
        server.users = {"anna": "right password"}
        self._publish()

    def answers(self) -> Answers:
        """The address, with a password."""
        return {"url": self._server.url, "user": "anna", "password": "right password"}

    def bad_answers(self) -> Answers:
        """The same with a wrong one."""
        return {**self.answers(), "password": "wrong password"}

    def egress(self) -> Egress:
        """To the server."""
        return LocalEgress(ca_file=self._server.ca_file)

    def put(self, collection: str, item: Item) -> str:
        """A new event."""
        handle = f"{next(self._numbers)}@feed.test"
        self._events[handle] = list(_events(handle, item))
        self._publish()
        return handle

    def edit(self, handle: str, item: Item) -> None:
        """Another in its place."""
        self._events[handle] = list(_events(handle, item))
        self._publish()

    def remove(self, handle: str) -> None:
        """One fewer."""
        del self._events[handle]
        self._publish()

    def look(self, collection: str) -> list[Seen]:
        """What is published."""
        return [
            Seen(str(event["SUMMARY"]), _moment(event.start), _moment(event.end))
            for event, *_ in self._events.values()
        ]

    def writes(self) -> int:
        """A feed takes none."""
        return 0

    def mails(self) -> int:
        """A feed sends none."""
        return 0

    def spoil(self, collection: str) -> None:
        """An event without a usable start."""
        self._spoilt = SPOILT
        self._publish()

    def drop(self, collection: str) -> None:
        """The calendar is no longer published."""
        self._server.answers.extend([Answer(404, body=b"")] * 5)

    def fail(self, call: Call, fault: Fault) -> None:
        """The server's next answer is bad."""
        answers = {
            "before": Answer(500, body=b""),
            "throttled": Answer(429, {"Retry-After": "120"}, b""),
            "garbage": Answer(body=b"<!doctype html><p>Oh</p>"),
            "sign-in": Answer(401, body=b""),
            "lost": Answer(cut=True),
            "hanging": Answer(hang=2 * PATIENCE),
        }
        self._server.answers.append(answers[fault])

    def _publish(self) -> None:
        calendar = Calendar()
        calendar.add("prodid", "-//feed//")
        calendar.add("version", "2.0")
        for event in chain.from_iterable(self._events.values()):
            calendar.add_component(event)
        text = calendar.to_ical().decode()
        self._server.text = text.replace("END:VCALENDAR", f"{self._spoilt}END:VCALENDAR")


def _events(uid: str, item: Item) -> Iterator[Event]:
    """The event, and one for each changed occurrence of a series."""
    if not isinstance(item, Appointment):
        raise Cannot("this harness cannot publish contacts")
    event = _event(uid, item.subject, item.when)
    if item.recurrence:
        event.add("rrule", vRecur.from_ical(item.recurrence))
        for original in item.cancellations:
            event.add("exdate", _wall(original, item.when))
    yield event
    for original, own in item.overrides.items():
        subject = item.subject if own.subject is None else own.subject
        changed = _event(uid, subject, own.when or _shifted(item.when, original))
        changed.add("recurrence-id", _wall(original, item.when))
        changed.add("location", own.location or item.location)
        yield changed


def _event(uid: str, subject: str, when: Slot) -> Event:
    event = Event()
    start, end = _wall(when.start, when), _wall(when.end, when)
    for name, value in (("uid", uid), ("summary", subject), ("dtstart", start), ("dtend", end)):
        event.add(name, value)
    return event


def _wall(text: str, when: Slot) -> datetime | date:
    if when.all_day:
        return date.fromisoformat(text)
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(when.start_zone))


def _shifted(when: Slot, original: str) -> Slot:
    length = datetime.fromisoformat(when.end) - datetime.fromisoformat(when.start)
    end = datetime.fromisoformat(original) + length
    return when.model_copy(update={"start": original, "end": end.isoformat()})


def _moment(value: datetime | date) -> datetime | date:
    return value.astimezone(UTC) if isinstance(value, datetime) else value


@pytest.fixture
def harness(server: FeedServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[FeedHarness]:
    """A fresh one for each rule, and a client that waits for a moment only."""
    monkeypatch.setattr(client, "SILENCE_SECONDS", PATIENCE)
    made = FeedHarness(server)
    yield made
    made.close()


def test_contract(andock_rule: RunRule, harness: FeedHarness) -> None:
    """Rule by rule."""
    andock_rule(harness)
