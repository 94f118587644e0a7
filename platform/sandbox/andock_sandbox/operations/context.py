"""What an operation is handed, and the parts that several operations share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, tzinfo
from typing import TypeAlias

from .. import occurrences, shapes, soap, views, zones
from ..errors import EwsError, RequestFault
from ..model import Folder
from ..sandbox import Sandbox
from ..soap import Element, add, children, local
from ..state import MailboxState
from ..views import View


@dataclass(frozen=True)
class Call:
    """One request of a signed-in owner: the sandbox, the mailbox, the operation's element, the
    generation of server that it speaks with (7, 10, 13, 16), the zone of its TimeZoneContext."""

    box: Sandbox
    state: MailboxState
    request: Element
    server: int
    zone_name: str = "UTC"

    @property
    def operation(self) -> str:
        """The operation's name, e.g. ``GetItem``."""
        return local(self.request).removesuffix("Request")

    @property
    def zone(self) -> tzinfo:
        """The zone of the request's context; UTC without one."""
        return zones.find(self.zone_name) or UTC

    def part(self, name: str) -> Element | None:
        """A child of the request."""
        return soap.child(self.request, name)

    def either(self, *names: str) -> Element | None:
        """The first child of the request that has one of these names."""
        found = (soap.child(self.request, name) for name in names)
        return next((element for element in found if element is not None), None)

    def need(self, name: str) -> Element:
        """A child of the request that the grammar has made sure of."""
        found = soap.child(self.request, name)
        if found is None:
            raise RequestFault("ErrorInvalidRequest", f"{name} is missing.")
        return found

    def shape(self, name: str) -> shapes.Shape:
        """The response shape. EwsError for paths that came later than the schema spoken."""
        return shapes.read(self.need(name), self.server, self.operation)


# An answer, or one that goes on for as long as the client holds on.
Handler: TypeAlias = Callable[[Call], Element | Iterator[Element]]


@contextmanager
def reporting(messages: Element, operation: str, *, empty: str = "") -> Iterator[None]:
    """Turn an EwsError of one response message into that message; ``empty`` is the element that
    the schema asks for even then."""
    try:
        yield
    except RequestFault:
        raise
    except EwsError as error:
        message = soap.failure(messages, operation, error)
        if empty:
            add(message, f"m:{empty}")


def find_folder(call: Call, element: Element) -> Folder:
    """The folder of a FolderId or DistinguishedFolderId. EwsError."""
    if local(element) == "FolderId":
        try:
            return call.state.folder_of_id(element.get("Id", ""))
        except EwsError as error:
            if error.code == "ErrorItemNotFound":
                raise EwsError("ErrorFolderNotFound") from error
            raise
    if local(element) != "DistinguishedFolderId":
        raise EwsError("ErrorFolderNotFound")
    owner = soap.child(element, "Mailbox")
    if owner is not None:
        address = soap.child(owner, "EmailAddress")
        wanted = (address.text or "").strip() if address is not None else ""
        target = call.box.state_of(wanted)
        if target is None:
            raise EwsError("ErrorNonExistentMailbox")
        if target is not call.state:
            # Nobody has shared anything: Exchange then denies that there is such a folder.
            raise EwsError("ErrorFolderNotFound")
    return call.state.distinguished(element.get("Id", ""))


def target_folder(call: Call, name: str) -> Folder:
    """The one folder inside a TargetFolderIdType element of the request."""
    return find_folder(call, children(call.need(name))[0])


def find_view(call: Call, element: Element) -> View:
    """What an ItemId, OccurrenceItemId or RecurringMasterItemId names. EwsError."""
    kind = local(element)
    if kind == "ItemId":
        return views.find(call.state, element.get("Id", ""))
    if kind == "OccurrenceItemId":
        master = views.find(call.state, element.get("RecurringMasterId", ""))
        if master.type != "RecurringMaster":
            raise EwsError("ErrorCalendarCannotUseIdForRecurringMasterId")
        slot = occurrences.slot_number(master.item, int(element.get("InstanceIndex", "0")))
        return views.of_slot(master.item, slot)
    if kind == "RecurringMasterItemId":
        one = views.find(call.state, element.get("OccurrenceId", ""))
        if one.slot is None:
            raise EwsError("ErrorCalendarCannotUseIdForOccurrenceId")
        return views.of_item(one.item)
    raise EwsError("ErrorInvalidOperation")


def answer_item(call: Call, messages: Element, view: View, shape: shapes.Shape) -> Element:
    """A successful message that holds one item."""
    message = soap.success(messages, call.operation)
    shapes.write_item(add(message, "m:Items"), call.state, view, shape, call.operation)
    return message
