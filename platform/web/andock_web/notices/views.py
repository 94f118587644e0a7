"""A member's notices. Opening the page leaves them unread: the member says what is done with."""

from flask import Blueprint, abort, g, render_template, url_for
from werkzeug.wrappers import Response

from andock_core import notices
from andock_web import current
from andock_web.notices.words import told
from andock_web.redirects import redirect_to

pages = Blueprint(
    "notices",
    __name__,
    url_prefix="/notices",
    template_folder="templates",
    static_folder="static",
)


@pages.get("/")
def show() -> str:
    """All notices, the newest first."""
    listed = notices.listed(current.core().storage, current.scope())
    lines = [(each, told(each.kind, each.facts)) for each in listed]
    return render_template("notices/show.html", lines=lines)


@pages.post("/<notice_id>/read")
def read(notice_id: str) -> Response:
    """Mark one as read."""
    if notices.mark_read(current.core().storage, current.scope(), notice_id) is None:
        abort(404)
    return redirect_to(url_for("notices.show"))


@pages.post("/read")
def read_all() -> Response:
    """Mark all as read."""
    notices.mark_all_read(current.core().storage, current.scope())
    return redirect_to(url_for("notices.show"))


def unread() -> int:
    """How many the signed-in member has not read; asked once a request."""
    if "unread_notices" not in g:
        g.unread_notices = notices.unread(current.core().storage, current.scope())
    count: int = g.unread_notices
    return count
