"""The connector: Andock's view of one mailbox's calendars, contacts and tasks."""

from collections.abc import Sequence
from typing import Any, cast
from urllib.parse import quote

from andock_office365_calendar import folders, reading, series, writing
from andock_office365_calendar.client import INTERACTIVE, Client
from andock_office365_calendar.contact_store import ContactStore, path_of as contact_path
from andock_office365_calendar.convert import OPERATION
from andock_office365_calendar.delta import Deltas
from andock_office365_calendar.subscriptions import Subscriptions
from andock_office365_calendar.task_store import TaskStore, path_of as task_path
from andock_sdk import (
    JSON,
    Appointment,
    Capabilities,
    ChangePage,
    Collection,
    Contact,
    Context,
    Grant,
    Item,
    Patch,
    ReadResult,
    RemoteItem,
    Task,
    errors,
)
from andock_sdk.connector import CollectionKind
from andock_sdk.series import check, needs_new_pattern

_KINDS = "kinds"
_PATTERN = frozenset({"when", "recurrence"})
_EXCEPTIONS = frozenset({"overrides", "cancellations"})


def connect(context: Context, grant: Grant) -> "GraphConnector":
    """The connector for a grant; no call is made yet."""
    return GraphConnector(context, Client(context, grant))


def look(context: Context, grant: Grant) -> list[Collection]:
    """The calendars and folders of contacts, for somebody who waits for them."""
    client = Client(context, grant, INTERACTIVE)
    try:
        return folders.collections(client, client.grant.facts or context.facts)
    finally:
        client.close()


