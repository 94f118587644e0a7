"""The harness for folders of contacts: what Anna does in her address book."""

from andock_sdk import Contact, Item
from andock_sdk.connector import CollectionKind
from andock_sdk.contract import Cannot, Seen
from tests.exchange_calendar.harness import ExchangeHarness


class ExchangeContactsHarness(ExchangeHarness):
    """Anna's own folder of contacts, on Exchange."""

    kind: CollectionKind | None = "contacts"

    def put(self, collection: str, item: Item) -> str:
        """Anna writes somebody down."""
        return self.anna.address_book.add(collection, **written(item))

    def edit(self, ref: str, item: Item) -> None:
        """She changes it."""
        self.anna.address_book.update(ref, **written(item))

    def remove(self, ref: str) -> None:
        """She deletes it."""
        self.anna.address_book.delete(ref)

    def look(self, collection: str) -> list[Seen]:
        """What Outlook shows."""
        found = self.anna.address_book.all(collection)
        return [Seen(str(one["props"].get("DisplayName") or "")) for one in found]


def written(item: Item) -> dict[str, str]:
    """What Anna types."""
    if not isinstance(item, Contact):
        raise Cannot("make anything but a contact")
    return {
        "display_name": item.display_name,
        "given_name": item.given,
        "company_name": item.company,
        "job_title": item.job_title,
    }
