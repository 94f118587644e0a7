"""A mailbox's contacts as tests and demos hold them: what a person does in Outlook."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from . import attachments, entries, times, views
from .model import Json, Props
from .state import MailboxState

if TYPE_CHECKING:
    from .model import Item
    from .sandbox import Sandbox

_TITLE = "tag/0x3a45/String"
_TITLE_URI = {"PropertyTag": "0x3a45", "PropertyType": "String"}
# How the keywords of this interface are called in EWS; all others by their words: given_name.
_NAMES = {"emails": "EmailAddresses", "phones": "PhoneNumbers", "addresses": "PhysicalAddresses"}


class AddressBook:
    """Folders of contacts and what is in them.

    The keywords of ``add`` and ``update`` are EWS properties in lower case (``given_name``,
    ``company_name``), and: ``emails`` by slot (``EmailAddress1``), each an address or (name,
    address); ``phones`` and ``addresses`` by EWS's keys; ``birthday``, a day or an instant;
    ``notes``; ``title``; ``photo``, the bytes of a picture or None to take it away.
    """

    def __init__(self, box: Sandbox, state: MailboxState) -> None:
        self._box = box
        self._state = state

    @property
    def default(self) -> str:
        """The id of the default folder."""
        return self._state.ids.folder(self._state.distinguished("contacts").num)

    def add_folder(self, name: str) -> str:
        """A further folder below the default one; its id. One of this name is found again."""
        with self._box.change():
            parent = self._state.distinguished("contacts").num
            for folder in self._state.subfolders(parent):
                if folder.name == name:
                    return self._state.ids.folder(folder.num)
            folder = self._state.new_folder(parent, "ContactsFolder", name)
            return self._state.ids.folder(folder.num)

    def add(self, folder_id: str, **fields: Any) -> str:
        """A contact; its item id."""
        with self._box.change():
            folder = self._state.folder_of_id(folder_id)
            props, held = _read(fields)
            entries.complete_common(props, reminder=False)
            entries.complete_contact(props)
            item = self._state.new_item(folder.num, "Contact", props, held)
            self._picture(item, fields)
            return self._state.ids.item(item.num)

    def update(self, item_id: str, **fields: Any) -> None:
        """Change a contact; dictionaries are replaced as a whole."""
        with self._box.change():
            item = views.find(self._state, item_id).item
            props, held = _read(fields)
            item.props |= props
            item.extended |= held
            entries.follow_names(item.props, props)
            self._state.change(item, [*props, *held])
            self._picture(item, fields)

    def delete(self, item_id: str) -> None:
        """Delete a contact for good."""
        with self._box.change():
            self._state.remove(views.find(self._state, item_id).item)

    def attach(self, item_id: str, name: str, content: bytes) -> None:
        """Attach a file to a contact."""
        with self._box.change():
            item = views.find(self._state, item_id).item
            attachments.attach(self._state, item, attachments.make(name, content))

    def set_class(self, folder_id: str, folder_class: str) -> None:
        """Give a folder another class, as lists that Outlook keeps for itself have."""
        with self._box.change():
            folder = self._state.folder_of_id(folder_id)
            folder.folder_class = folder_class
            self._state.change_folder(folder)

    def all(self, folder_id: str = "") -> list[dict[str, Json]]:
        """What lies in a folder (the default one): id, props by their EWS names, extended
        properties by key, attachments with their content in base64."""
        with self._box.lock:
            folder = self._state.folder_of_id(folder_id or self.default)
            return [
                {
                    "id": self._state.ids.item(item.num),
                    "props": dict(item.props),
                    "extended": dict(item.extended),
                    "attachments": [dict(held) for held in item.attachments],
                }
                for item in self._state.live(folder.num)
            ]

    def _picture(self, item: Item, fields: Mapping[str, Any]) -> None:
        if "photo" not in fields:
            return
        for held in [held for held in item.attachments if held["IsContactPhoto"]]:
            attachments.detach(self._state, item, held["num"])
        if fields["photo"] is not None:
            made = attachments.make("ContactPicture.jpg", fields["photo"], photo=True)
            attachments.attach(self._state, item, made)


def _read(fields: Mapping[str, Any]) -> tuple[Props, dict[str, Json]]:
    props: Props = {}
    held: dict[str, Json] = {}
    for key, value in fields.items():
        match key:
            case "photo":
                continue
            case "title":
                held[_TITLE] = {"uri": dict(_TITLE_URI), "value": value}
            case "emails":
                props["EmailAddresses"] = {slot: _email(entry) for slot, entry in value.items()}
            case "notes":
                props["Body"] = {"type": "Text", "text": value}
            case "birthday":
                props["Birthday"] = _moment(value)
            case _:
                name = _NAMES.get(key) or "".join(word.title() for word in key.split("_"))
                props[name] = dict(value) if isinstance(value, Mapping) else value
    return props, held


def _email(entry: str | tuple[str, str]) -> Json:
    name, address = (entry, entry) if isinstance(entry, str) else entry
    return {
        "Address": address,
        "Name": name,
        "RoutingType": "SMTP",
        "MailboxType": "Contact",
    }


def _moment(day: date | datetime) -> str:
    """A plain day is kept as Outlook on the web keeps it, at 11:59 UTC."""
    return times.iso(day) if isinstance(day, datetime) else f"{day.isoformat()}T11:59:00Z"
