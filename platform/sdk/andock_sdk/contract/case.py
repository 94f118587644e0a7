"""One rule's case: a fresh harness, the plugin's hooks, connectors that are closed at the end."""

import json
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import pluggy

from andock_sdk import hookspecs
from andock_sdk.connector import Change, Collection, CollectionKind, Connector, RemoteItem
from andock_sdk.context import JSON, Egress, Grant
from andock_sdk.contract.harness import Harness, NotApplicable, Seen
from andock_sdk.contract.rules import Broken, expect
from andock_sdk.forms import Answers
from andock_sdk.hookspecs import SyncJob
from andock_sdk.items import Appointment, Contact, Item, Patch, Slot, Task
from andock_sdk.listing import Listing
from andock_sdk.steps import Step, TestReport

PAGES = 10_000
Result = TypeVar("Result")


class Notebook:
    """A connector's notes, in memory, as strict as core's."""

    def __init__(self) -> None:
        self._notes: dict[str, str] = {}

    def get(self, name: str) -> JSON:
        """What was put there."""
        found: JSON = json.loads(self._notes.get(name, "null"))
        return found

    def put(self, name: str, value: JSON) -> None:
        """Keep it. Raises TypeError for what is no JSON, ValueError for what is too long."""
        text = json.dumps(value)
        if len(text.encode()) > 64 * 1024:
            raise ValueError("at most 64 kB can be kept under one name")
        self._notes[name] = text


@dataclass
class Surroundings:
    """Implements `andock_sdk.Context`."""

    egress: Egress
    zone: str = "Europe/Berlin"
    state: Notebook = field(default_factory=Notebook)
    log: logging.Logger = field(default_factory=lambda: logging.getLogger("andock.contract"))
    invitations: bool = False
    facts: dict[str, str] = field(default_factory=dict)
    operator: Answers = field(default_factory=dict)
    callback_url: str = "https://andock.example/authorized"
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    replaced: Grant | None = None

    def now(self) -> datetime:
        """The time."""
        return self.clock()

    def server_for(self, domain: str) -> str:
        """No server is named."""
        return ""

    def webhook_url(self, name: str) -> str:
        """Nobody can call: the plugin polls."""
        return ""

    def make_due(self) -> None:
        """It is due already."""

    def replace_grant(self, grant: Grant) -> None:
        """Connectors that are made from now on get this one."""
        self.replaced = grant


