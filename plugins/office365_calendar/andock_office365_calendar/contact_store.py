"""Reading and writing a mailbox's contacts, each with its picture."""

import base64
from collections.abc import Sequence
from functools import partial
from typing import Any
from urllib.parse import quote

from andock_office365_calendar.client import Call, Client, Json, Outcome
from andock_office365_calendar.contact_fields import TAGGED
from andock_office365_calendar.contacts import new_contact, photo_of, properties, to_contact
from andock_office365_calendar.convert import OPERATION, operation_id
from andock_office365_calendar.reading import SHAPE, check_version, taken, version, whole
from andock_sdk import Contact, Missing, Photo, ReadResult, RemoteItem, Unreadable, errors

_NOT_THERE = (errors.Gone, errors.CollectionGone)
_OWN = " or ".join(f"id eq '{tag}'" for tag in (OPERATION, *TAGGED.values()))
QUERY = f"$expand={quote(f'singleValueExtendedProperties($filter={_OWN})', safe='$,()=')}"


def path_of(ref: str) -> str:
    """Where a contact is."""
    return f"/me/contacts/{quote(ref, safe='')}"


class ContactStore:
    """The contacts of one mailbox."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def read(self, refs: Sequence[str]) -> list[ReadResult]:
        """One result per ref. A bad contact never fails the others."""
        calls = [
            call
            for ref in refs
            for call in (
                Call("GET", f"{path_of(ref)}?{QUERY}"),
                Call("GET", f"{path_of(ref)}/photo/$value"),
            )
        ]
        outcomes = self._client.batch(calls)
        contacts, pictures = outcomes[::2], outcomes[1::2]
        whole(self._client, contacts)
        return [
            taken(ref, held, partial(_result, photo=_photo(picture)))
            for ref, held, picture in zip(refs, contacts, pictures, strict=True)
        ]

    def read_one(self, ref: str) -> RemoteItem:
        """One contact. Raises Gone, and Transient for one that cannot be read."""
        (made,) = self.read([ref])
        if isinstance(made, RemoteItem):
            return made
        raise (
            errors.Gone(detail="no contact")
            if isinstance(made, Missing)
            else errors.Transient("answer.broken", "a contact that cannot be read")
        )

    def create(self, folder: str, item: Contact, operation: str) -> RemoteItem:
        """POST, then the picture."""
        path = f"/me/contactFolders/{quote(folder, safe='')}/contacts"
        with errors.in_steps() as written:
            try:
                made = self._client.post(path, new_contact(item, operation))
            except errors.Gone as gone:
                raise errors.CollectionGone(detail=gone.detail) from gone
            written()
            held = self._answered(str(made["id"]), version(made))
            return held if item.photo is None else self._with_photo(held, item.photo)

    def update(
        self, ref: str, item: Contact, before: Contact, names: frozenset[str], expected: str
    ) -> RemoteItem:
        """Write the fields if the version is still the expected one, then the picture."""
        made = properties(item, before, names)
        with errors.in_steps() as written:
            if made:
                answer = self._client.patch(path_of(ref), made, expected)
                written()
                held = self._answered(ref, version(answer))
            else:
                held = self.read_one(ref)
                if held.version != expected:
                    raise errors.Conflict(detail="etag")
            return self._with_photo(held, item.photo) if "photo" in names else held

    def _answered(self, ref: str, expected: str) -> RemoteItem:
        """What a write led to, which was answered with that version. Raises Transient when
        somebody was quicker than our look (see `reading.answered`)."""
        held = self.read_one(ref)
        check_version(held.version, expected)
        return held

    def _with_photo(self, before: RemoteItem, photo: Photo | None) -> RemoteItem:
        """The contact, once it has this picture. Raises Transient when anything else is there than
        before and a picture: Graph may code one anew, so which one it is cannot be told."""
        self._put_photo(before.ref, photo)
        with errors.in_steps() as written:
            written()
            held = self.read_one(before.ref)
        if _but_the_picture(held) != _but_the_picture(before) or _has_one(held) != bool(photo):
            raise errors.Transient(detail="another change right after the picture")
        return held

    def find_operation(self, folder: str, operation: str) -> RemoteItem | None:
        """By our own property."""
        named = f"ep/id eq '{OPERATION}' and ep/value eq '{operation}'"
        wanted = quote(f"singleValueExtendedProperties/Any(ep: {named})", safe="()/:'")
        path = f"/me/contactFolders/{quote(folder, safe='')}/contacts?$filter={wanted}&$select=id"
        try:
            found = self._client.get(path).get("value") or ()
        except errors.Gone as gone:
            raise errors.CollectionGone(detail=gone.detail) from gone
        return self.read_one(str(found[0]["id"])) if found else None

    def _put_photo(self, ref: str, photo: Photo | None) -> None:
        path = f"{path_of(ref)}/photo/$value"
        if photo is None:
            try:
                self._client.call(Call("DELETE", path))
            except errors.Gone:
                return  # there is none
        else:
            self._client.put_bytes(path, base64.b64decode(photo.data), photo.media_type)


def _but_the_picture(held: RemoteItem) -> object:
    return held.item.model_copy(update={"photo": None})


def _has_one(held: RemoteItem) -> bool:
    return isinstance(held.item, Contact) and held.item.photo is not None


def _photo(picture: Outcome) -> Photo | None:
    """The picture. Raises what is no "there is none": it must not look as if it had gone."""
    if picture.error is None:
        return photo_of(picture.body)
    if isinstance(picture.error, _NOT_THERE):
        return None
    raise picture.error


def _result(ref: str, given: Any, photo: Photo | None) -> ReadResult:
    try:
        held: Json = given
        return RemoteItem(
            ref=ref,
            version=version(held),
            item=to_contact(held, photo),
            operation_id=operation_id(held),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return Unreadable(ref=ref, error=SHAPE)
