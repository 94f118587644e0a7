"""Office 365's harness for folders of contacts: the same hands as Exchange's, by other ids."""

from andock_office365_calendar import sign_in
from andock_sdk import Answers, Context, Grant, Item
from andock_sdk.connector import CollectionKind
from andock_sdk.contract import Call, Fault, Seen
from tests.exchange_calendar.contacts_harness import written
from tests.exchange_calendar.harness import PATIENCE
from tests.exchange_calendar.surroundings import EMAIL
from tests.office365_calendar.harness import KINDS, OPERATIONS as OF_EVENTS, Office365Harness
from tests.sandbox.graph_client import Browser

WANTED: Answers = {"contacts_on": True}
OPERATIONS: dict[Call, str] = {
    **OF_EVENTS,
    "changes": "contacts.delta",
    "create": "contact.create",
    "update": "contact.update",
    "delete": "contact.delete",
    "find_operation": "contacts.list",
}


class Office365ContactsHarness(Office365Harness):
    """Anna's own folder of contacts."""

    kind: CollectionKind | None = "contacts"

    def grant(self, context: Context) -> Grant:
        """Anna signs in and agrees to contacts as well."""
        led = sign_in.begin(context, EMAIL, WANTED)
        page = Browser(self._server).consent(led.url, EMAIL)
        return sign_in.finish(context, page.target, led.memory)

    def put(self, collection: str, item: Item) -> str:
        """Anna writes somebody down in Outlook."""
        book = self.anna.address_book
        return self._theirs(book.add(self._folder(collection), **written(item)))

    def edit(self, ref: str, item: Item) -> None:
        """She changes it."""
        self.anna.address_book.update(self._ours(ref), **written(item))

    def remove(self, ref: str) -> None:
        """She deletes it."""
        self.anna.address_book.delete(self._ours(ref))

    def look(self, collection: str) -> list[Seen]:
        """What Outlook shows."""
        found = self.anna.address_book.all(self._folder(collection))
        return [Seen(str(one["props"].get("DisplayName") or "")) for one in found]

    def fail(self, call: Call, fault: Fault) -> None:
        """The next such request."""
        self.box.fail_next(
            OPERATIONS[call],
            KINDS[fault],
            retry_after="60" if fault == "throttled" else None,
            seconds=2 * PATIENCE if fault == "hanging" else 0,
        )

    def writes(self) -> int:
        """All requests that write."""
        names = ("contact.create", "contact.update", "contact.delete")
        return sum(self.counting.asked[name] for name in names)

    def _ours(self, ref: str) -> str:
        """EWS's id of what Graph names so."""
        item, _ = self._ids.find_item(ref, "Contact")
        state = self.box.state_of(EMAIL)
        assert state is not None
        return state.ids.item(item.num)