class Case:
    """What a rule works with. Raises Broken, NotApplicable and Cannot, as the rules do."""

    def __init__(self, harness: Harness) -> None:
        self.harness = harness
        self.context = Surroundings(harness.egress(), harness.zone, operator=harness.operator())
        self.steps: list[Step] = []
        self._plugin = harness.integration()
        self._manager = pluggy.PluginManager(hookspecs.PROJECT)
        for spec in _specs():
            self._manager.add_hookspecs(spec)
        self._registered = False
        self._connectors: list[Connector] = []
        self._numbers = count(1)

    def close(self) -> None:
        """Close what was opened."""
        for connector in self._connectors:
            with suppress(Exception):  # a rule of its own is about closing
                connector.close()

    # -- the hooks

    def call(self, hook: str, **arguments: Any) -> Any:
        """Call a hook of the plugin; None when it has none."""
        self.register()
        return getattr(self._manager.hook, hook)(**arguments)

    def register(self) -> pluggy.PluginManager:
        """Hand the plugin to pluggy, as core does. Raises pluggy's PluginValidationError."""
        if not self._registered:
            self._manager.register(self._plugin)
            self._manager.check_pending()
            self._registered = True
        return self._manager

    def listing(self) -> Listing:
        """How it presents itself."""
        listing = self.call("describe")
        expect(isinstance(listing, Listing), f"describe gave {type(listing).__name__}")
        return Listing.model_validate(listing.model_dump(warnings=False))

    def report(self, step: Step) -> None:
        """Takes a step."""
        self.steps.append(step)

    def grant(self, answers: Answers | None = None) -> Grant:
        """The grant for the good answers or for others. Raises Broken."""
        if answers is None:
            given = self.harness.grant(self.context)
            if given is not None:
                return given
            answers = self.harness.answers()
        grant = self.call("authorize", context=self.context, answers=answers, wanted={})
        expect(isinstance(grant, Grant), f"authorize gave {type(grant).__name__}, not a Grant")
        return Grant.model_validate(grant.model_dump())

    def bad_grant(self) -> Grant:
        """A grant that the other side refuses."""
        given = self.harness.bad_grant(self.context)
        return given if given is not None else self.grant(self.harness.bad_answers())

    def test(self, grant: Grant) -> TestReport:
        """The plugin's own test of a grant."""
        self.steps.clear()
        told = self.call("test", context=self.context, grant=grant, report=self.report)
        expect(isinstance(told, TestReport), f"test gave {type(told).__name__}")
        return TestReport.model_validate(told.model_dump())

    def tested(self) -> Grant:
        """The good grant with what a test learnt, as core keeps it."""
        grant = self.grant()
        told = self.test(grant)
        expect(not told.error, f"the test of good credentials ends with {told.error}")
        grant = self.context.replaced or grant
        self.context.facts = {**grant.facts, **told.facts}
        return grant.model_copy(update={"facts": self.context.facts})

    def jobs(self, grant: Grant) -> list[SyncJob]:
        """What is synchronised when a member changes nothing in the settings form."""
        settings: Answers = {}
        form = self.call("settings_form", context=self.context, grant=grant, settings={})
        for asked in form.fields if form else ():
            value = asked.value
            settings[asked.name] = list(value) if isinstance(value, tuple) else value
        settings = self.harness.settings(settings, form)
        made = self.call("sync_jobs", context=self.context, settings=settings)
        return [SyncJob.model_validate(dict(job)) for job in made or ()]

    def connect(self, grant: Grant | None = None) -> Connector:
        """A connector, by the plugin's own declaration, with the grant that replaced this one if
        any did. Closed when the case ends."""
        good = self.tested() if grant is None else grant
        good = self.context.replaced or good
        jobs = self.jobs(good)
        expect(jobs, "sync_jobs declares nothing under the settings that the form proposes")
        return self.open(jobs[0], self.context.replaced or good)

    def open(self, job: SyncJob, grant: Grant) -> Connector:
        """A connector of this job with this very grant. Closed when the case ends."""
        connector = job.connector(self.context, grant)
        self._connectors.append(connector)
        return connector

    # -- collections and items

    def collection(
        self, connector: Connector, kind: CollectionKind = "calendar", *, writable: bool = False
    ) -> str:
        """The default collection of a kind. Raises NotApplicable when there is none."""
        found = [one for one in connector.collections() if one.kind == kind]
        if writable:
            found = [one for one in found if one.writable]
        if not found:
            raise NotApplicable(f"no {'writable ' if writable else ''}collection: {kind}")
        return _best(found).ref

    def calendar(self, *, writable: bool = False) -> tuple[Connector, str]:
        """A connector and its calendar; a folder of contacts or a list of tasks will do where there
        is none."""
        connector = self.connect()
        return connector, self.collection(connector, self.kind(connector), writable=writable)

    def kind(self, connector: Connector) -> CollectionKind:
        """The harness's own choice, else calendar, unless the connector has none; else contacts,
        else tasks."""
        if self.harness.kind is not None:
            return self.harness.kind
        kinds = {one.kind for one in connector.collections()}
        if "calendar" in kinds or not kinds:
            return "calendar"
        return "contacts" if "contacts" in kinds else "tasks"

    def item(self, connector: Connector, title: str = "", **fields: Any) -> Item:
        """An item with a title of its own, of the connector's kind, without what the other side
        lacks."""
        number = next(self._numbers)
        title = title or f"Contract {number}"
        kept = {name: value for name, value in fields.items() if name not in self.harness.lacks}
        kind = self.kind(connector)
        if kind == "contacts":
            return Contact(display_name=title, given=title, **kept)
        if kind == "tasks":
            return Task(subject=title, **kept)
        return Appointment(**{"when": slot(number), "subject": title, **kept})

    def listed(
        self, connector: Connector, collection: str, cursor: str | None = None
    ) -> tuple[dict[str, Change], str, bool]:
        """All pages from a cursor: the last change of each item, the next cursor, and whether the
        list was complete."""
        found: dict[str, Change] = {}
        for _ in range(PAGES):
            page = connector.changes(collection, cursor)
            found.update({change.ref: change for change in page.changes})
            cursor = page.cursor
            if not page.more:
                return found, cursor, page.complete
        raise Broken(f"more than {PAGES} pages")

    def everything(self, connector: Connector, collection: str) -> dict[str, RemoteItem]:
        """All items by title."""
        found, _, complete = self.listed(connector, collection)
        expect(complete, "a listing from the start does not end as complete")
        results = connector.read(collection, list(found))
        items = [one for one in results if isinstance(one, RemoteItem)]
        return {title_of(one.item): one for one in items}

    def find(self, connector: Connector, collection: str, title: str) -> RemoteItem:
        """The item of this title, read through the connector."""
        found = self.everything(connector, collection).get(title)
        if found is None:
            raise Broken(f"the connector does not list {title!r}, which lies there")
        return found

    def seen(self, collection: str, title: str) -> list[Seen]:
        """What the other side itself shows under this title."""
        return [one for one in self.harness.look(collection) if one.title == title]

    def put(self, connector: Connector, collection: str, **fields: Any) -> tuple[str, RemoteItem]:
        """Somebody makes an item there: its handle, and what the connector reads."""
        item = self.item(connector, **fields)
        handle = self.harness.put(collection, item)
        return handle, self.find(connector, collection, title_of(item))

    def within(self, seconds: float, work: Callable[[], Result]) -> Result:
        """Do it, for so long at most. Raises Broken; what the work raises."""
        ended: list[Result | BaseException] = []

        def run() -> None:
            try:
                ended.append(work())
            except BaseException as error:
                ended.append(error)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        thread.join(seconds)
        expect(ended, f"the call still hangs after {seconds:g} seconds")
        if isinstance(ended[0], BaseException):
            raise ended[0]
        return ended[0]


