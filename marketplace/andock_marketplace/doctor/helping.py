"""The page behind a link: whoever helps reads the report and may propose the server.

It is open without an account. It says nothing that does not stand in the report, and takes nothing
but a proposal. The link's secret is all that lets one in, so a form on it needs no other token.
"""

from flask import Blueprint, Flask, abort, flash, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from andock_core.connections.errors import NotFound, TooMany
from andock_core.doctor import links
from andock_core.doctor.links import LONGEST_NOTE, LONGEST_SERVER, Proposal
from andock_marketplace.connect.views import Answer
from andock_marketplace.doctor import queries
from andock_web import current, limits, session
from andock_web.language import LANGUAGES, remember
from andock_web.lines import one_line
from andock_web.redirects import redirect_to

helping = Blueprint("helping", __name__, url_prefix="/it")
HEADERS = {
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Cache-Control": "no-store",
}


def init_app(app: Flask) -> None:
    """Register the page. Its address is the only secret that a form on it could repeat, and no
    other site knows that, so its forms carry no token of a session."""
    app.register_blueprint(helping)
    app.extensions["csrf"].exempt(helping)


@helping.after_request
def _set_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers[name] = value
    return response


@helping.get("/<secret>")
@session.public
def read(secret: str) -> Answer:
    """The report, and what the reader can do for the member."""
    opened = _open(secret)
    return render_template(
        "marketplace/helping.html",
        secret=secret,
        opened=opened,
        report=opened.report,
        problem=queries.words_of(opened.report),
        lines=queries.lines(opened.report.steps),
        facts=queries.facts,
    )


@helping.post("/<secret>")
@session.public
def propose(secret: str) -> Answer:
    """Put a proposal in front of the member."""
    opened = _open(secret)
    shown = opened.report.certificate
    right = request.form.get("right") == "1" and shown is not None
    proposal = Proposal(
        server=one_line(request.form.get("server", ""), LONGEST_SERVER),
        fingerprint=shown.fingerprint if right and shown else "",
        note=one_line(request.form.get("note", ""), LONGEST_NOTE),
    )
    if proposal == Proposal():
        flash(_("Nothing was filled in."), "mind")
        return redirect_to(url_for("helping.read", secret=secret))
    try:
        links.propose(current.core(), secret, proposal)
    except TooMany:
        abort(429)
    except NotFound:
        abort(404)
    flash(_("Thank you. Your proposal is with the member now."), "go")
    return redirect_to(url_for("helping.read", secret=secret))


@helping.post("/<secret>/language")
@session.public
def choose_language(secret: str) -> Answer:
    """Switch the page's language."""
    chosen = request.form.get("language", "")
    if chosen not in LANGUAGES:
        abort(400)
    response = redirect_to(url_for("helping.read", secret=secret))
    remember(response, chosen)
    return response


def _open(secret: str) -> links.Opened:
    if not limits.may_open_link("helping"):
        abort(429)
    try:
        return links.read(current.core(), secret)
    except NotFound:
        limits.count_missed_link("helping")
        abort(404)
