"""The connector: Andock's view of one mailbox's calendars."""

from collections.abc import Iterator, Sequence

from andock_exchange_calendar import (
    cursor as cursors,
    folders,
    operations,
    reading,
    series,
    slots,
    writing,
    zones,
)
from andock_exchange_calendar.client import INTERACTIVE, Access, Client, Outcome
from andock_exchange_calendar.errors import is_folder_gone
from andock_exchange_calendar.soap import Element, fields, local
from andock_sdk import (
    Appointment,
    Capabilities,
    Change,
    ChangePage,
    Collection,
    Context,
    Grant,
    Patch,
    ReadResult,
    RemoteItem,
    errors,
)

_ZONES = "zones"
_MOST_ZONES = 20
_PATTERN = frozenset({"when", "recurrence"})
_EXCEPTIONS = frozenset({"overrides", "cancellations"})


def connect(context: Context, grant: Grant) -> "ExchangeConnector":
    """The connector for a grant; no call is made yet."""
    return ExchangeConnector(context, Client(context, Access.of(grant)))


def look(context: Context, grant: Grant) -> list[Collection]:
    """The calendars, for somebody who waits for them."""
    client = Client(context, Access.of(grant), INTERACTIVE)
    try:
        return folders.calendars(client)
    finally:
        client.close()


