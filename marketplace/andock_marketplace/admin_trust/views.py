"""The company's certificates: what members ask for, what is trusted, its own authorities."""

from contextlib import closing, nullcontext
from functools import wraps
from typing import Any

from flask import Blueprint, abort, flash, render_template, request, url_for
from flask_babel import gettext as _, ngettext
from werkzeug.wrappers import Response

from andock_core.trust import service as trust
from andock_core.trust.authorities import LARGEST_FILE
from andock_core.trust.errors import BadAuthority, NoCertificate, NotAdmin
from andock_marketplace.connect.views import Answer
from andock_marketplace.doctor import queries
from andock_marketplace.words import words_for
from andock_web import current
from andock_web.redirects import redirect_to
from andock_web.session import View

admin_trust = Blueprint("admin_trust", __name__, url_prefix="/admin/certificates")


def _admins_only(view: View) -> View:
    """To everybody else there is no such page."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        try:
            return view(*args, **kwargs)
        except (NotAdmin, NoCertificate):
            abort(404)

    return guarded  # type: ignore[return-value]


@admin_trust.get("")
@_admins_only
def show() -> Answer:
    """Open questions first, then what is trusted and what was declined."""
    return _page()


@admin_trust.post("/upload")
@_admins_only
def upload() -> Answer:
    """Trust the company's own authority."""
    file = request.files.get("file")
    with closing(file) if file else nullcontext():
        data = file.stream.read(LARGEST_FILE + 1) if file else b""
    domain, word = request.form.get("domain", ""), request.form.get("word", "")
    try:
        count = trust.upload(current.core(), current.scope(), data, domain, word)
    except BadAuthority as refused:
        return _page(error=refused.key, domain=domain, word=word), 422
    flash(ngettext("The authority is trusted.", "%(num)d authorities are trusted.", count), "go")
    return redirect_to(url_for("admin_trust.show"))


@admin_trust.post("/<certificate_id>/decide")
@_admins_only
def decide(certificate_id: str) -> Response:
    """Approve or decline what a member asked for."""
    act = request.form.get("act")
    if act not in ("approve", "decline"):
        abort(400)
    word = request.form.get("word", "")
    core, scope = current.core(), current.scope()
    trust.decide(core, scope, certificate_id, approve=act == "approve", word=word)
    said = _("The certificate is approved.") if act == "approve" else _("Declined.")
    flash(said, "go")
    return redirect_to(url_for("admin_trust.show"))


@admin_trust.post("/<certificate_id>/remove")
@_admins_only
def remove(certificate_id: str) -> Response:
    """Trust it no longer."""
    trust.remove(current.core(), current.scope(), certificate_id)
    flash(_("Removed. Connections that relied on it need attention at their next run."), "go")
    return redirect_to(url_for("admin_trust.show"))


def _page(error: str = "", domain: str = "", word: str = "") -> str:
    listed = trust.known(current.core(), current.scope())
    return render_template(
        "marketplace/certificates.html",
        asked=[one for one in listed if one.state == "asked"],
        servers=[one for one in listed if one.kind == "server" and one.state != "asked"],
        authorities=[one for one in listed if one.kind == "authority"],
        problem=words_for(error) if error else None,
        domain=domain,
        word=word,
        facts=queries.facts,
        words_for=words_for,
    )
