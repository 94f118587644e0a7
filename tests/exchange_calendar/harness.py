"""Exchange's harness for the contract: hands and eyes are the sandbox's own, past the connector."""

from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from exchangelib.winzone import CLDR_TO_MS_TIMEZONE_MAP, MS_TIMEZONE_TO_IANA_MAP

from andock_sandbox import Mailbox, Sandbox, views
from andock_sandbox.faults import Fault as Planned, Faults
from andock_sandbox.server import SandboxServer
from andock_sdk import Answers, Appointment, Egress, Item
from andock_sdk.contract import Call, Cannot, Fault, Harness, LocalEgress, Seen
from andock_sdk.contract.case import instants
from tests.exchange_calendar.surroundings import EMAIL, PASSWORD

PATIENCE = 0.4
"""Seconds; what the tests let the connector wait for an answer."""
HOST = "mail.musterfirma.test"
OPERATIONS: dict[Call, str] = {
    "test": "*",
    "collections": "FindFolder",
    "changes": "SyncFolderItems",
    "read": "GetItem",
    "create": "CreateItem",
    "update": "UpdateItem",
    "delete": "DeleteItem",
    "find_operation": "FindItem",
}
KINDS: dict[Fault, str] = {
    "before": "500",
    "lost": "lost-answer",
    "throttled": "ErrorServerBusy",
    "garbage": "login-page",
    "hanging": "slow",
    "sign-in": "401",
}
WINDOWS = {"UTC": "UTC", "Asia/Kathmandu": "Nepal Standard Time"}


class Counting(Faults):
    """Counts the requests by operation, those that then fail too."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: Counter[str] = Counter()

    @property
    def waiting(self) -> bool:
        """So that every request asks."""
        return True

    def take(self, operation: str, mailbox: str, **more: Any) -> Planned | None:
        """Count, then as usual."""
        self.asked[operation] += 1
        return super().take(operation, mailbox, **more)


class ExchangeHarness(Harness):
    """A sandbox with Anna's mailbox, reached by the name of her server."""

    entry_point = "andock_exchange_calendar:integration"
    patience = PATIENCE
    many = 30
    schedules = 3
    leaves_out = frozenset({"recurrence", "attendees"})

    def __init__(self, box: Sandbox, anna: Mailbox, server: SandboxServer, ca_file: Path) -> None:
        self.box, self.anna, self._server = box, anna, server
        self.counting = box.faults = Counting()
        self._way = LocalEgress({(HOST, 443): ("127.0.0.1", server.port)}, ca_file)

    def answers(self) -> Answers:
        """The form, filled in."""
        return {"username": EMAIL, "password": PASSWORD, "server": HOST}

    def bad_answers(self) -> Answers:
        """A wrong password."""
        return {**self.answers(), "password": "Winter-1999"}

    def egress(self) -> Egress:
        """The sandbox, under its name."""
        return self._way

    def put(self, collection: str, item: Item) -> str:
        """Anna makes an entry in Outlook."""
        entry = _entry(item)
        start, end = instants(entry.when)
        ref = self.anna.add_event(
            collection,
            entry.subject,
            start,
            end,
            all_day=entry.when.all_day,
            location=entry.location,
            body=entry.body.content,
            recurrence=entry.recurrence or None,
            zone=_windows(entry.when.start_zone or self.zone),
            attendees=[(one.person.name, one.person.email) for one in entry.attendees],
        )
        for key, one in entry.overrides.items():
            fields: dict[str, Any] = {"subject": one.subject} if one.subject is not None else {}
            if one.when:
                fields["start"], fields["end"] = instants(one.when)
            self.anna.change_occurrence(ref, _original(entry, key), **fields)
        for key in entry.cancellations:
            self.anna.delete_occurrence(ref, _original(entry, key))
        return ref

    def edit(self, ref: str, item: Item) -> None:
        """Anna changes it."""
        entry = _entry(item)
        start, end = instants(entry.when)
        self.anna.update_event(
            ref,
            subject=entry.subject,
            location=entry.location,
            body=entry.body.content,
            start=start,
            end=end,
            sensitivity=entry.sensitivity.title(),
        )

    def remove(self, ref: str) -> None:
        """Anna deletes it."""
        self.anna.delete_event(ref)

    def look(self, collection: str) -> list[Seen]:
        """What Outlook would show."""
        return [_seen(found) for found in self.anna.events(collection)]

    def fail(self, call: Call, fault: Fault) -> None:
        """The next such request. Credentials that no longer count are a changed password, and a
        connection that has to sign in anew."""
        if fault == "sign-in":
            self.anna.set_password("Herbst-2026")
        self.box.fail_next(
            OPERATIONS[call],
            KINDS[fault],
            backoff_ms=60_000 if fault == "throttled" else None,
            seconds=2 * PATIENCE if fault == "hanging" else 0,
        )

    def writes(self) -> int:
        """All requests that write."""
        return sum(self.counting.asked[name] for name in ("CreateItem", "UpdateItem", "DeleteItem"))

    def mails(self) -> int:
        """What the server would have sent."""
        return len(self.box.outbox)

    def lose_cursors(self) -> None:
        """All of them."""
        self.box.lose_sync_state(self.anna)

    def spoil(self, collection: str) -> None:
        """An entry whose start is no time. What tells of it is no valid EWS, on purpose."""
        self._server.on_exchange = None
        hour = datetime(2027, 1, 1, 8, tzinfo=UTC)
        self._props(self.anna.add_event(collection, "Bad", hour, hour))["Start"] = "early"

    def mark(self, ref: str) -> None:
        """Importance, which Andock does not know."""
        self._props(ref)["Importance"] = "High"

    def is_marked(self, ref: str) -> bool:
        """Whether it is still high."""
        return self._props(ref).get("Importance") == "High"

    def _props(self, ref: str) -> dict[str, Any]:
        """All that the server keeps of an entry, to be changed in place."""
        state = self.box.state_of(EMAIL)
        assert state is not None
        return views.find(state, ref).item.props

    def drop(self, collection: str) -> None:
        """Anna deletes the calendar."""
        self.anna.delete_folder(collection)


def _entry(item: Item) -> Appointment:
    if not isinstance(item, Appointment):
        raise Cannot("make a contact on the other side")
    return item


def _windows(zone: str) -> str:
    known: str = WINDOWS.get(zone) or CLDR_TO_MS_TIMEZONE_MAP[zone][0]
    return known


def _original(entry: Appointment, key: str) -> datetime:
    return datetime.fromisoformat(key).replace(tzinfo=ZoneInfo(entry.when.start_zone))


def _seen(found: dict[str, object]) -> Seen:
    props = found["props"]
    assert isinstance(props, dict)
    start, end = (_moment(found[name]) for name in ("start", "end"))
    if not props.get("IsAllDayEvent"):
        return Seen(str(found["subject"]), start, end)
    zone = ZoneInfo(MS_TIMEZONE_TO_IANA_MAP[props["StartTimeZone"]["Id"]])
    days: tuple[date, date] = (start.astimezone(zone).date(), end.astimezone(zone).date())
    return Seen(str(found["subject"]), *days)


def _moment(text: object) -> datetime:
    return datetime.fromisoformat(str(text)).astimezone(UTC)
