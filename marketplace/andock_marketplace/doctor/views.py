"""The connection doctor: an examination, its report, and handing it on."""

import json
from typing import Any

from flask import Blueprint, Response, flash, render_template, request, url_for
from flask_babel import gettext as _

from andock_core.connections import service, status
from andock_core.connections.errors import AnswersRefused, NotReady
from andock_core.connections.status import AttemptStatus
from andock_core.doctor import links
from andock_core.doctor.reading import report_of
from andock_core.doctor.report import as_json, as_text
from andock_core.trust import service as trust
from andock_core.trust.errors import TrustRefused
from andock_marketplace.connect import forms, queries as connections
from andock_marketplace.connect.views import Answer, init_errors
from andock_marketplace.doctor import queries
from andock_marketplace.words import words_for
from andock_sdk import Form
from andock_web import current, limits
from andock_web.language import language
from andock_web.redirects import redirect_to

doctor = Blueprint("doctor", __name__, url_prefix="/connections")
init_errors(doctor)


@doctor.get("/<connection_id>/doctor")
def show(connection_id: str) -> Answer:
    """What was found, or how to begin."""
    return render_template("marketplace/doctor.html", **_shown(connection_id))


@doctor.get("/<connection_id>/doctor/part")
def part(connection_id: str) -> Answer:
    """The part of `show` that changes while the examination is under way."""
    return render_template("marketplace/_doctor.html", **_shown(connection_id))


@doctor.post("/<connection_id>/doctor")
def start(connection_id: str) -> Answer:
    """Examine, with what the form says or else with the kept access."""
    core, scope = current.core(), current.scope()
    view = connections.connection(connection_id)
    form = _form(view)
    answers = forms.posted(form, request.form) if form and "typed" in request.form else None
    probe = request.form.get("probe") == "1"
    limits.call_out()
    try:
        service.start_doctor(core, scope, connection_id, answers, write_probe=probe)
    except AnswersRefused as refused:
        shown = _shown(connection_id, refused.errors)
        return render_template("marketplace/doctor.html", **shown), 422
    return redirect_to(url_for("doctor.show", connection_id=connection_id))


@doctor.get("/<connection_id>/doctor/report.<kind>")
def report(connection_id: str, kind: str) -> Answer:
    """The report as a file, as text or data; with the user name when `names` says so."""
    attempt, slug = _examined(connection_id)
    made = report_of(current.core(), slug, attempt, with_names="names" in request.args)
    if kind == "json":
        answer = Response(
            json.dumps(as_json(made), indent=2, ensure_ascii=False), mimetype="application/json"
        )
    else:
        answer = Response(as_text(made, language()), mimetype="text/plain")
    ending = "json" if kind == "json" else "txt"
    answer.headers["Content-Disposition"] = f'attachment; filename="andock-report.{ending}"'
    return answer


@doctor.post("/<connection_id>/doctor/links")
def hand_on(connection_id: str) -> Answer:
    """A link to the report. It is shown on this answer alone and kept nowhere."""
    core, scope = current.core(), current.scope()
    attempt, slug = _examined(connection_id)
    made = report_of(core, slug, attempt, with_names="names" in request.form)
    secret = links.create(core, scope, connection_id, made)
    fresh = core.settings.base_url + url_for("helping.read", secret=secret)
    return render_template("marketplace/doctor.html", **{**_shown(connection_id), "fresh": fresh})


@doctor.post("/<connection_id>/doctor/links/<link_id>/revoke")
def revoke(connection_id: str, link_id: str) -> Answer:
    """End a link."""
    links.revoke(current.core(), current.scope(), link_id)
    flash(_("The link no longer works."), "go")
    return redirect_to(url_for("doctor.show", connection_id=connection_id))


@doctor.post("/<connection_id>/doctor/links/<link_id>/aside")
def put_aside(connection_id: str, link_id: str) -> Answer:
    """The proposal has been seen to."""
    links.put_aside(current.core(), current.scope(), link_id)
    return redirect_to(url_for("wizard.access", connection_id=connection_id))


@doctor.post("/<connection_id>/doctor/trust")
def ask_trust(connection_id: str) -> Answer:
    """Ask the company's admin to approve the certificate that the last attempt failed on."""
    core, scope = current.core(), current.scope()
    kinds = ("doctor",) if request.form.get("from") == "doctor" else ("test",)
    attempt = status.latest(core, scope, connection_id, *kinds)
    if attempt is None or attempt.shown is None:
        raise NotReady
    try:
        trust.ask(core, scope, attempt.shown, _vouched(connection_id, attempt))
    except TrustRefused as refused:
        words = words_for(refused.key)
        flash(f"{words.title} {words.advice}", "stop")
    else:
        flash(_("Your company's Andock admin has been asked."), "go")
    back = "doctor.show" if kinds == ("doctor",) else "wizard.access"
    return redirect_to(url_for(back, connection_id=connection_id))


def _vouched(connection_id: str, attempt: AttemptStatus) -> str:
    """A word for the admin when the reader of a link said that this certificate is right."""
    link = links.proposed(current.core(), current.scope(), connection_id)
    proposal = link.proposal if link else None
    shown = attempt.shown
    if proposal is None or shown is None or proposal.fingerprint != shown.certificate.fingerprint:
        return ""
    return str(_("Confirmed by whoever opened the member's report link."))


def _examined(connection_id: str) -> tuple[AttemptStatus, str]:
    view = connections.connection(connection_id)
    attempt = status.latest(current.core(), current.scope(), connection_id, "doctor")
    if attempt is None or attempt.under_way:
        raise NotReady
    return attempt, view.card.integration


def _form(view: connections.ConnectionView) -> Form | None:
    return view.listing.authorize_form if view.listing else None


def _shown(connection_id: str, errors: dict[str, str] | None = None) -> dict[str, Any]:
    core, scope = current.core(), current.scope()
    view = connections.connection(connection_id)
    attempt = status.latest(core, scope, connection_id, "doctor")
    tried = status.latest(core, scope, connection_id, "test", "search", "doctor")
    form = _form(view)
    typed = view.card.state == "added" or bool(
        tried and tried.kind == "test" and tried.state == "failed"
    )
    ended = attempt is not None and not attempt.under_way
    answers = dict(tried.answers) if tried and tried.answers else dict(view.access)
    questions = forms.questions(form, answers, errors, view.listing) if form and typed else []
    problem = queries.problem(attempt, view.listing) if attempt and ended else None
    return {
        "view": view,
        "attempt": attempt,
        "ended": ended,
        "problem": problem,
        "lines": queries.lines(attempt.steps) if attempt else [],
        "seen": queries.seen(attempt),
        "confirm": attempt.confirm if attempt and ended else "",
        "typed": typed,
        "questions": questions,
        "errors": errors or {},
        "links": links.of_connection(core, scope, connection_id),
        "facts": queries.facts,
        "fresh": "",
        "says": "" if not ended else problem.title if problem else _("All is well."),
    }