class ExchangeConnector:
    """Implements `andock_sdk.Connector` over EWS."""

    def __init__(self, context: Context, client: Client) -> None:
        self._state = context.state
        self._client = client

    @property
    def capabilities(self) -> Capabilities:
        """Conditional by change key, silent by SendToNone."""
        return Capabilities(conditional_writes=True, series=True, silent_writes=True)

    def collections(self) -> list[Collection]:
        """All calendars of the mailbox, its own first."""
        return folders.calendars(self._client)

    def changes(self, collection: str, cursor: str | None) -> ChangePage:
        """One page of SyncFolderItems."""
        kept = cursors.load(cursor)
        (outcome,) = self._client.call(operations.sync_items(collection, kept.state))
        if outcome.code == "ErrorAccessDenied":
            raise errors.CollectionGone(detail=outcome.code)  # no longer shared
        inside = fields(self._in_folder(outcome))
        # Without these two an answer is not whole, and must not pass for an empty calendar.
        last = inside["IncludesLastItemInRange"].text != "false"
        following = cursors.Cursor(
            inside["SyncState"].text or "", listing=kept.listing and not last
        )
        return ChangePage(
            changes=tuple(_changes(inside.get("Changes"))),
            cursor=following.dump(),
            more=not last,
            complete=last and kept.listing,
        )

    def read(self, collection: str, refs: Sequence[str]) -> list[ReadResult]:
        """GetItem in batches, with the changed occurrences of series."""
        seen = reading.Zones()
        results = reading.read(self._client, refs, seen)
        self._keep(seen)
        return results

    def create(self, collection: str, item: Appointment, operation_id: str) -> RemoteItem:
        """CreateItem, then the exceptions of a series one by one."""
        series.check(item)
        zone = self._day_zone() if item.when.all_day else "UTC"
        made = writing.new_item(item, operation_id, day_zone=zone, old_server=self._client.is_old)
        (outcome,) = self._client.call(operations.create_item(collection, made))
        ref = _identity(self._in_folder(outcome)).get("Id", "")
        if item.recurrence:
            bare = item.model_copy(update={"overrides": {}, "cancellations": ()})
            todo = series.plan(bare, item)
            series.apply(self._client, ref, item, todo, zone)
        return self._read(ref)

    def update(self, collection: str, ref: str, patch: Patch, expected: str) -> RemoteItem:
        """UpdateItem with the patch's fields only, then the exceptions that are to differ."""
        item, before, names = patch.item, patch.before, set(patch.fields)
        if "attendees" in names and writing.same_people(item, before):
            names.discard("attendees")
        if "cancellations" in names and series.needs_new_pattern(before, item):
            names.add("recurrence")
        if names & (_PATTERN | _EXCEPTIONS):
            series.check(item)
        zone = self._zone_of(ref) if item.when.all_day else "UTC"
        values = writing.values(
            item,
            names,
            day_zone=zone,
            old_server=self._client.is_old,
            keep_foreign=item.when.foreign_zone == before.when.foreign_zone,
        )
        if values:
            self._client.one(operations.update_item(ref, expected, writing.updates(values)))
        held = self._read(ref)
        if not values and held.version != expected:
            raise errors.Conflict(detail="change key")
        if not item.recurrence or not names & (_PATTERN | _EXCEPTIONS):
            return held
        if series.needs_new_pattern(held.item, item):
            held = self._renew_pattern(held, item)
        todo = series.plan(held.item, item)
        if todo.empty:
            return held
        series.apply(self._client, ref, item, todo, zone)
        return self._read(ref)

    def delete(self, collection: str, ref: str, expected: str) -> None:
        """Read and compare, then DeleteItem into the deleted items."""
        for _, version in reading.change_keys(self._client, [ref]):
            if version != expected:
                raise errors.Conflict(detail="change key")
        self._client.one(operations.delete_item(operations.item_id(ref, expected)))

    def find_operation(self, collection: str, operation_id: str) -> RemoteItem | None:
        """FindItem on our property."""
        (outcome,) = self._client.call(operations.find_operation(collection, operation_id))
        root = fields(self._in_folder(outcome))["RootFolder"]
        found = _ids(root)
        return self._read(found[0]) if found else None

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def _renew_pattern(self, held: RemoteItem, item: Appointment) -> RemoteItem:
        """Take the pattern away and write it again: some servers let go of a cancellation only
        then. Two conditional writes; a change in between is a conflict."""
        ref, version = held.ref, held.version
        for recurrence in (None, writing.pattern(item)):
            changes = writing.updates({"Recurrence": recurrence})
            message = self._client.one(operations.update_item(ref, version, changes))
            version = _identity(message).get("ChangeKey", "")
        return self._read(ref)

    def _read(self, ref: str) -> RemoteItem:
        seen = reading.Zones()
        item = reading.read_one(self._client, ref, seen)
        self._keep(seen)
        return item

    def _in_folder(self, outcome: Outcome) -> Element:
        """The message of a call on a folder, where "not found" means the folder."""
        if is_folder_gone(outcome.code):
            raise errors.CollectionGone(detail=outcome.code)
        return self._client.checked(outcome)

    def _keep(self, seen: reading.Zones) -> None:
        """Remember in which zones this mailbox's items are kept: days of ours begin likewise."""
        known = reading.Zones(self._zones())
        known.update({name: n for name, n in seen.items() if name != "UTC" and zones.to_iana(name)})
        if known and known != self._zones():
            self._state.put(_ZONES, dict(known.most_common(_MOST_ZONES)))

    def _zones(self) -> dict[str, int]:
        kept = self._state.get(_ZONES)
        if not isinstance(kept, dict):
            return {}
        return {name: count for name, count in kept.items() if isinstance(count, int)}

    def _day_zone(self) -> str:
        """The Windows zone that most items of the mailbox are kept in. Where none has been read
        yet, a handful is looked at."""
        if not self._zones():
            message = self._client.one(operations.find_some())
            self.read("", _ids(fields(message)["RootFolder"]))
        known = reading.Zones(self._zones()).most_common(1)
        return known[0][0] if known else "UTC"

    def _zone_of(self, ref: str) -> str:
        """The zone in which the item's own days begin: they must not move with another's."""
        message = self._client.one(operations.get_items([ref]))
        name = slots.zone_name(fields(fields(message)["Items"][0]), "StartTimeZone")
        return name if zones.to_iana(name) else self._day_zone()


def _changes(parent: Element | None) -> Iterator[Change]:
    for change in parent if parent is not None else ():
        kind = local(change)
        if kind in ("Create", "Update") and local(change[0]) == "CalendarItem":
            identity = fields(change[0])["ItemId"]
            yield Change(
                ref=identity.get("Id", ""), kind="changed", version=identity.get("ChangeKey", "")
            )
        elif kind == "Delete":
            yield Change(ref=fields(change)["ItemId"].get("Id", ""), kind="deleted")


def _ids(root: Element) -> list[str]:
    """The ids of what a FindItem found."""
    return [fields(item)["ItemId"].get("Id", "") for item in fields(root).get("Items", ())]


def _identity(message: Element) -> Element:
    return fields(fields(message)["Items"][0])["ItemId"]
