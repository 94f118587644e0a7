"""Connecting in four steps, each saved, each with a way back: access, test, choice, first run.

Every step is a page that works by plain forms. Its changing part has an address of its own (the
views that end in `_part`), which a script asks for again while work is under way.
"""

from typing import Any

from andock_core.connections import service, status
from andock_core.connections.errors import AnswersRefused, NotOffered
from andock_core.connections.status import AttemptStatus
from andock_sdk import Answers, Form
from andock_web import current
from andock_web.answers import wants_json
from andock_web.redirects import redirect_to
from flask import Blueprint, jsonify, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from andock_marketplace.connect import forms, queries
from andock_marketplace.connect.views import Answer, init_errors
from andock_marketplace.words import words_for

wizard = Blueprint("wizard", __name__, url_prefix="/connections")
init_errors(wizard)


# -- 1: access --------------------------------------------------------------------------------


@wizard.get("/<connection_id>/access")
def access(connection_id: str) -> Answer:
    """The plugin's form, with what was typed last and what became of it."""
    view = queries.connection(connection_id)
    attempt = _latest(connection_id, "test", "search")
    if attempt and attempt.kind == "test" and attempt.under_way:
        return redirect_to(url_for("wizard.test", connection_id=connection_id))
    return _page(view, "access", **_access(view, attempt))


@wizard.post("/<connection_id>/access")
def authorize(connection_id: str) -> Answer:
    """One of the form's buttons: search the server, take the one found, or test."""
    view = queries.connection(connection_id)
    form = _access_form(view)
    answers = forms.posted(form, request.form)
    act = request.form.get("act", "test")
    if act == "search":
        return _search(connection_id, answers)
    if act.startswith("use:"):
        answers[forms.server_field(form)] = act.removeprefix("use:")
        return _page(view, "access", **_access(view, None, answers))
    try:
        service.start_test(current.core(), current.scope(), connection_id, answers)
    except AnswersRefused as refused:
        shown = _access(view, None, answers, refused.errors)
        return _page(view, "access", **shown), 422
    return redirect_to(url_for("wizard.test", connection_id=connection_id))


@wizard.get("/<connection_id>/search")
def search_part(connection_id: str) -> Answer:
    """How far the search for the server is."""
    view = queries.connection(connection_id)
    attempt = _latest(connection_id, "search")
    return render_template("marketplace/_search.html", view=view, search=_found(view, attempt))


def _search(connection_id: str, answers: Answers) -> Answer:
    service.start_search(current.core(), current.scope(), connection_id, answers)
    if wants_json():
        return jsonify(watch=url_for("wizard.search_part", connection_id=connection_id))
    return redirect_to(url_for("wizard.access", connection_id=connection_id))


def _access_form(view: queries.ConnectionView) -> Form:
    if view.listing is None or view.listing.authorize_form is None:
        raise NotOffered
    return view.listing.authorize_form


def _access(
    view: queries.ConnectionView,
    attempt: AttemptStatus | None,
    answers: Answers | None = None,
    errors: dict[str, str] | None = None,
) -> dict[str, Any]:
    """What the access page shows. Answers just typed count, then those of the newest attempt,
    then those of the last good test."""
    form = _access_form(view)
    if answers is None:
        answers = dict(attempt.answers if attempt else view.access)
    tested = attempt if attempt and attempt.kind == "test" else None
    search = _found(view, attempt if attempt and attempt.kind == "search" else None)
    if search and search["server"] and not search["confirm"]:
        answers = {**answers, forms.server_field(form): search["server"]}
    failed = tested if tested and tested.state == "failed" else None
    wrong = errors or (failed.field_errors if failed else None) or {}
    error = "answers.refused" if errors else failed.error if failed else ""
    focus = forms.to_focus(form, answers, error, wrong)
    return {
        "intro": forms.intro(form),
        "questions": forms.questions(form, answers, wrong, view.listing, focus),
        "searches": _searches(view),
        "search": search,
        "checks": queries.checks(failed) if failed else [],
        "problem": words_for(error, view.listing) if error else None,
        "says": words_for(error, view.listing).title if error else "",
    }


def _searches(view: queries.ConnectionView) -> bool:
    listed = current.core().catalog.get(view.card.integration)
    return listed is not None and "discover" in listed.hooks


def _found(view: queries.ConnectionView, attempt: AttemptStatus | None) -> dict[str, Any] | None:
    if attempt is None:
        return None
    return {
        "under_way": attempt.under_way,
        "checks": queries.checks(attempt),
        "server": attempt.server,
        "confirm": attempt.confirm,
        "problem": words_for(attempt.error, view.listing) if attempt.error else None,
    }


# -- 2: test ----------------------------------------------------------------------------------


@wizard.get("/<connection_id>/test")
def test(connection_id: str) -> Answer:
    """The checks, ticking off. A failed test shows the form again, with the reason."""
    return _test(connection_id, part=False)


@wizard.get("/<connection_id>/test/part")
def test_part(connection_id: str) -> Answer:
    """The part of the test page that changes."""
    return _test(connection_id, part=True)


