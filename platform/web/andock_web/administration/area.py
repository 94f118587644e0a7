"""The blueprint, and who may see it."""

from flask import Blueprint, abort

from andock_web import current

pages = Blueprint(
    "administration",
    __name__,
    url_prefix="/administration",
    template_folder="templates",
    static_folder="static",
)


@pages.before_request
def _admins_only() -> None:
    """To everybody else there is no such page. Static files are everybody's."""
    member = current.member_or_none()
    if member is not None and member.role != "admin":
        abort(404)
