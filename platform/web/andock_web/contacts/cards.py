"""vCards in and out: choose a file, look at what would come, take it over; export one or all."""

from collections.abc import Iterator
from contextlib import closing
from uuid import UUID

from flask import Response, abort, flash, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, ngettext
from werkzeug.wrappers import Response as AnyResponse

from andock_core.clock import now
from andock_core.contacts import imports, viewing
from andock_core.contacts.imports import Look
from andock_core.contacts.vcard import reading as vcards
from andock_core.contacts.vcard.reading import FileRefused
from andock_core.contacts.vcard.writing import VERSIONS, Version, write
from andock_core.vault import SealBroken
from andock_web import current
from andock_web.contacts import words
from andock_web.contacts.area import pages, reading, writing
from andock_web.redirects import redirect_to

SHOWN = 200  # lines of each list of a preview
__all__ = ["pages"]


@pages.get("/import")
def choose_file() -> str:
    """Where to choose the file."""
    return _choose()


@pages.post("/import")
def read_cards() -> ResponseReturnValue:
    """Read the file, keep what it holds for the preview."""
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        return _choose("file.missing"), 422
    try:
        with closing(upload):
            cards = vcards.read(upload.read(vcards.LARGEST_FILE + 1))
    except FileRefused as refused:
        return _choose(refused.key), 413 if refused.key == "file.large" else 422
    with writing() as session:
        core, member = current.core(), current.member()
        import_id = imports.prepare(session, core.vault, member, cards, now())
    return redirect_to(url_for("contacts.preview", import_id=import_id))


@pages.get("/import/<import_id>")
def preview(import_id: str) -> ResponseReturnValue:
    """What the import would do."""
    found = _look(import_id)
    if found is None:
        return _choose("import.gone"), 404
    return render_template("contacts/look.html", found=found, shown=SHOWN, reasons=words.CARDS)


@pages.post("/import/<import_id>")
def take_over(import_id: str) -> ResponseReturnValue:
    """Make contacts of the cards."""
    with_known = request.form.get("known") == "all"
    found = _look(import_id)
    with writing() as session:
        member = current.member()
        count = found and imports.take_over(session, member, found, with_known=with_known)
    if count is None:
        return _choose("import.gone"), 404
    said = ngettext("%(num)s contact was imported.", "%(num)s contacts were imported.", count)
    flash(said, "go")
    return redirect_to(url_for("contacts.show"))


@pages.post("/import/<import_id>/drop")
def drop(import_id: str) -> AnyResponse:
    """Import nothing, and forget the file."""
    with writing() as session:
        imports.forget(session, current.member(), import_id)
    flash(_("Nothing was imported."), "info")
    return redirect_to(url_for("contacts.show"))


@pages.get("/import/<import_id>/not-read.vcf")
def not_read(import_id: str) -> Response:
    """The cards that could not be read, or not wholly, as they came: nothing is lost."""
    found = _look(import_id) or abort(404)
    return _file(found.not_read().encode(), "andock-not-read.vcf")


@pages.get("/<contact_id>/card.vcf")
def export_one(contact_id: str) -> Response:
    """One contact as a vCard."""
    version = _version()
    with reading() as session:
        found = viewing.seen(session, current.member(), contact_id)
    if found is None:
        abort(404)
    return _file(write(found.item, version, _uid(contact_id)), "contact.vcf")


@pages.get("/export.vcf")
def export_all() -> Response:
    """All one's own contacts as vCards, sent while they are read."""
    version, member, scope = _version(), current.member(), current.scope()
    storage = current.core().storage

    def cards() -> Iterator[bytes]:
        with storage.read(scope) as session:
            for contact_id, item in viewing.own_documents(session, member.id):
                yield write(item, version, _uid(contact_id))

    answer = _file(b"", "contacts.vcf")
    answer.response = stream_with_context(cards())
    answer.headers.pop("Content-Length", None)
    return answer


def _choose(wrong: str = "") -> str:
    return render_template(
        "contacts/import.html",
        wrong=words.file_words(wrong) if wrong else None,
        largest=vcards.LARGEST_FILE,
    )


def _look(import_id: str) -> Look | None:
    core, member = current.core(), current.member()
    with reading() as session:
        try:
            return imports.look(session, core.vault, member, import_id, now())
        except SealBroken:
            return None


def _version() -> Version:
    wanted = request.args.get("version", "3.0")
    return next((each for each in VERSIONS if each == wanted), "3.0")


def _uid(contact_id: str) -> str:
    try:
        return UUID(hex=contact_id).urn
    except ValueError:
        return ""


def _file(data: bytes, name: str) -> Response:
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return Response(data, content_type="text/vcard; charset=utf-8", headers=headers)
