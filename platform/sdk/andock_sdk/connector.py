"""The connector: a plugin's object that reads and writes the other side.

All calls block and raise errors from `andock_sdk.errors`. No call retries a write: retrying is
core's business, because only core knows what became of the first try.
"""

from collections.abc import Sequence
from typing import Literal, Protocol

from pydantic import BaseModel, ConfigDict

from andock_sdk.items import Item, Patch

CollectionKind = Literal["calendar", "contacts", "tasks"]


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Collection(_Data):
    """A calendar, a folder of contacts or a list of tasks on the other side.

    `ref` is opaque, case-sensitive, at most 512 bytes. `name` is what its owner calls it, `kind`
    what it holds, `items` how many, where that is known without counting. One that is not
    `writable` can be imported only. `default` marks the one of each kind that is suggested.
    """

    ref: str
    name: str
    kind: CollectionKind = "calendar"
    writable: bool = True
    default: bool = False
    items: int | None = None


class Change(_Data):
    """Something happened to the item `ref`. `kind`: it is new or changed, or it is deleted.
    `version` is what the other side calls its state (ChangeKey, ETag), empty when unknown."""

    ref: str
    kind: Literal["changed", "deleted"]
    version: str = ""


class ChangePage(_Data):
    """One page of `changes` since a cursor.

    `cursor` is where to go on, to be stored together with the changes. `more`: call again at
    once. `complete`: this page ends a listing that began without a cursor and named every item,
    so what is missing from it may be gone. Changes may repeat and come in any order.
    """

    changes: tuple[Change, ...]
    cursor: str
    more: bool = False
    complete: bool = False


class RemoteItem(_Data):
    """An `item` as the other side holds it, under `ref` and in the state that `version` names.

    `operation_id` is the one given at creation, empty for what Andock did not create. `link`
    opens the item in the other side's own web page, empty when there is none.
    """

    ref: str
    version: str
    item: Item
    operation_id: str = ""
    link: str = ""


class Unreadable(_Data):
    """An item, `ref`, that could not be read, alone; the others were. `error` is a message key."""

    ref: str
    error: str


class Missing(_Data):
    """An item, `ref`, that is no longer there."""

    ref: str


ReadResult = RemoteItem | Unreadable | Missing
"""What became of reading one item."""


class Capabilities(_Data):
    """What the other side can do."""

    series: bool = True
    """It holds recurrence rules and exceptions. Without it the contract's tests leave series out;
    the connector itself raises Unrepresentable for one, and the member reads why before saving."""
    silent_writes: bool = True
    """Writes can be made without mailing attendees."""
    invitations: bool = False
    """Attendees are mailed when `Context.invitations` says so."""


class Connector(Protocol):
    """What every plugin's connector offers."""

    @property
    def capabilities(self) -> Capabilities:
        """What the other side can do; known without a call."""

    def collections(self) -> list[Collection]:
        """All calendars, folders of contacts and lists of tasks that the grant reaches."""

    def changes(self, collection: str, cursor: str | None) -> ChangePage:
        """Changes since `cursor`; None lists everything. Raises CursorLost, CollectionGone."""

    def read(self, collection: str, refs: Sequence[str]) -> list[ReadResult]:
        """The items, one result per ref. A bad item never fails the others."""

    def create(self, collection: str, item: Item, operation_id: str) -> RemoteItem:
        """Create, findable by `operation_id`. Returns what the other side then holds because of
        it. Raises Transient where somebody changed the item before it could be read: what they
        wrote must not count as ours."""

    def update(self, collection: str, ref: str, patch: Patch, expected: str) -> RemoteItem:
        """Write the patch's fields if the version is still `expected`. Returns as `create` does.
        Raises Conflict, Gone."""

    def delete(self, collection: str, ref: str, expected: str) -> None:
        """Delete if the version is still `expected`. Raises Conflict, Gone."""

    def find_operation(self, collection: str, operation_id: str) -> RemoteItem | None:
        """The item that was created with this id, if the create took effect."""

    def close(self) -> None:
        """Let go of sockets. Called once, also after errors."""
