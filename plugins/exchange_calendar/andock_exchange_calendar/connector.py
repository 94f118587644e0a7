"""The connector: Andock's view of one mailbox's calendars and contacts."""

from collections.abc import Callable, Iterator, Sequence

from andock_exchange_calendar import (
    cursor as cursors,
    folders,
    invitations,
    operations,
    reading,
    series,
    slots,
    writing,
    zones,
)
from andock_exchange_calendar.client import INTERACTIVE, Access, Client, Outcome
from andock_exchange_calendar.contact_store import ContactStore
from andock_exchange_calendar.errors import is_folder_gone
from andock_exchange_calendar.soap import Element, fields, local, only_item, ref_of
from andock_sdk import (
    Appointment,
    Capabilities,
    Change,
    ChangePage,
    Collection,
    Contact,
    Context,
    Grant,
    Item,
    Patch,
    ReadResult,
    RemoteItem,
    errors,
)
from andock_sdk.connector import CollectionKind
from andock_sdk.series import check, check_alone, needs_new_pattern, plan

_ZONES = "zones"
_MOST_ZONES = 20
_PATTERN = frozenset({"when", "recurrence"})
_EXCEPTIONS = frozenset({"overrides", "cancellations"})
_KINDS: dict[str, CollectionKind] = {"CalendarItem": "calendar", "Contact": "contacts"}
"""What a folder holds, by what lies in it."""


def connect(context: Context, grant: Grant) -> "ExchangeConnector":
    """The connector for a grant; no call is made yet."""
    return ExchangeConnector(context, Client(context, Access.of(grant)))


def look(context: Context, grant: Grant) -> list[Collection]:
    """The calendars and folders of contacts, for somebody who waits for them."""
    client = Client(context, Access.of(grant), INTERACTIVE)
    try:
        return folders.collections(client)
    finally:
        client.close()


