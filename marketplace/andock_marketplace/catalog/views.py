"""Browse, my integrations, a page per integration, its icon, and adding it."""

from babel import Locale
from flask import Blueprint, Response, abort, flash, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from andock_core.connections import service, status
from andock_core.connections.errors import ConnectionRefused
from andock_core.governance import requests
from andock_core.governance.errors import GovernanceRefused
from andock_marketplace.catalog import queries
from andock_marketplace.connect import queries as connections
from andock_marketplace.words import CATEGORIES, words_for
from andock_sdk import Text
from andock_web import current
from andock_web.language import language
from andock_web.redirects import redirect_to

browsing = Blueprint("marketplace", __name__, url_prefix="/marketplace")

ICON_HEADERS = {
    # A plugin's picture is a stranger's document: opened by itself it may do nothing at all.
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    "Cache-Control": "private, max-age=86400",
}


@browsing.get("/")
def browse() -> str:
    """All integrations, or those that a search finds."""
    return render_template("marketplace/browse.html", **_browse())


@browsing.get("/results")
def results() -> str:
    """The part of `browse` that changes while one types."""
    return render_template("marketplace/_results.html", **_browse())


@browsing.get("/mine")
def mine() -> str:
    """The member's own connections."""
    views = connections.mine()
    return render_template("marketplace/mine.html", views=views, mine_count=len(views))


@browsing.get("/<slug>")
def detail(slug: str) -> str:
    """What an integration does, and what it asks for."""
    core, scope = current.core(), current.scope()
    offer = queries.offer(core, scope, slug)
    if offer is None:
        abort(404)
    about = offer.listed.listing
    return render_template(
        "marketplace/detail.html",
        offer=offer,
        about=about,
        to=_to,
        users=queries.used_by(core, scope, slug),
        spoken=sorted(_language_name(code) for code in about.languages) if about else [],
    )


@browsing.get("/<slug>/icon.svg")
def icon(slug: str) -> Response:
    """The integration's own picture, to be shown as an image."""
    listed = current.core().catalog.get(slug)
    if listed is None or listed.listing is None:
        abort(404)
    return Response(listed.listing.icon, mimetype="image/svg+xml", headers=ICON_HEADERS)


@browsing.post("/<slug>/add")
def add(slug: str) -> AnyResponse:
    """Add the integration. Authorizing comes next, on the same page."""
    try:
        service.add(current.core(), current.scope(), slug)
    except ConnectionRefused as error:
        _refuse(error.key)
    else:
        flash(_("Added. Authorize the access next."), "go")
    return _back_to(slug)


@browsing.post("/<slug>/ask")
def ask(slug: str) -> AnyResponse:
    """Ask the company's admins for it, with a word why."""
    try:
        requests.ask(current.core(), current.scope(), slug, request.form.get("why", ""))
    except (ConnectionRefused, GovernanceRefused) as error:
        _refuse(error.key)
    else:
        flash(_("Your administrators are told. You hear of it once one of them has decided."), "go")
    return _back_to(slug)


@browsing.post("/<slug>/take-back")
def take_back(slug: str) -> AnyResponse:
    """The member needs no answer any more."""
    requests.take_back(current.core(), current.scope(), slug)
    flash(_("Your request is taken back."), "go")
    return _back_to(slug)


def _refuse(key: str) -> None:
    words = words_for(key)
    flash(f"{words.title} {words.advice}", "stop")


def _back_to(slug: str) -> AnyResponse:
    if current.core().catalog.get(slug) is None:
        abort(404)
    return redirect_to(url_for("marketplace.detail", slug=slug))


def _browse() -> dict[str, object]:
    core, scope = current.core(), current.scope()
    query = request.args.get("q", "")
    found = queries.find(core, scope, query, request.args.get("category", ""))
    mine_count = len(status.cards(core, scope))
    return {"found": found, "categories": CATEGORIES, "to": _to, "mine_count": mine_count}


def _to(text: Text) -> str:
    return text.to(language())


def _language_name(code: str) -> str:
    try:
        return Locale.parse(code).get_display_name(language()) or code
    except ValueError:
        return code
