"""Who connected what, since when and in which state; and ending somebody's connection."""

from flask import abort, flash, render_template, request, url_for
from flask_babel import LazyString, gettext as _, lazy_gettext as _l
from werkzeug.wrappers import Response

from andock_core.governance import overview
from andock_marketplace.admin.area import listing_of, pages, title_of
from andock_marketplace.words import words_for
from andock_web import current
from andock_web.lines import one_line
from andock_web.redirects import redirect_to

STATES: dict[str, tuple[LazyString, str, str]] = {
    "active": (_l("Connected"), "go", "check"),
    "attention": (_l("Needs attention"), "mind", "triangle-alert"),
    "access": (_l("Asks for new access"), "mind", "key-round"),
    "company": (_l("Switched off"), "plain", "pause"),
    "paused": (_l("Paused"), "mind", "pause"),
    "begun": (_l("Not in use yet"), "brand", "circle"),
}
"""The words, colour and icon of each state."""


@pages.get("/connections")
def connections() -> str:
    """All connections of the company, or those of one integration or in one state."""
    integration, state = request.args.get("integration", ""), request.args.get("state", "")
    found = overview.connected(current.core(), current.scope(), integration, state)
    slugs = sorted(found.integrations, key=lambda slug: title_of(slug).lower())
    anything: list[dict[str, str | LazyString]] = [{"value": "", "label": _("All")}]
    return render_template(
        "admin/connections.html",
        found=found,
        integrations=anything + [{"value": slug, "label": title_of(slug)} for slug in slugs],
        states=anything + [{"value": name, "label": words[0]} for name, words in STATES.items()],
        integration=integration if integration in found.integrations else "",
        state=state if state in STATES else "",
        words=STATES,
        title_of=title_of,
        works=lambda one: listing_of(one.integration) is not None,
        trouble=lambda one: words_for(one.error, listing_of(one.integration)).title,
    )


@pages.get("/connections/<connection_id>/end")
def connections_ask(connection_id: str) -> str:
    """Before disconnecting: what goes and what stays."""
    one = overview.one(current.core(), current.scope(), connection_id)
    return render_template("admin/end.html", one=one, title=title_of(one.integration))


@pages.post("/connections/<connection_id>/end")
def connections_end(connection_id: str) -> Response:
    """Disconnect. Entries stay unless the form says clearly that they go."""
    entries = request.form.get("entries")
    if entries not in ("keep", "remove"):
        abort(400)
    core, scope = current.core(), current.scope()
    one = overview.end(core, scope, connection_id, keep_entries=entries == "keep")
    said = {"name": one_line(one.who), "title": title_of(one.integration)}
    flash(_("%(title)s of %(name)s is disconnected. They are told.", **said), "go")
    return redirect_to(url_for("admin.connections"))