class ExchangeConnector:
    """Implements `andock_sdk.Connector` over EWS."""

    def __init__(self, context: Context, client: Client) -> None:
        self._state = context.state
        self._tell = context.invitations
        self._zone = context.zone
        self._client = client
        self._contacts = ContactStore(client, self._iana_zone)
        self._kinds: dict[str, CollectionKind | None] = {"": "calendar"}

    @property
    def client(self) -> Client:
        """The calls below, for measuring them."""
        return self._client

    @property
    def capabilities(self) -> Capabilities:
        """Conditional by change key, silent by SendToNone, and telling attendees on request."""
        return Capabilities(series=True, silent_writes=True, invitations=True)

    def collections(self) -> list[Collection]:
        """All calendars and folders of contacts, the mailbox's own first."""
        return folders.collections(self._client)

    def changes(self, collection: str, cursor: str | None) -> ChangePage:
        """One page of SyncFolderItems."""
        kept = cursors.load(cursor)
        (outcome,) = self._client.call(operations.sync_items(collection, kept.state))
        if outcome.code == "ErrorAccessDenied":
            raise errors.CollectionGone(detail=outcome.code)  # no longer shared
        inside = fields(self._in_folder(outcome))
        # Without these two an answer is not whole, and must not pass for an empty calendar.
        last = _is_true(inside["IncludesLastItemInRange"])
        state = inside["SyncState"].text or ""
        if not state or (not last and state == kept.state):
            raise errors.Transient("answer.broken", "no way on")
        following = cursors.Cursor(state, listing=kept.listing and not last)
        return ChangePage(
            changes=tuple(self._changes(collection, inside.get("Changes"))),
            cursor=following.dump(),
            more=not last,
            complete=last and kept.listing,
        )

    def read(self, collection: str, refs: Sequence[str]) -> list[ReadResult]:
        """GetItem in batches, with the changed occurrences of series and pictures of contacts."""
        if self._holds_contacts(collection):
            return self._contacts.read(refs)
        seen = reading.Zones()
        results = reading.read(self._client, refs, seen)
        self._keep(seen)
        return results

    def create(self, collection: str, item: Item, operation_id: str) -> RemoteItem:
        """CreateItem, then the exceptions of a series one by one, or a contact's picture."""
        if isinstance(item, Contact):
            return self._contacts.create(collection, item, operation_id)
        if not isinstance(item, Appointment):
            raise errors.PluginBug(detail="no appointment")
        check(item)
        zone = self._day_zone() if item.when.all_day else "UTC"
        made = writing.new_item(item, operation_id, day_zone=zone, old_server=self._client.is_old)
        send = invitations.of_new(item, wanted=self._tell)
        with errors.in_steps() as written:
            (outcome,) = self._client.call(operations.create_item(collection, made, send))
            identity = _identity(self._in_folder(outcome))
            written()
            held = self._ours(identity)
            return self._bring(held, item, zone, written) if item.recurrence else held

    def update(self, collection: str, ref: str, patch: Patch, expected: str) -> RemoteItem:
        """Write the patch's fields only."""
        match patch.item, patch.before:
            case Contact() as contact, Contact() as before:
                return self._contacts.update(ref, contact, before, patch.fields, expected)
            case Appointment() as appointment, Appointment() as was:
                return self._update(ref, appointment, was, set(patch.fields), expected)
        raise errors.PluginBug(detail="a patch of two kinds")

    def _update(
        self, ref: str, item: Appointment, before: Appointment, names: set[str], expected: str
    ) -> RemoteItem:
        """UpdateItem with what differs, then the exceptions that are to differ."""
        if "attendees" in names and writing.same_people(item, before):
            names.discard("attendees")
        if "cancellations" in names and needs_new_pattern(before, item):
            names.add("recurrence")
        if names & (_PATTERN | _EXCEPTIONS):
            check(item)
        send = invitations.of_change(item, before, names - _EXCEPTIONS, wanted=self._tell)
        zone = self._zone_of(ref) if item.when.all_day else "UTC"
        values = writing.values(
            item,
            names,
            day_zone=zone,
            old_server=self._client.is_old,
            keep_foreign=item.when.foreign_zone == before.when.foreign_zone,
        )
        with errors.in_steps() as written:
            if values:
                changes = writing.updates(values)
                message = self._client.one(operations.update_item(ref, expected, changes, send))
                written()
                held = self._ours(_identity(message))
            else:
                held = self._read(ref)
                if held.version != expected:
                    raise errors.Conflict(detail="change key")
            if not item.recurrence or not names & (_PATTERN | _EXCEPTIONS):
                return held
            if needs_new_pattern(_appointment(held), item):
                held = self._renew_pattern(held, item, send, written)
            return self._bring(held, item, zone, written)

    def _bring(
        self, held: RemoteItem, wanted: Appointment, zone: str, written: Callable[[], None]
    ) -> RemoteItem:
        """Bring the exceptions of a series to those that are wanted; the series as it then stands.
        Raises Transient when somebody else was there as well."""
        todo = plan(_appointment(held), wanted)
        if todo.empty:
            return held
        series.apply(self._client, held.ref, wanted, todo, zone, written, tell=self._tell)
        after = self._read(held.ref)
        check_alone(_appointment(held), wanted, todo, _appointment(after))
        return after

    def _ours(self, identity: Element) -> RemoteItem:
        """What a write led to that was answered with this id and change key."""
        held = self._read(identity.get("Id", ""))
        return reading.ours(held, identity.get("ChangeKey", ""))

    def delete(self, collection: str, ref: str, expected: str) -> None:
        """Read and compare, then DeleteItem into the deleted items."""
        send = self._compare(collection, ref, expected)
        self._client.one(operations.delete_item(operations.item_id(ref, expected), send))

    def _compare(self, collection: str, ref: str, expected: str) -> operations.Send:
        """Raise Conflict when the item is not as expected; who is to be told when it goes."""
        if self._tell and not self._holds_contacts(collection):
            held = self._read(ref)
            if held.version != expected:
                raise errors.Conflict(detail="change key")
            return invitations.of_new(_appointment(held), wanted=True)
        for _, version in reading.change_keys(self._client, [ref]):
            if version != expected:
                raise errors.Conflict(detail="change key")
        return "SendToNone"

    def find_operation(self, collection: str, operation_id: str) -> RemoteItem | None:
        """FindItem on our property."""
        (outcome,) = self._client.call(operations.find_operation(collection, operation_id))
        root = fields(self._in_folder(outcome))["RootFolder"]
        found = _ids(root)
        if not found:
            return None
        if self._holds_contacts(collection):
            return self._contacts.read_one(found[0])
        return self._read(found[0])

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def _renew_pattern(
        self,
        held: RemoteItem,
        item: Appointment,
        send: operations.Send,
        written: Callable[[], None],
    ) -> RemoteItem:
        """Take the pattern away and write it again: some servers let go of a cancellation only
        then. Two conditional writes. `send` counts for the second."""
        steps: tuple[tuple[Element | None, operations.Send], ...] = (
            (None, "SendToNone"),
            (writing.pattern(item), send),
        )
        for recurrence, told in steps:
            changes = writing.updates({"Recurrence": recurrence})
            request = operations.update_item(held.ref, held.version, changes, told)
            message = self._client.one(request)
            written()
            held = self._ours(_identity(message))
        return held

    def _read(self, ref: str) -> RemoteItem:
        seen = reading.Zones()
        item = reading.read_one(self._client, ref, seen)
        self._keep(seen)
        return item

    def _holds_contacts(self, collection: str) -> bool:
        """Whether this is a folder of contacts; the server is asked once when nothing that lay
        in it has told."""
        if collection not in self._kinds:
            (outcome,) = self._client.call(operations.get_folder(collection))
            if is_folder_gone(outcome.code):
                return False  # what lay in it is read as missing
            message = self._client.checked(outcome)
            self._kinds[collection] = folders.kind_of(folders.folder_in(message))
        return self._kinds[collection] == "contacts"

    def _changes(self, collection: str, parent: Element | None) -> Iterator[Change]:
        for change in parent if parent is not None else ():
            kind, inside = local(change), fields(change)
            if kind == "Delete":
                yield Change(ref=ref_of(inside["ItemId"]), kind="deleted")
            elif kind in ("Create", "Update"):
                # Distribution lists and the like are passed over.
                for name in inside.keys() & _KINDS.keys():
                    self._kinds[collection] = _KINDS[name]
                    identity = fields(inside[name])["ItemId"]
                    version = identity.get("ChangeKey", "")
                    yield Change(ref=ref_of(identity), kind="changed", version=version)

    def _iana_zone(self) -> str:
        """The zone that most items of the mailbox are kept in, the member's when none has been
        read."""
        known = reading.Zones(self._zones()).most_common(1)
        return (zones.to_iana(known[0][0]) or "") if known else self._zone

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
        yet, a handful is looked at; where there is none, it is the member's own."""
        if not self._zones():
            message = self._client.one(operations.find_some())
            self.read("", _ids(fields(message)["RootFolder"]))
        known = reading.Zones(self._zones()).most_common(1)
        return known[0][0] if known else zones.or_utc(self._zone)

    def _zone_of(self, ref: str) -> str:
        """The zone in which the item's own days begin: they must not move with another's."""
        message = self._client.one(operations.get_items([ref]))
        name = slots.zone_name(fields(only_item(message)), "StartTimeZone")
        return name if zones.to_iana(name) else self._day_zone()


def _appointment(held: RemoteItem) -> Appointment:
    """What the server holds as an appointment. Raises Gone for anything else."""
    if not isinstance(held.item, Appointment):
        raise errors.Gone(detail="no appointment")
    return held.item


def _ids(root: Element) -> list[str]:
    """The ids of what a FindItem found."""
    return [ref_of(fields(item)["ItemId"]) for item in fields(root).get("Items", ())]


def _identity(message: Element) -> Element:
    return fields(only_item(message))["ItemId"]


def _is_true(element: Element) -> bool:
    """An xs:boolean. Whatever is neither true nor false is a broken answer."""
    match (element.text or "").strip():
        case "true" | "1":
            return True
        case "false" | "0":
            return False
    raise errors.Transient("answer.broken", "no boolean")
