"""The developers' page: for admins, and only with ANDOCK_DEVELOPER=1."""

from flask import Blueprint, abort, render_template

from andock_marketplace.developers import queries
from andock_web import current

developers = Blueprint(
    "developers",
    __name__,
    url_prefix="/developers",
    template_folder="templates",
    static_folder="static",
    static_url_path="/static",
)


@developers.get("")
def show() -> str:
    """The plugins of this installation. To everybody else there is no such page."""
    if not current.core().settings.developer or current.member().role != "admin":
        abort(404)
    return render_template("developers/show.html", plugins=queries.plugins())
