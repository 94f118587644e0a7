"""Connecting in five steps, each saved, each with a way back: access, test, choice, preview, first
run.

Every step is a page that works by plain forms. Its changing part has an address of its own (the
views that end in `_part`), which a script asks for again while work is under way. `access` has
the views of the first two steps, `choice` those of the third and the last, `preview` the rest.
"""

from typing import Any

from flask import Blueprint, render_template, url_for
from flask_babel import gettext as _

from andock_core.connections import status
from andock_core.connections.status import AttemptStatus
from andock_core.moving.states import MOVING
from andock_marketplace.connect.queries import ConnectionView
from andock_marketplace.connect.views import init_errors
from andock_marketplace.moving import steps as moving
from andock_web import current

wizard = Blueprint("wizard", __name__, url_prefix="/connections")
init_errors(wizard)

STEPS = {
    "access": 1,
    "sign_in": 1,
    "away": 1,
    "test": 2,
    "reading": 3,
    "unread": 3,
    "choice": 3,
    "letting_go": 3,
    "looking": 4,
    "not_seen": 4,
    "preview": 4,
    "first_run": 5,
}


def page(view: ConnectionView, name: str, *, part: bool = False, **shown: Any) -> str:
    """A step's page, or its changing part alone. `says` is what a screen reader is told of it."""
    heading, steps = _frame(view, name)
    step = STEPS[name] + (view.card.state == MOVING)  # where to was asked first
    return render_template(
        "marketplace/_wizard.html" if part else "marketplace/wizard.html",
        view=view,
        name=name,
        part=part,
        step=step,
        steps=steps,
        heading=heading,
        **shown,
    )


def latest(connection_id: str, *kinds: str) -> AttemptStatus | None:
    """The signed-in member's newest attempt of these kinds. Raises NotFound."""
    return status.latest(current.core(), current.scope(), connection_id, *kinds)


def _frame(view: ConnectionView, name: str) -> tuple[str, list[dict[str, str]]]:
    """Title and steps: all five while connecting or moving, two to reconnect, none to choose
    anew."""
    if view.card.state == MOVING:
        return moving.heading(view.title), moving.steps(view.card.id)
    if view.connecting or (name == "first_run" and view.first_time):
        return _("Connect %(title)s", title=view.title), _steps(view)
    if STEPS[name] <= 2:
        return _("Reconnect %(title)s", title=view.title), _steps(view)[:2]
    if STEPS[name] == 3:
        return _("Change the choice"), []
    if STEPS[name] == 4:
        return _("Before it goes on"), []
    return _("Synchronisation"), []


def _steps(view: ConnectionView) -> list[dict[str, str]]:
    number = view.card.id
    return [
        {"label": _("Access"), "href": url_for("wizard.access", connection_id=number)},
        {"label": _("Test"), "href": url_for("wizard.test", connection_id=number)},
        {"label": _("Choice"), "href": url_for("wizard.choice", connection_id=number)},
        {"label": _("Preview"), "href": url_for("wizard.preview", connection_id=number)},
        {"label": _("First run"), "href": ""},
    ]