def _test(connection_id: str, *, part: bool) -> Answer:
    view = queries.connection(connection_id)
    attempt = _latest(connection_id, "test")
    if attempt is None:
        return redirect_to(url_for("wizard.access", connection_id=connection_id))
    if attempt.state == "failed":
        return _page(view, "access", part=part, **_access(view, attempt))
    done = attempt.state == "done"
    return _page(
        view,
        "test",
        part=part,
        checks=queries.checks(attempt),
        percent=queries.progress(attempt),
        done=done,
        account=attempt.account,
        says=_("The connection works.") if done else "",
    )


# -- 3: choice --------------------------------------------------------------------------------


@wizard.get("/<connection_id>/choice")
def choice(connection_id: str) -> Answer:
    """What to synchronise, as the other side offers it."""
    return _choice(connection_id, part=False)


@wizard.get("/<connection_id>/choice/part")
def choice_part(connection_id: str) -> Answer:
    """The part of the choice page that changes while the choices are being read."""
    return _choice(connection_id, part=True)


@wizard.post("/<connection_id>/choice/read")
def read_choices(connection_id: str) -> Answer:
    """Read the choices once more, live."""
    service.start_choices(current.core(), current.scope(), connection_id)
    return redirect_to(url_for("wizard.choice", connection_id=connection_id))


@wizard.post("/<connection_id>/choice")
def save(connection_id: str) -> Answer:
    """Save what was chosen; the first run starts."""
    view = queries.connection(connection_id)
    offered = _latest(connection_id, "test", "choices")
    form = offered.form if offered else None
    if form is None:
        return redirect_to(url_for("wizard.choice", connection_id=connection_id))
    answers = forms.posted(form, request.form)
    try:
        service.save_settings(current.core(), current.scope(), connection_id, answers)
    except AnswersRefused as refused:
        shown = _choices(view, form, answers, "answers.refused", refused.errors)
        return _page(view, "choice", **shown), 422
    return redirect_to(url_for("wizard.first_run", connection_id=connection_id))


def _choice(connection_id: str, *, part: bool) -> Answer:
    view = queries.connection(connection_id)
    if view.card.state == "added":
        return redirect_to(url_for("wizard.access", connection_id=connection_id))
    offered = _latest(connection_id, "test", "choices")
    if offered and offered.under_way:
        return _page(view, "reading", part=part, says="")
    if offered is None or offered.form is None:
        failed = offered.error if offered and offered.state == "failed" else ""
        problem = words_for(failed, view.listing) if failed else None
        says = problem.title if problem else ""
        return _page(view, "unread", part=part, problem=problem, says=says)
    saved = _latest(connection_id, "save", "test", "choices")
    if saved and saved.kind == "save" and saved.state == "failed":
        shown = _choices(view, offered.form, saved.answers, saved.error, {})
    else:
        shown = _choices(view, offered.form, {}, "", {})
    return _page(view, "choice", part=part, **shown)


def _choices(
    view: queries.ConnectionView, form: Form, answers: Answers, error: str, wrong: dict[str, str]
) -> dict[str, Any]:
    problem = words_for(error, view.listing) if error else None
    return {
        "intro": forms.intro(form),
        "questions": forms.questions(form, answers, wrong, view.listing),
        "problem": problem,
        "says": problem.title if problem else "",
    }


# -- 4: first run -----------------------------------------------------------------------------


@wizard.get("/<connection_id>/first-run")
def first_run(connection_id: str) -> Answer:
    """The first run as it goes."""
    return _first_run(connection_id, part=False)


@wizard.get("/<connection_id>/first-run/part")
def first_run_part(connection_id: str) -> Answer:
    """The part of the first run's page that changes."""
    return _first_run(connection_id, part=True)


def _first_run(connection_id: str, *, part: bool) -> Answer:
    saved = _latest(connection_id, "save")
    view = queries.connection(connection_id)
    if saved and saved.state == "failed":
        return _choice(connection_id, part=part)
    saving = saved is not None and saved.under_way
    if not saving and view.card.state not in ("active", "attention"):
        return redirect_to(url_for("wizard.choice", connection_id=connection_id))
    ended = not saving and not view.busy and view.last_run is not None
    return _page(
        view,
        "first_run",
        part=part,
        ended=ended,
        done=ended and view.last_run is not None and view.last_run.state == "done",
        says=_("The synchronisation has ended.") if ended else "",
    )


# -- all --------------------------------------------------------------------------------------

STEPS = {"access": 1, "test": 2, "reading": 3, "unread": 3, "choice": 3, "first_run": 4}


def _page(view: queries.ConnectionView, name: str, *, part: bool = False, **shown: Any) -> str:
    """A step's page, or its changing part alone. `says` is what a screen reader is told of it."""
    template = "marketplace/_wizard.html" if part else "marketplace/wizard.html"
    return render_template(
        template, view=view, name=name, step=STEPS[name], steps=_steps(view), **shown
    )


def _steps(view: queries.ConnectionView) -> list[dict[str, str]]:
    where = {"connection_id": view.card.id}
    return [
        {"label": _("Access"), "href": url_for("wizard.access", **where)},
        {"label": _("Test"), "href": url_for("wizard.test", **where)},
        {"label": _("Choice"), "href": url_for("wizard.choice", **where)},
        {"label": _("First run"), "href": ""},
    ]


def _latest(connection_id: str, *kinds: str) -> AttemptStatus | None:
    return status.latest(current.core(), current.scope(), connection_id, *kinds)
