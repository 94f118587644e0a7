"""The picture of a contact: a file attachment that is marked as such."""

import base64
from collections.abc import Callable, Sequence
from contextlib import suppress

from andock_exchange_calendar import contacts, operations
from andock_exchange_calendar.client import Client
from andock_exchange_calendar.errors import is_missing
from andock_exchange_calendar.reading import ask, raise_if_general
from andock_exchange_calendar.soap import fields, only_item, text_of
from andock_sdk import Photo
from andock_sdk.items import PHOTO_BYTES

_BATCH = 8
"""Pictures per GetAttachment: together they stay far below the largest answer."""
_NAME = "ContactPicture"
_STARTS = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png", b"GIF8": "image/gif"}
_ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/gif": "gif"}


def read(client: Client, ids: Sequence[str]) -> dict[str, Photo | None]:
    """The pictures by attachment id, None for one that Andock cannot hold. What could not be
    read, or is gone meanwhile, is not in the answer."""
    found: dict[str, Photo | None] = {}
    for start in range(0, len(ids), _BATCH):
        chunk = ids[start : start + _BATCH]
        for one, outcome in zip(chunk, ask(client, chunk, operations.get_attachments), strict=True):
            if outcome is None or is_missing(outcome.code):
                continue
            if not outcome.ok:
                raise_if_general(client, outcome)
                continue
            for attachment in fields(outcome.message).get("Attachments", ()):
                with suppress(ValueError):
                    found[one] = photo_of(text_of(fields(attachment), "Content"))
    return found


def photo_of(text: str) -> Photo | None:
    """The picture whose content is `text` in base64. None for what is too large for Andock or no
    picture of a known kind: it stays on the server. Raises ValueError for what is no base64."""
    content = base64.b64decode("".join(text.split()), validate=True)
    kind = next((kind for start, kind in _STARTS.items() if content.startswith(start)), None)
    if kind is None or len(content) > PHOTO_BYTES:
        return None
    return Photo.model_validate({"media_type": kind, "data": base64.b64encode(content).decode()})


def replace(client: Client, ref: str, photo: Photo | None, written: Callable[[], None]) -> None:
    """Put the picture in the place of whichever there is; None takes it away. `written` is called
    after each step.

    The present one goes first: a contact may have only one.
    """
    old = contacts.photo_ids(only_item(client.one(operations.get_contacts([ref]))))
    if old:
        for removed in client.call(operations.delete_attachments(old), len(old)):
            if not is_missing(removed.code):
                client.checked(removed)
        written()
    if photo is not None:
        attach(client, ref, photo)


def attach(client: Client, ref: str, photo: Photo) -> None:
    """Give a contact without a picture one."""
    name = f"{_NAME}.{_ENDINGS[photo.media_type]}"
    client.one(operations.create_photo(ref, name, photo.media_type, photo.data))
