"""The connector's half for folders of contacts: reading, creating, changing."""

from collections.abc import Callable, Sequence

from andock_exchange_calendar import contact_writing, contacts, convert, operations, photos
from andock_exchange_calendar.client import Client, Outcome
from andock_exchange_calendar.contact_fields import NAMES
from andock_exchange_calendar.errors import is_missing
from andock_exchange_calendar.reading import ask, item_in, ours, raise_if_general
from andock_exchange_calendar.shape import BATCH
from andock_exchange_calendar.soap import (
    Element,
    fields,
    local,
    only_item,
    ref_of,
    text_of,
    version_of,
)
from andock_sdk import Contact, Missing, Photo, ReadResult, RemoteItem, Unreadable, errors


class ContactStore:
    """Contacts of one mailbox. `zone` tells where the mailbox's days begin (IANA), "" when
    nothing is known of it; it makes no call."""

    def __init__(self, client: Client, zone: Callable[[], str]) -> None:
        self._client = client
        self._zone = zone

    def read(self, refs: Sequence[str]) -> list[ReadResult]:
        """The contacts with their pictures, one result per ref. A bad one never fails others."""
        results: list[ReadResult] = []
        for start in range(0, len(refs), BATCH):
            results += self._batch(refs[start : start + BATCH])
        return results

    def read_one(self, ref: str) -> RemoteItem:
        """One contact as it now stands. Raises Gone, or Transient when it cannot be read."""
        (result,) = self.read([ref])
        if isinstance(result, Missing):
            raise errors.Gone(detail="on reading back")
        if isinstance(result, Unreadable):
            raise errors.Transient(result.error, "on reading back")
        return result

    def create(self, folder: str, item: Contact, operation_id: str) -> RemoteItem:
        """CreateItem, then the picture. Once the contact is there, whatever fails leaves the
        outcome open, so that core looks for what was created."""
        made = contact_writing.new_contact(item, operation_id, old_server=self._client.is_old)
        with errors.in_steps() as written:
            (outcome,) = self._client.call(operations.create_item(folder, made))
            identity = fields(only_item(self._client.checked(outcome)))["ItemId"]
            written()
            ref = ref_of(identity)
            held = ours(self.read_one(ref), version_of(identity))
            if item.photo is None:
                return held
            photos.attach(self._client, ref, item.photo)
            return self._with_photo(held, item.photo)

    def update(
        self, ref: str, item: Contact, before: Contact, names: frozenset[str], expected: str
    ) -> RemoteItem:
        """UpdateItem with what differs, then the picture. Raises Conflict.

        Attachments have no condition of their own: the version is looked at right before.
        """
        old_server = self._client.is_old
        changes = contact_writing.updates(item, before, names, old_server=old_server)
        if names & NAMES and self._is_filed_by_us(ref, before):
            changes.append(contact_writing.file_as_change(item))
        with errors.in_steps() as written:
            if changes:
                message = self._client.one(operations.update_item(ref, expected, changes))
                written()
                identity = fields(only_item(message))["ItemId"]
                held = ours(self.read_one(ref), version_of(identity))
            else:
                held = self.read_one(ref)
                if held.version != expected:
                    raise errors.Conflict(detail="change key")
            if "photo" not in names:
                return held
            photos.replace(self._client, ref, item.photo, written)
            return self._with_photo(held, item.photo)

    def _with_photo(self, before: RemoteItem, photo: Photo | None) -> RemoteItem:
        """The contact after its picture was written. Raises Transient when anything else is there
        than before and that picture: somebody was quicker than our look, and what they did must
        not pass for written."""
        held = self.read_one(before.ref)
        if held.item != before.item.model_copy(update={"photo": photo}):
            raise errors.Transient(detail="another change right after the picture")
        return held

    def _is_filed_by_us(self, ref: str, before: Contact) -> bool:
        """Whether nobody has chosen a name of their own for Outlook's list."""
        message = self._client.one(operations.get_contacts([ref]))
        filed = text_of(fields(only_item(message)), "FileAs")
        return filed in ("", contact_writing.file_as(before))

    def _batch(self, refs: Sequence[str]) -> list[ReadResult]:
        outcomes = ask(self._client, refs, operations.get_contacts)
        items = [item_in(outcome) if outcome is not None else None for outcome in outcomes]
        pictures = [_photo_id(item) for item in items]
        photos_by_id = photos.read(self._client, [one for one in pictures if one])
        return [
            self._result(ref, outcome, item, picture, photos_by_id)
            for ref, outcome, item, picture in zip(refs, outcomes, items, pictures, strict=True)
        ]

    def _result(
        self,
        ref: str,
        outcome: Outcome | None,
        item: Element | None,
        picture: str | None,
        found: dict[str, Photo | None],
    ) -> ReadResult:
        if outcome is None:
            return Unreadable(ref=ref, error="item.unreadable")
        if is_missing(outcome.code):
            return Missing(ref=ref)
        if not outcome.ok:
            raise_if_general(self._client, outcome)
            return Unreadable(ref=ref, error="item.unreadable")
        if item is None or local(item) != "Contact":
            return Unreadable(ref=ref, error="item.not_contact")
        if picture is None or (picture and picture not in found):
            # Without it the picture would pass for taken away.
            return Unreadable(ref=ref, error="item.unreadable")
        try:
            inside = fields(item)
            return RemoteItem(
                ref=ref,
                version=version_of(inside["ItemId"]),
                item=contacts.to_contact(item, found.get(picture), self._zone()),
                operation_id=convert.operation_id(item),
                link=self._client.link(text_of(inside, "WebClientReadFormQueryString")),
            )
        except (ValueError, KeyError, IndexError, OverflowError, errors.Transient):
            return Unreadable(ref=ref, error="item.unreadable")


def _photo_id(item: Element | None) -> str | None:
    """The picture's id, "" where there is none; None when it has one that nobody can name."""
    if item is None or local(item) != "Contact":
        return ""
    try:
        return contacts.photo_id(item)
    except (KeyError, errors.Transient):
        return None
