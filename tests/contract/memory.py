"""The memory plugin's harness: its service lies in a file, so hands and eyes are the service's."""

from pathlib import Path

from andock_sdk import Answers, Appointment, Contact, Item
from andock_sdk.contract import Call, Cannot, Fault, Harness, Seen
from andock_sdk.contract.case import instants, slot
from tests.support import memory_plugin
from tests.support.memory_service import MemoryService

USER, PASSWORD = "anna@memory.example", "Sommer-2026"


class MemoryHarness(Harness):
    """A service with one account, and one calendar (or one folder of contacts)."""

    entry_point = "tests.support.memory_plugin:integration"
    patience = memory_plugin.PATIENCE
    many = 20
    schedules = 6

    def __init__(self, file: Path, *, contacts: bool = False, writable: bool = True) -> None:
        self.service = MemoryService(file)
        self.service.add_account(USER, PASSWORD)
        if contacts:
            self.service.add_contacts(USER, "Contacts", default=True)
        else:
            self.service.add_calendar(USER, "Calendar", default=True, writable=writable)

    def answers(self) -> Answers:
        """The form, filled in."""
        return {"user": USER, "password": PASSWORD, "server": memory_plugin.SERVER}

    def bad_answers(self) -> Answers:
        """A wrong password."""
        return {**self.answers(), "password": "Winter-1999"}

    def put(self, collection: str, item: Item) -> str:
        """Somebody makes an item."""
        return self.service.put(collection, item)

    def edit(self, ref: str, item: Item) -> None:
        """Somebody changes it."""
        fields = {name: getattr(item, name) for name in type(item).model_fields}
        self.service.edit(ref, **fields)

    def remove(self, ref: str) -> None:
        """Somebody deletes it."""
        self.service.remove(ref)

    def look(self, collection: str) -> list[Seen]:
        """What lies there."""
        return [_seen(held.item) for held in self.service.items(collection).values()]

    def mark(self, ref: str) -> None:
        """A note beside the item."""
        self.service.set_flag(f"mark:{ref}", True)

    def is_marked(self, ref: str) -> bool:
        """Whether the item is there, and the note."""
        return self.service.flag(f"mark:{ref}") and any(
            ref in self.service.items(one.ref) for one in self.service.collections(USER)
        )

    def fail(self, call: Call, fault: Fault) -> None:
        """The next such call."""
        if fault == "garbage" and call in ("create", "update", "delete"):
            raise Cannot("garble the answer to a write")
        self.service.fail(call, fault)

    def writes(self) -> int:
        """All calls that write."""
        return len(self.service.calls("create", "update", "delete"))

    def mails(self) -> int:
        """The service mails nobody; a bad connector may."""
        return len(self.service.calls("mail"))

    def lose_cursors(self) -> None:
        """All of them."""
        self.service.lose_cursors()

    def spoil(self, collection: str) -> None:
        """One more item, which nobody can read."""
        self.service.spoil(self.service.put(collection, Appointment(when=slot(), subject="Bad")))

    def drop(self, collection: str) -> None:
        """The calendar is gone."""
        self.service.drop_calendar(collection)


def _seen(item: Item) -> Seen:
    if isinstance(item, Contact):
        return Seen(item.display_name)
    return Seen(item.subject, *instants(item.when))
