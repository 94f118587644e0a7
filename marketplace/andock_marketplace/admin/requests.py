"""What members ask for, and the admin's answers."""

from flask import abort, flash, g, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from andock_core.governance import requests as asking
from andock_core.governance.errors import Unknown
from andock_marketplace.admin.area import pages, title_of
from andock_web import current
from andock_web.lines import one_line
from andock_web.redirects import redirect_to


@pages.get("/requests")
def requests() -> str:
    """Open requests first, then what was answered."""
    listed = asking.listed(current.core(), current.scope())
    return render_template(
        "admin/requests.html",
        asked=[one for one in listed if one.state == "asked"],
        answered=[one for one in listed if one.state != "asked"],
        title_of=title_of,
    )


@pages.post("/requests/<request_id>")
def requests_answer(request_id: str) -> Response:
    """Approve or decline."""
    act = request.form.get("act")
    if act not in ("approve", "decline"):
        abort(400)
    word = request.form.get("word", "")
    core, scope = current.core(), current.scope()
    try:
        who = asking.answer(core, scope, request_id, approve=act == "approve", word=word)
    except Unknown:
        flash(_("This request was answered or taken back meanwhile. Nothing was changed."), "mind")
    else:
        said = {"name": one_line(who)}
        flash(
            _("Approved. %(name)s is told.", **said)
            if act == "approve"
            else _("Declined. %(name)s is told.", **said),
            "go",
        )
    return redirect_to(url_for("admin.requests"))


def waiting() -> int:
    """How many requests wait for an answer; asked once per page."""
    if "requests_waiting" not in g:
        g.requests_waiting = asking.waiting(current.core(), current.scope())
    count: int = g.requests_waiting
    return count
