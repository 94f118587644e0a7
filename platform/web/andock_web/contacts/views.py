"""The list, the card, deleting with undo, sharing.

Everything works as ordinary pages and forms; the script makes searching and undoing quicker.
"""

from flask import Response, abort, flash, render_template, request, session as cookie, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from andock_core.clock import now
from andock_core.contacts import photos, sharing, undo, viewing
from andock_core.contacts.store import ContactChanged, Contacts
from andock_core.storage.tables import Contact as ContactRow
from andock_web import current
from andock_web.contacts import queries, words
from andock_web.contacts.area import FileTooLarge, pages, reading, writing
from andock_web.contacts.queries import Shown
from andock_web.lines import one_line
from andock_web.redirects import redirect_to

THUMB = 88  # pixels: 44 on a sharp screen
PHOTO_HEADERS = {
    # Somebody's upload: opened by itself it may do nothing at all.
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Content-Disposition": "inline",
    "Cache-Control": "private, max-age=86400",
}
_GONE = "contacts.gone"

__all__ = ["pages"]


@pages.get("/")
def show() -> str:
    """The contacts, or those that a search finds."""
    return render_template("contacts/show.html", found=_found(), gone=_just_deleted())


@pages.get("/results")
def results() -> str:
    """The part of `show` that changes while one types, or grows."""
    return render_template("contacts/list.html", found=_found())


@pages.get("/<contact_id>")
def card(contact_id: str) -> str:
    """One contact."""
    with reading() as session:
        found = queries.card(session, current.member(), contact_id)
    return render_template("contacts/card.html", card=found or abort(404))


@pages.get("/<contact_id>/photo")
def photo(contact_id: str) -> Response:
    """A contact's photo, small for the list. Its kind is told from its bytes alone."""
    with reading() as session:
        found = viewing.photo(session, current.member(), contact_id)
    data, _claimed = found or abort(404)
    media_type = photos.kind_of(data) or abort(404)
    if "small" in request.args:
        try:
            data, media_type = photos.small(data, THUMB), "image/jpeg"
        except photos.PhotoRefused:
            abort(404)
    return Response(data, content_type=media_type, headers=PHOTO_HEADERS)


@pages.post("/<contact_id>/delete")
def delete(contact_id: str) -> AnyResponse:
    """Delete a contact. For a while it can be brought back."""
    version = request.form.get("version", "")
    try:
        with writing() as session:
            _own(contact_id, Contacts(session, *_me()))
            undo.take_away(session, current.member().id, contact_id, _number(version), now())
    except ContactChanged:
        flash(_("This contact changed meanwhile. Look at it before you delete it."), "mind")
        return redirect_to(url_for("contacts.card", contact_id=contact_id))
    cookie[_GONE] = contact_id
    return redirect_to(url_for("contacts.show"))


@pages.post("/<contact_id>/restore")
def restore(contact_id: str) -> AnyResponse:
    """Bring a deleted contact back."""
    with writing() as session:
        back = undo.bring_back(session, current.member().id, contact_id, now())
    if not back:
        flash(_("That was too long ago: the contact is deleted for good."), "mind")
        return redirect_to(url_for("contacts.show"))
    flash(_("The contact is back."), "go")
    return redirect_to(url_for("contacts.card", contact_id=contact_id))


@pages.post("/<contact_id>/share")
def share(contact_id: str) -> AnyResponse:
    """Let exactly the ticked colleagues read this contact."""
    with writing() as session:
        try:
            sharing.share(session, current.member().id, contact_id, request.form.getlist("with"))
        except sharing.NoSuchContact:
            abort(404)
        readers = sharing.shared_with(session, current.member().id, contact_id)
    if readers:
        names = ", ".join(one_line(reader.name) for reader in readers)
        flash(_("%(names)s can read this contact now.", names=names), "go")
    else:
        flash(_("Only you can read this contact now."), "go")
    return redirect_to(url_for("contacts.card", contact_id=contact_id))


@pages.errorhandler(FileTooLarge)
def too_large(_error: FileTooLarge) -> AnyResponse | tuple[str, int]:
    """Said where the file was chosen. What a form held besides is still in the browser."""
    if request.endpoint == "contacts.read_cards":
        title, advice = words.file_words("file.large")
    else:
        title, advice = (
            words.field_words("photo.large"),
            _("Go back: what you typed is still there."),
        )
    return render_template("contacts/too_large.html", title=title, advice=advice), 413


def _found() -> Shown:
    asked = (request.args.get(name, "") for name in ("q", "letter", "after"))
    with reading() as session:
        return queries.shown(session, current.member(), *asked)


def _just_deleted() -> tuple[str, str] | None:
    """Id and name of the contact that this browser has just deleted, told once."""
    contact_id = cookie.pop(_GONE, "")
    if not contact_id:
        return None
    with reading() as session:
        contacts = Contacts(session, *_me())
        row = contacts.get(str(contact_id))
        if row is None or row.deleted_at is None:
            return None
        return row.id, queries.name_of(contacts.document(row))


def _own(contact_id: str, contacts: Contacts) -> ContactRow:
    row = contacts.get(contact_id)
    if row is None or row.deleted_at is not None:
        abort(404)
    return row


def _me() -> tuple[str, str]:
    member = current.member()
    return member.tenant_id, member.id


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 9 else 0
