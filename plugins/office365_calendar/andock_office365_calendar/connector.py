"""The connector: Andock's view of one mailbox's calendars and contacts."""

from collections.abc import Sequence
from urllib.parse import quote

from andock_office365_calendar import folders, reading, series, writing
from andock_office365_calendar.client import INTERACTIVE, Client
from andock_office365_calendar.convert import OPERATION
from andock_office365_calendar.delta import Deltas
from andock_sdk import (
    Appointment,
    Capabilities,
    ChangePage,
    Collection,
    Context,
    Grant,
    Item,
    Patch,
    ReadResult,
    RemoteItem,
    errors,
)
from andock_sdk.series import check, needs_new_pattern, plan

_PATTERN = frozenset({"when", "recurrence"})
_EXCEPTIONS = frozenset({"overrides", "cancellations"})


def connect(context: Context, grant: Grant) -> "GraphConnector":
    """The connector for a grant; no call is made yet."""
    return GraphConnector(context, Client(context, grant))


def look(context: Context, grant: Grant) -> list[Collection]:
    """The calendars and folders of contacts, for somebody who waits for them."""
    client = Client(context, grant, INTERACTIVE)
    try:
        return folders.collections(client, context.facts)
    finally:
        client.close()


class GraphConnector:
    """Implements `andock_sdk.Connector` over Microsoft Graph."""

    def __init__(self, context: Context, client: Client) -> None:
        self._context = context
        self._client = client
        self._deltas = Deltas(context, client)

    @property
    def client(self) -> Client:
        """The calls below, for measuring them."""
        return self._client

    @property
    def capabilities(self) -> Capabilities:
        """Conditional by ETag. Graph has no switch against mail: a write to a meeting that the
        member organises tells its attendees."""
        return Capabilities(
            conditional_writes=True, series=True, silent_writes=False, invitations=True
        )

    def collections(self) -> list[Collection]:
        """All calendars and folders of contacts, the mailbox's own first."""
        return folders.collections(self._client, self._context.facts)

    def changes(self, collection: str, cursor: str | None) -> ChangePage:
        """One page of a delta."""
        return self._deltas.page(collection, "calendar", cursor)

    def read(self, collection: str, refs: Sequence[str]) -> list[ReadResult]:
        """By $batch, series with their changed and cancelled occurrences."""
        return reading.read(self._client, refs)

    def create(self, collection: str, item: Item, operation_id: str) -> RemoteItem:
        """POST, then the exceptions of a series one by one."""
        appointment = _appointment(item)
        check(appointment)
        made = self._posted(collection, writing.new_event(appointment, operation_id))
        ref = str(made["id"])
        if appointment.recurrence:
            bare = appointment.model_copy(update={"overrides": {}, "cancellations": ()})
            todo = plan(bare, appointment)
            if not todo.empty:
                series.apply(self._client, reading.raw(self._client, ref), appointment, todo)
        return reading.read_one(self._client, ref)

    def update(self, collection: str, ref: str, patch: Patch, expected: str) -> RemoteItem:
        """Write the patch's fields only, then the exceptions that are to differ."""
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
        if properties:
            self._client.patch(reading.path_of(ref), properties, expected)
        held = reading.raw(self._client, ref)
        if not properties and reading.version(held) != expected:
            raise errors.Conflict(detail="etag")
        if item.recurrence and names & (_PATTERN | _EXCEPTIONS):
            self._bring(ref, item, held, renew=renew)
        return reading.read_one(self._client, ref)

    def _bring(self, ref: str, item: Appointment, held: dict[str, object], *, renew: bool) -> None:
        """Bring the exceptions to those that are wanted. A cancelled occurrence comes back only
        when the pattern is taken away and written again, which lets go of all exceptions: two
        conditional writes, and a change in between is a conflict."""
        if renew:
            for recurrence in (None, writing.pattern(item)):
                etag = reading.version(held)
                self._client.patch(reading.path_of(ref), {"recurrence": recurrence}, etag)
                held = reading.raw(self._client, ref)
        present = reading.result(ref, held)
        if not isinstance(present, RemoteItem):
            raise errors.Transient("answer.broken", "a series that cannot be read")
        todo = plan(_appointment(present.item), item)
        if not todo.empty:
            series.apply(self._client, held, item, todo)

    def delete(self, collection: str, ref: str, expected: str) -> None:
        """DELETE, which moves it to the deleted items."""
        self._client.delete(reading.path_of(ref), expected)

    def find_operation(self, collection: str, operation_id: str) -> RemoteItem | None:
        """By our own property."""
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
