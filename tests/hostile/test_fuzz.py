"""Whatever is done to Exchange's answers, a connector lets out nothing but andock_sdk's errors, and
core can hold and expand whatever it reads."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any, cast

import pytest

from andock_core.calendar.window import Window
from andock_core.runs.execute import enters
from andock_exchange_calendar.client import Access, Client
from andock_exchange_calendar.connector import ExchangeConnector
from andock_sandbox import Mailbox, Sandbox, service
from andock_sandbox.service import VERSIONS
from andock_sdk import (
    Appointment,
    ChangePage,
    Collection,
    Contact,
    Patch,
    Person,
    RemoteItem,
    errors,
)
from andock_sdk.https import Answer
from tests.exchange_calendar.surroundings import Names, Surroundings, appointment, days
from tests.hostile.mutation import damaged

EMAIL = "anna@firma.test"
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
WINDOW = Window.around(NOW)
WRITES = re.compile(rb"<m:(Create|Update|Delete)")
SLOWEST = 20.0
"""Seconds for one call: far more than any takes, far less than for ever."""


@dataclass
class Fuzzer:
    """A connector whose answers are damaged from the `honest`th on. `seed` names what is done."""

    box: Sandbox
    mailbox: Mailbox
    connector: ExchangeConnector
    random: Random = field(default_factory=Random)
    honest: int = 0
    known: dict[bytes, service.Answer] = field(default_factory=dict)

    def send(self, method: str, url: str, body: bytes, *_: Any) -> Answer:
        """In the place of a wire: the sandbox's answer, damaged."""
        state = self.box.state_of(EMAIL)
        assert state is not None
        made = self.known.get(body) or service.answer(self.box, state, VERSIONS["2019"], body)
        if not WRITES.search(body):
            self.known[body] = made
        self.honest -= 1
        content = made.body if self.honest >= 0 else damaged(made.body, self.random)
        status = made.status if self.random.random() < 0.97 else self.random.choice((200, 500))
        headers = {"Content-Type": "text/xml"}
        return Answer(status, headers, content)


@pytest.fixture
def fuzzer(tmp_path: Path) -> Fuzzer:
    """A mailbox with entries of every kind, and contacts."""
    box = Sandbox()
    mailbox = box.add_mailbox(EMAIL, "x", name="Anna")
    _furnish(mailbox)
    context = Surroundings(Names(tmp_path / "none.pem"))
    client = Client(context, Access("https://x/EWS", EMAIL, "x", "Exchange2013_SP1", "Basic"))
    made = Fuzzer(box, mailbox, ExchangeConnector(context, client))
    vars(client)["_wire"] = SimpleNamespace(send=made.send, close=lambda: None)
    return made


def _furnish(mailbox: Mailbox) -> None:
    start = datetime(2026, 11, 24, 8, tzinfo=UTC)
    end = start + timedelta(hours=1)
    calendar = mailbox.calendar
    mailbox.add_event(calendar, "Single", start, end, body="Notes", reminder=15, location="R")
    mailbox.add_event(calendar, "Days", start.date(), end.date() + timedelta(days=1))
    people = [("Ben", "ben@firma.test"), ("Eva", "eva@firma.test")]
    mailbox.add_event(calendar, "Meeting", start, end, attendees=people, categories=("A", "B"))
    mailbox.add_event(calendar, "Theirs", start, end, organizer=("Ben", "ben@firma.test"))
    for rule in ("FREQ=WEEKLY;BYDAY=TU;COUNT=9", "FREQ=MONTHLY;BYDAY=-1TU", "FREQ=DAILY"):
        series = mailbox.add_event(calendar, rule, start, end, recurrence=rule)
        if "COUNT" in rule:
            mailbox.change_occurrence(series, 2, subject="Changed")
            mailbox.delete_occurrence(series, 3)
    book = mailbox.address_book
    book.add(book.default, given="Ben", surname="Lorenz", display_name="Ben Lorenz")


Call = Callable[[Fuzzer, str, list[str]], object]


def _update(fuzzer: Fuzzer, calendar: str, refs: list[str]) -> object:
    fuzzer.honest = 1
    (held,) = fuzzer.connector.read(calendar, refs[:1])
    assert isinstance(held, RemoteItem)
    assert isinstance(held.item, Appointment)
    when = days("2026-11-26", "2026-11-27")
    item = held.item.model_copy(update={"subject": "New", "when": when})
    fields = frozenset({"subject", "when"})
    patch = Patch(item=item, before=held.item, fields=fields)
    return fuzzer.connector.update(calendar, refs[0], patch, held.version)


