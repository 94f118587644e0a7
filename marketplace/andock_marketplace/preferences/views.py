"""A connection's settings: read, changed, and seen in a preview where that matters."""

from collections.abc import Mapping

from flask import Blueprint, flash, render_template, request, url_for
from flask_babel import gettext as _

from andock_core.connections import agreeing
from andock_core.connections.errors import AnswersRefused
from andock_core.connections.preferences import MOST_AHEAD, MOST_BACK
from andock_marketplace.connect import queries
from andock_marketplace.connect.views import Answer, init_errors
from andock_marketplace.preferences import sentences
from andock_marketplace.words import words_for
from andock_web import current
from andock_web.redirects import redirect_to

preferences = Blueprint("preferences", __name__, url_prefix="/connections")
init_errors(preferences)

NAMES = ("direction", "winner", "months_back", "months_ahead", "invitations", "new_visible")
SWITCHES = ("invitations", "new_visible")


@preferences.get("/<connection_id>/settings")
def show(connection_id: str) -> Answer:
    """The settings as they are."""
    view = queries.connection(connection_id)
    if not view.in_use:
        return redirect_to(url_for("connections.show", connection_id=connection_id))
    wanted = view.preferences.model_dump()
    values = {name: _text(wanted[name]) for name in NAMES}
    return _page(view, values, {})


@preferences.post("/<connection_id>/settings")
def save(connection_id: str) -> Answer:
    """Keep them; where they change what is synchronised, its preview comes next."""
    view = queries.connection(connection_id)
    typed = {name: request.form.get(name, "").strip() for name in NAMES}
    given = {n: typed[n] == "1" if n in SWITCHES else typed[n] for n in NAMES}
    try:
        look = agreeing.save_preferences(current.core(), current.scope(), connection_id, given)
    except AnswersRefused as refused:
        return _page(view, typed, refused.errors), 422
    if look:
        return redirect_to(url_for("wizard.preview", connection_id=connection_id))
    flash(_("Your settings are saved."), "go")
    return redirect_to(url_for("preferences.show", connection_id=connection_id))


def _page(view: queries.ConnectionView, values: Mapping[str, str], wrong: Mapping[str, str]) -> str:
    return render_template(
        "marketplace/preferences.html",
        view=view,
        values=values,
        errors={n: words_for(wrong[n]).title if n in wrong else "" for n in NAMES},
        refused=bool(wrong),
        focus=next((name for name in NAMES if name in wrong), ""),
        direction=sentences.direction(view.title),
        winner=sentences.winner(view.title),
        invitations=sentences.invitations(),
        new_visible=sentences.new_visible(),
        most_back=MOST_BACK,
        most_ahead=MOST_AHEAD,
    )


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "1" if value else ""
    return str(value)
