"""A connection's own page: how it is, a run now, another choice, and disconnecting."""

from flask import Blueprint, abort, current_app, flash, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound as NoSuchPage
from werkzeug.wrappers import Response

from andock_core.connections import service
from andock_core.connections.errors import ConnectionRefused, NotFound
from andock_core.governance import access
from andock_core.jobs import own
from andock_core.jobs.queue import QueueDown
from andock_marketplace.connect import queries
from andock_marketplace.preferences import sentences
from andock_marketplace.words import words_for
from andock_sdk import Text
from andock_web import current, limits
from andock_web.answers import wants_json
from andock_web.errors import json_error
from andock_web.language import language
from andock_web.redirects import redirect_to

connecting = Blueprint("connections", __name__, url_prefix="/connections")
Answer = str | Response | tuple[str | Response, int]


@connecting.get("/<connection_id>")
def show(connection_id: str) -> Answer:
    """The connection, or the step at which connecting it stopped."""
    view = queries.connection(connection_id)
    if view.card.state == "added":
        return redirect_to(url_for("wizard.access", connection_id=connection_id))
    if view.card.state == "authorized":
        return redirect_to(url_for("wizard.choice", connection_id=connection_id))
    if view.connecting:
        return redirect_to(url_for("wizard.preview", connection_id=connection_id))
    said = sentences.holding(view.preferences, view.title)
    with current.core().storage.read(current.scope()) as stored:
        jobs = own.of_connection(stored, connection_id)
    return render_template("marketplace/connection.html", view=view, sentences=said, jobs=jobs)


@connecting.get("/<connection_id>/now")
def now(connection_id: str) -> Answer:
    """The part of `show` that changes while a run is under way."""
    view = queries.connection(connection_id)
    return render_template("marketplace/_connection_now.html", view=view)


@connecting.post("/<connection_id>/sync")
def sync(connection_id: str) -> Answer:
    """Ask for a run now; one that the member has not agreed to leads to its preview."""
    if queries.connection(connection_id).card.to_confirm and not wants_json():
        return redirect_to(url_for("wizard.preview", connection_id=connection_id))
    limits.call_out(limits.RUNS)
    service.request_sync(current.core(), current.scope(), connection_id)
    if wants_json():
        return jsonify(watch=url_for("connections.now", connection_id=connection_id))
    return redirect_to(url_for("connections.show", connection_id=connection_id))


@connecting.get("/<connection_id>/disconnect")
def ask_disconnect(connection_id: str) -> Answer:
    """Before disconnecting: what goes and what stays."""
    view = queries.connection(connection_id)
    imported = queries.imported(connection_id)
    return render_template("marketplace/disconnect.html", view=view, imported=imported)


@connecting.post("/<connection_id>/disconnect")
def disconnect(connection_id: str) -> Answer:
    """Disconnect. Entries stay unless the form says clearly that they go."""
    core, scope = current.core(), current.scope()
    title = queries.connection(connection_id).title
    entries = request.form.get("entries")
    if entries not in ("keep", "remove"):
        abort(400)
    service.disconnect(core, scope, connection_id, keep_entries=entries == "keep")
    flash(_("%(title)s is disconnected. Its access is destroyed.", title=title), "go")
    return redirect_to(url_for("marketplace.mine"))


@connecting.get("/<connection_id>/new-access")
def new_access(connection_id: str) -> Answer:
    """What the installed version asks for, and what of it is new."""
    view = queries.connection(connection_id)
    fresh = access.asked(current.core(), current.scope(), connection_id)
    if not fresh:
        return redirect_to(url_for("connections.show", connection_id=connection_id))
    return render_template("marketplace/new_access.html", view=view, fresh=fresh, to=_to)


@connecting.post("/<connection_id>/new-access")
def agree(connection_id: str) -> Answer:
    """The member consents; the connection goes on."""
    limits.call_out(limits.RUNS)
    access.agree(current.core(), current.scope(), connection_id)
    flash(_("Thank you. The connection goes on."), "go")
    return redirect_to(url_for("connections.show", connection_id=connection_id))


def _to(text: Text) -> str:
    return text.to(language())


def refused(error: ConnectionRefused | QueueDown) -> ResponseReturnValue:
    """Words instead of a failure: another person's row does not exist, the rest says what to do."""
    if isinstance(error, NotFound):
        return current_app.handle_user_exception(NoSuchPage())
    if wants_json():
        return json_error(503 if isinstance(error, QueueDown) else 409, error.key)
    words = words_for(error.key)
    flash(f"{words.title} {words.advice}", "stop")
    return redirect_to(url_for("marketplace.mine"))


def init_errors(blueprint: Blueprint) -> None:
    """Answer what the service refuses, in every view of the blueprint."""
    blueprint.register_error_handler(ConnectionRefused, refused)
    blueprint.register_error_handler(QueueDown, refused)


init_errors(connecting)
