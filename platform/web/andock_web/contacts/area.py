"""The blueprint of all contacts' pages, and what they share."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Blueprint, abort, request
from sqlalchemy.orm import Session

from andock_core.contacts.photos import LARGEST_UPLOAD
from andock_core.contacts.vcard.reading import LARGEST_FILE
from andock_web import current

pages = Blueprint(
    "contacts",
    __name__,
    url_prefix="/contacts",
    template_folder="templates",
    static_folder="static",
)
ENVELOPE = 256 * 1024  # bytes that a form takes besides its file
_LARGER = {
    "contacts.create": LARGEST_UPLOAD,
    "contacts.save": LARGEST_UPLOAD,
    "contacts.read_cards": LARGEST_FILE,
}


class FileTooLarge(Exception):
    """More was sent than the endpoint's file may hold. Nothing of it was read."""


@pages.url_value_preprocessor
def _check_ids(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Ids are letters and digits; what else an address holds, no database needs to see."""
    for name in ("contact_id", "import_id"):
        if not str((values or {}).get(name, "x")).isalnum():
            abort(404)


@pages.url_value_preprocessor
def _allow_files(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Before anything reads the form, the CSRF check above all: these forms carry a file."""
    if endpoint not in _LARGER:
        return
    limit = _LARGER[endpoint] + ENVELOPE
    request.max_content_length = limit
    if (request.content_length or 0) > limit and current.member_or_none() is not None:
        raise FileTooLarge


@contextmanager
def reading() -> Iterator[Session]:
    """A session that reads in the member's name."""
    with current.core().storage.read(current.scope()) as session:
        yield session


@contextmanager
def writing() -> Iterator[Session]:
    """A session that writes in the member's name."""
    with current.core().storage.write(current.scope()) as session:
        yield session
