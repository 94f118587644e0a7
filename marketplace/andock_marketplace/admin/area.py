"""The blueprint of the administration's pages, and what they share."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, current_app, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound as NoSuchPage

from andock_core.connections.errors import ConnectionRefused
from andock_core.governance.errors import GovernanceRefused, NotAdmin, Unknown
from andock_marketplace.words import words_for
from andock_sdk import Listing
from andock_web import current
from andock_web.language import language
from andock_web.lines import one_line
from andock_web.redirects import redirect_to

pages = Blueprint(
    "admin",
    __name__,
    url_prefix="/admin",
    template_folder="templates",
    static_folder="static",
)


@pages.before_request
def _admins_only() -> None:
    """To everybody else there are no such pages. The core refuses them too."""
    if request.endpoint != "admin.static" and current.member().role != "admin":
        abort(404)


@pages.url_value_preprocessor
def _check_ids(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Ids are letters and digits, the names of integrations have dashes besides."""
    for name in ("slug", "connection_id", "request_id"):
        value = (values or {}).get(name, "x")
        if not str(value).replace("-" if name == "slug" else "", "").isalnum():
            abort(404)


@pages.errorhandler(GovernanceRefused)
@pages.errorhandler(ConnectionRefused)
def refused(error: GovernanceRefused | ConnectionRefused) -> ResponseReturnValue:
    """Words instead of a failure; what is not there, or not theirs, is not found."""
    if isinstance(error, NotAdmin | Unknown):
        return current_app.handle_user_exception(NoSuchPage())
    words = words_for(error.key)
    flash(f"{words.title} {words.advice}", "stop")
    return redirect_to(url_for("admin.integrations"))


def listing_of(slug: str) -> Listing | None:
    """How an integration presents itself; None when it is missing or broken."""
    listed = current.core().catalog.get(slug)
    return listed.listing if listed else None


def title_of(slug: str) -> str:
    """An integration's name on one line."""
    listed = current.core().catalog.get(slug)
    if listed is None:
        return slug
    title = listed.listing.title if listed.listing else listed.title
    return one_line(title.to(language()) if title else listed.name)


def state_words() -> Mapping[str, str]:
    """What the states of a rule are called."""
    return {"on": _("On"), "request": _("On request"), "off": _("Off")}