class GraphConnector:
    """Implements `andock_sdk.Connector` over Microsoft Graph."""

    def __init__(self, context: Context, client: Client) -> None:
        self._context = context
        self._client = client
        self._deltas = Deltas(context, client)
        self._subscriptions = Subscriptions(context, client)
        self._contacts = ContactStore(client)
        self._tasks = TaskStore(context, client)

    @property
    def client(self) -> Client:
        """The calls below, for measuring them."""
        return self._client

    @property
    def capabilities(self) -> Capabilities:
        """Conditional by ETag. Graph has no switch against mail: a write to a meeting that the
        member organises tells its attendees."""
        return Capabilities(series=True, silent_writes=False, invitations=True)

    def collections(self) -> list[Collection]:
        """All calendars and folders of contacts, the mailbox's own first."""
        return folders.collections(self._client, self._client.grant.facts)

    def changes(self, collection: str, cursor: str | None) -> ChangePage:
        """One page of a delta. Before it, so that nothing falls in between, the subscription that
        tells of later changes."""
        kind = self._kind(collection)
        self._subscriptions.keep(collection, kind)
        return self._deltas.page(collection, kind, cursor)

    def read(self, collection: str, refs: Sequence[str]) -> list[ReadResult]:
        """By $batch, series with their changed and cancelled occurrences."""
        match self._kind(collection):
            case "contacts":
                return self._contacts.read(refs)
            case "tasks":
                return self._tasks.read(collection, refs)
        return reading.read(self._client, refs)

    def create(self, collection: str, item: Item, operation_id: str) -> RemoteItem:
        """POST, then the exceptions of a series one by one, or a contact's picture."""
        if isinstance(item, Contact):
            return self._contacts.create(collection, item, operation_id)
        if isinstance(item, Task):
            return self._tasks.create(collection, item, operation_id)
        appointment = _appointment(item)
        check(appointment)
        with errors.in_steps() as written:
            made = self._posted(collection, writing.new_event(appointment, operation_id))
            written()
            ref = str(made["id"])
            held = reading.answered(self._client, ref, reading.version(made))
            if not appointment.recurrence:
                return reading.remote_item(ref, held)
            return series.bring(self._client, ref, appointment, held, written)

    def update(self, collection: str, ref: str, patch: Patch, expected: str) -> RemoteItem:
        """Write the patch's fields only, then the exceptions that are to differ."""
        if isinstance(patch.item, Contact) and isinstance(patch.before, Contact):
            return self._contacts.update(ref, patch.item, patch.before, patch.fields, expected)
        if isinstance(patch.item, Task):
            return self._tasks.update(collection, ref, patch.item, patch.fields, expected)
        item, before, names = (
            _appointment(patch.item),
            _appointment(patch.before),
            set(patch.fields),
        )
        if "attendees" in names and writing.same_people(item, before):
            names.discard("attendees")
        renew = "cancellations" in names and needs_new_pattern(before, item)
        if names & (_PATTERN | _EXCEPTIONS):
            check(item)
        if names & _PATTERN and item.recurrence:
            names |= _PATTERN  # the pattern's range names the first day and the zone
        properties = writing.properties(item, names - _EXCEPTIONS)
        with errors.in_steps() as written:
            if properties:
                made = self._client.patch(reading.path_of(ref), properties, expected)
                written()
                held = reading.answered(self._client, ref, reading.version(made))
            else:
                held = reading.raw(self._client, ref)
                if reading.version(held) != expected:
                    raise errors.Conflict(detail="etag")
            if not item.recurrence or not names & (_PATTERN | _EXCEPTIONS):
                return reading.remote_item(ref, held)
            if renew:
                held = series.renew(self._client, ref, item, held, written)
            return series.bring(self._client, ref, item, held, written)

    def delete(self, collection: str, ref: str, expected: str) -> None:
        """DELETE, which moves it to the deleted items."""
        paths = {"contacts": contact_path(ref), "tasks": task_path(collection, ref)}
        path = paths.get(self._kind(collection), reading.path_of(ref))
        self._client.delete(path, expected)

    def find_operation(self, collection: str, operation_id: str) -> RemoteItem | None:
        """By our own property."""
        if self._kind(collection) == "contacts":
            return self._contacts.find_operation(collection, operation_id)
        if self._kind(collection) == "tasks":
            return self._tasks.find_operation(collection, operation_id)
        named = f"ep/id eq '{OPERATION}' and ep/value eq '{operation_id}'"
        wanted = quote(f"singleValueExtendedProperties/Any(ep: {named})", safe="()/:'")
        path = f"/me/calendars/{quote(collection, safe='')}/events?$filter={wanted}&$select=id"
        try:
            found = self._client.get(path).get("value") or ()
        except errors.Gone as gone:
            raise errors.CollectionGone(detail=gone.detail) from gone
        return reading.read_one(self._client, str(found[0]["id"])) if found else None

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def _kind(self, collection: str) -> CollectionKind:
        """What a collection holds. Graph is asked once, and only where more than calendars can be
        reached."""
        scopes = self._client.grant.facts.get("scopes", "").split()
        homes: dict[CollectionKind, str] = {}
        if folders.CONTACTS in scopes:
            homes["contacts"] = "/me/contactFolders/"
        if folders.TASKS in scopes:
            homes["tasks"] = "/me/todo/lists/"
        if not homes:
            return "calendar"
        kept = self._context.state.get(_KINDS)
        known: dict[str, JSON] = kept if isinstance(kept, dict) else {}
        if known.get(collection) in ("contacts", "tasks", "calendar"):
            found: Any = known[collection]
            return cast(CollectionKind, found)
        held = (one for one, home in homes.items() if self._is_in(home, collection))
        kind: CollectionKind = next(held, "calendar")
        self._context.state.put(_KINDS, {**known, collection: kind})
        return kind

    def _is_in(self, home: str, collection: str) -> bool:
        try:
            self._client.get(f"{home}{quote(collection, safe='')}?$select=id")
        except errors.Gone:
            return False
        return True

    def _posted(self, collection: str, properties: dict[str, object]) -> dict[str, object]:
        try:
            path = f"/me/calendars/{quote(collection, safe='')}/events"
            return self._client.post(path, properties)
        except errors.Gone as gone:
            raise errors.CollectionGone(detail=gone.detail) from gone


def _appointment(item: Item) -> Appointment:
    if not isinstance(item, Appointment):
        raise errors.PluginBug(detail="no appointment")
    return item
