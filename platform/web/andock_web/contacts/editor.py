"""Making and changing a contact."""

from contextlib import closing

from flask import abort, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from andock_core.contacts import photos
from andock_core.contacts.editing import Refused
from andock_core.contacts.photos import PhotoRefused
from andock_core.contacts.store import ContactChanged, Contacts
from andock_sdk import Contact, Photo
from andock_web import current
from andock_web.contacts import forms, words
from andock_web.contacts.area import pages, reading, writing
from andock_web.contacts.forms import Filled
from andock_web.contacts.queries import name_of
from andock_web.redirects import redirect_to

__all__ = ["pages"]


@pages.get("/new")
def new() -> str:
    """The empty form."""
    return _page(Filled(), {}, None)


@pages.post("/new")
def create() -> ResponseReturnValue:
    """A new contact."""
    form = forms.read(request.form)
    if "more" in request.form:
        return _page(form, {}, None)
    try:
        item = _filled_in(form, None)
    except Refused as refused:
        return _page(form, refused.wrong, None), 422
    with writing() as session:
        made = Contacts(session, current.member().tenant_id, current.member().id).create(item)
        contact_id = made.id
    flash(_("%(name)s is saved.", name=name_of(item)), "go")
    return redirect_to(url_for("contacts.card", contact_id=contact_id))


@pages.get("/<contact_id>/edit")
def edit(contact_id: str) -> str:
    """The form of one's own contact."""
    item, version = _open(contact_id)
    return _page(forms.filled_from(item), {}, (contact_id, version, item))


@pages.post("/<contact_id>/edit")
def save(contact_id: str) -> ResponseReturnValue:
    """Change one's own contact, if nothing else changed it since the form was shown."""
    form = forms.read(request.form)
    before, version = _open(contact_id)
    shown = request.form.get("version", "")
    if "more" in request.form:
        return _page(form, {}, (contact_id, int(shown) if shown.isdecimal() else 0, before))
    if shown != str(version):
        return _page(form, {}, (contact_id, version, before), changed=True), 409
    try:
        item = _filled_in(form, before)
    except Refused as refused:
        return _page(form, refused.wrong, (contact_id, version, before)), 422
    try:
        with writing() as session:
            contacts = Contacts(session, current.member().tenant_id, current.member().id)
            contacts.replace(contacts.get(contact_id) or abort(404), item, version)
    except ContactChanged:
        before, version = _open(contact_id)
        return _page(form, {}, (contact_id, version, before), changed=True), 409
    flash(_("%(name)s is saved.", name=name_of(item)), "go")
    return redirect_to(url_for("contacts.card", contact_id=contact_id))


def _open(contact_id: str) -> tuple[Contact, int]:
    with reading() as session:
        contacts = Contacts(session, current.member().tenant_id, current.member().id)
        row = contacts.get(contact_id)
        if row is None or row.deleted_at is not None:
            abort(404)
        return contacts.document(row), row.version


def _filled_in(form: Filled, before: Contact | None) -> Contact:
    """The contact of the form with its photo. Raises Refused."""
    wrong: dict[str, str] = {}
    photo = before.photo if before else None
    try:
        photo = _photo(photo)
    except PhotoRefused as refused:
        wrong["photo"] = refused.key
    try:
        item = forms.contact(form, before, photo)
    except Refused as refused:
        raise Refused({**refused.wrong, **wrong}) from refused
    if wrong:
        raise Refused(wrong)
    return item


def _photo(present: Photo | None) -> Photo | None:
    """The photo after the form: a new one, none any more, or the present one."""
    upload = request.files.get("photo")
    if upload is None:
        return None if "photo_remove" in request.form else present
    with closing(upload):
        data = upload.read(photos.LARGEST_UPLOAD + 1)
    if data:
        return photos.fit(data)
    return None if "photo_remove" in request.form else present


def _page(
    form: Filled,
    wrong: dict[str, str],
    of: tuple[str, int, Contact] | None,
    *,
    changed: bool = False,
) -> str:
    contact_id, version, item = of or ("", 0, None)
    used = {kind for kind, _number in form.phones}
    free = [(kind, "") for kind in words.PHONES if kind not in used]
    blanks = free[: 3 if "more" in request.form else 1]
    return render_template(
        "contacts/edit.html",
        form=form,
        wrong={name: words.field_words(key) for name, key in wrong.items()},
        contact_id=contact_id,
        version=version,
        name=name_of(item) if item else "",
        has_photo=bool(item and item.photo),
        changed=changed,
        phones=[*form.phones, *blanks],
        phone_options=words.phone_options(),
        emails=words.EMAILS,
        addresses=words.ADDRESSES,
    )
