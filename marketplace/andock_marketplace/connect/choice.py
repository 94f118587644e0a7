"""What to synchronise, and the first run. Between them is the preview, see there."""

from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from andock_core.connections import service, status
from andock_core.connections.errors import AnswersRefused, NotOffered
from andock_core.connections.status import AWAY
from andock_core.moving.states import MOVING, RESTING
from andock_marketplace.connect import approval, forms, letting, queries
from andock_marketplace.connect.views import Answer
from andock_marketplace.connect.wizard import latest, page, wizard
from andock_marketplace.words import words_for
from andock_sdk import Answers, Form
from andock_web import current, limits, session
from andock_web.redirects import redirect_to


@wizard.get("/<connection_id>/choice")
def choice(connection_id: str) -> Answer:
    """What to synchronise, as the other side offers it."""
    return shown(connection_id, part=False)


@wizard.get("/<connection_id>/choice/part")
def choice_part(connection_id: str) -> Answer:
    """The part of the choice page that changes while the choices are being read."""
    return shown(connection_id, part=True)


@wizard.post("/<connection_id>/choice/read")
def read_choices(connection_id: str) -> Answer:
    """Read the choices once more, live."""
    limits.call_out()
    service.start_choices(current.core(), current.scope(), connection_id)
    return redirect_to(url_for("wizard.choice", connection_id=connection_id))


@wizard.post("/<connection_id>/more-access")
def more_access(connection_id: str) -> Answer:
    """Allow more, for the choice that was just refused for want of it."""
    view = queries.connection(connection_id)
    saved = latest(connection_id, "save")
    limits.call_out()
    service.start_test(
        current.core(),
        current.scope(),
        connection_id,
        view.access,
        session_id=session.this_id(),
        wanted=saved.answers if saved else None,
    )
    return redirect_to(url_for("wizard.test", connection_id=connection_id))


@wizard.post("/<connection_id>/choice")
def save(connection_id: str) -> Answer:
    """Save what was chosen; its preview follows."""
    view = queries.connection(connection_id)
    offered = status.offered(current.core(), current.scope(), connection_id)
    form = offered.form if offered else None
    if form is None:
        return redirect_to(url_for("wizard.choice", connection_id=connection_id))
    answers = forms.posted(form, request.form)
    limits.call_out()
    try:
        service.save_settings(current.core(), current.scope(), connection_id, answers)
    except AnswersRefused as refused:
        asked = _choices(view, form, answers, "answers.refused", refused.errors)
        return page(view, "choice", **asked), 422
    return redirect_to(url_for("wizard.preview", connection_id=connection_id))


def shown(connection_id: str, *, part: bool) -> Answer:
    """The choice as it is, with what was wrong with the last one."""
    view = queries.connection(connection_id)
    if view.listing is None:
        raise NotOffered
    if view.card.state in RESTING:
        goal = "moving.choice" if view.card.state == MOVING else "moving.show"
        return redirect_to(url_for(goal, connection_id=connection_id))
    if view.card.state == "added":
        return redirect_to(url_for("wizard.access", connection_id=connection_id))
    offered = status.offered(current.core(), current.scope(), connection_id)
    if offered and offered.under_way:
        return page(view, "reading", part=part, says="")
    if offered is None or offered.form is None:
        failed = offered.error if offered and offered.state == "failed" else ""
        problem = words_for(failed, view.listing) if failed else None
        says = problem.title if problem else ""
        return page(view, "unread", part=part, problem=problem, says=says)
    saved = latest(connection_id, "save", "test", "choices")
    refused = saved if saved and saved.more and saved.state in ("failed", AWAY) else None
    if refused:  # what was to be saved still waits for more access
        saved = latest(connection_id, "save")
    if saved and saved.kind == "save" and saved.state == "failed":
        if saved.asks and "again" not in request.args:
            return letting.asked(view, saved, part=part)
        error = "" if saved.asks else (refused or saved).error or saved.error
        asked = _choices(view, offered.form, saved.answers, error, {})
        asked["needs_more"] = saved.needs_more
        asked.update(approval.shown(refused))
    else:
        asked = _choices(view, offered.form, {}, "", {})
    return page(view, "choice", part=part, **asked)


def _choices(
    view: queries.ConnectionView, form: Form, answers: Answers, error: str, wrong: dict[str, str]
) -> dict[str, Any]:
    problem = words_for(error, view.listing) if error else None
    return {
        "intro": forms.intro(form),
        "groups": forms.groups(forms.questions(form, answers, wrong, view.listing)),
        "problem": problem,
        "needs_more": False,
        **approval.shown(None),
        "says": problem.title if problem else "",
    }


@wizard.get("/<connection_id>/first-run")
def first_run(connection_id: str) -> Answer:
    """The first run as it goes."""
    return _first_run(connection_id, part=False)


@wizard.get("/<connection_id>/first-run/part")
def first_run_part(connection_id: str) -> Answer:
    """The part of the first run's page that changes."""
    return _first_run(connection_id, part=True)


def _first_run(connection_id: str, *, part: bool) -> Answer:
    view = queries.connection(connection_id)
    if not view.in_use:
        return redirect_to(url_for("wizard.choice", connection_id=connection_id))
    if view.card.to_confirm:
        return redirect_to(url_for("wizard.preview", connection_id=connection_id))
    run = view.last_run
    ended = not view.busy and run is not None
    return page(
        view,
        "first_run",
        part=part,
        ended=ended,
        done=ended and run is not None and run.state == "done",
        phase=queries.phase(view.card),
        stopped=queries.stopped(view),
        says=_("The synchronisation has ended.") if ended else "",
    )