def retitled(before: Item, title: str) -> Patch:
    """The patch that changes nothing but the title."""
    if isinstance(before, Contact):
        after: Item = before.model_copy(update={"display_name": title})
        return Patch(item=after, before=before, fields=frozenset({"display_name"}))
    after = before.model_copy(update={"subject": title})
    return Patch(item=after, before=before, fields=frozenset({"subject"}))


def title_of(item: Item) -> str:
    """The title, or the display name."""
    return item.display_name if isinstance(item, Contact) else item.subject


def slot(number: int = 0, hour: int = 9, zone: str = "Europe/Berlin") -> Slot:
    """An hour, `number` days into a quiet January of next year."""
    day = date(datetime.now(UTC).year + 1, 1, 11) + timedelta(days=number % 200)
    return Slot(
        start=f"{day}T{hour:02}:00:00",
        end=f"{day}T{hour + 1:02}:00:00",
        start_zone=zone,
        end_zone=zone,
    )


def instants(when: Slot) -> tuple[datetime | date, datetime | date]:
    """Start and end: aware in UTC, or days."""
    if when.all_day:
        return date.fromisoformat(when.start), date.fromisoformat(when.end)
    zones = (when.start_zone, when.end_zone)
    if when.foreign_zone:
        zones = ("UTC", "UTC")
    start, end = (
        datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
        for wall, zone in zip((when.start, when.end), zones, strict=True)
    )
    return start, end


def _best(found: list[Collection]) -> Collection:
    return next((one for one in found if one.default), found[0])


def _specs() -> Iterator[type]:
    for name, found in vars(hookspecs).items():
        if isinstance(found, type) and name.endswith("Spec"):
            yield found