def _create_contact(fuzzer: Fuzzer, _calendar: str, _refs: list[str]) -> object:
    contact = Contact(display_name="Eva", emails={"email1": Person(email="eva@x.test")})
    return fuzzer.connector.create(fuzzer.mailbox.address_book.default, contact, "op-2")


def _contacts(fuzzer: Fuzzer, _calendar: str, _refs: list[str]) -> object:
    folder = fuzzer.mailbox.address_book.default
    fuzzer.honest = 1
    page = fuzzer.connector.changes(folder, None)
    return fuzzer.connector.read(folder, [change.ref for change in page.changes])


SERIES = appointment(recurrence="FREQ=WEEKLY;COUNT=4", cancellations=("2026-12-01T09:00:00",))
CALLS: dict[str, Call] = {
    "collections": lambda f, _c, _r: f.connector.collections(),
    "changes": lambda f, calendar, _r: f.connector.changes(calendar, None),
    "read": lambda f, calendar, refs: f.connector.read(calendar, refs),
    "read again": lambda f, calendar, refs: f.connector.read(calendar, refs),
    "contacts": _contacts,
    "find": lambda f, calendar, _r: f.connector.find_operation(calendar, "op"),
    "create": lambda f, calendar, _r: f.connector.create(calendar, SERIES, "op-1"),
    "create a contact": _create_contact,
    "update": _update,
    "delete": lambda f, calendar, refs: f.connector.delete(calendar, refs[0], "x"),
    "negotiate": lambda f, _c, _r: cast(Any, f.connector)._client.negotiate(),
}


def fuzz(fuzzer: Fuzzer, seconds: float, first_seed: int) -> int:
    """Damage answers for so long; how many calls were made. A failure names its seed and call."""
    calendar = fuzzer.mailbox.calendar
    fuzzer.honest = 1
    refs = [change.ref for change in fuzzer.connector.changes(calendar, None).changes]
    assert len(refs) >= 7
    names, count, ends = list(CALLS), 0, time.monotonic() + seconds
    while time.monotonic() < ends:
        seed = first_seed + count
        fuzzer.random, fuzzer.honest = Random(seed), 0
        name = names[seed % len(names)]
        began = time.monotonic()
        with named(f"seed {seed}, {name}"), suppress(errors.AndockError):
            result = CALLS[name](fuzzer, calendar, refs)
            _usable(result)
        assert time.monotonic() - began < SLOWEST, f"seed {seed}, {name}: took too long"
        count += 1
        if count % 500 == 0:  # written to along the way: begin afresh
            for event in fuzzer.mailbox.events()[8:]:
                fuzzer.mailbox.delete_event(str(event["id"]))
    return count


@contextmanager
def named(what: str) -> Iterator[None]:
    """Whatever goes wrong says where to look."""
    try:
        yield
    except Exception as error:
        raise AssertionError(f"{what}: {type(error).__name__}") from error


def _usable(result: object) -> None:
    """What core does with a result: check it, and see when it takes place."""
    if isinstance(result, ChangePage):
        ChangePage.model_validate(result.model_dump())
    for found in result if isinstance(result, list) else [result]:
        if isinstance(found, Collection):
            Collection.model_validate(found.model_dump())
        if isinstance(found, RemoteItem):
            checked = RemoteItem.model_validate(found.model_dump())
            assert len(checked.ref) <= 512
            assert len(checked.version) <= 1024
            assert len(checked.operation_id) <= 64
            checked.model_dump_json().encode()
            if isinstance(checked.item, Appointment):
                enters(checked.item, WINDOW, NOW)


def test_damaged_answers_for_some_seconds(fuzzer: Fuzzer) -> None:
    """The same seeds each time."""
    assert fuzz(fuzzer, 2, first_seed=0) > 20


@pytest.mark.more
@pytest.mark.timeout(400)
def test_damaged_answers_for_some_minutes(fuzzer: Fuzzer, record_property: Any) -> None:
    """Seeds of today: each day looks elsewhere, and a failure can be repeated by its seed."""
    count = fuzz(fuzzer, 150, first_seed=int(time.time()) // 86_400 * 10_000_000)
    record_property("calls", count)
    assert count > 1000
