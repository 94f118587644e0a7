"""The first two steps: the access to the other side, and its test."""

from typing import Any
from urllib.parse import urlsplit

from flask import jsonify, render_template, request, url_for
from flask_babel import gettext as _

from andock_core.connections import service
from andock_core.connections.errors import AnswersRefused, NotOffered
from andock_core.connections.status import AWAY, AttemptStatus
from andock_core.doctor import links
from andock_core.moving.service import known_address
from andock_core.moving.states import MOVING
from andock_marketplace.connect import approval, forms, queries
from andock_marketplace.connect.views import Answer
from andock_marketplace.connect.wizard import latest, page, wizard
from andock_marketplace.doctor.queries import facts, seen
from andock_marketplace.words import words_for
from andock_sdk import Answers, Form
from andock_web import current, limits, session
from andock_web.answers import wants_json
from andock_web.language import language
from andock_web.lines import one_line
from andock_web.redirects import redirect_to


@wizard.get("/<connection_id>/access")
def access(connection_id: str) -> Answer:
    """The plugin's form, with what was typed last and what became of it."""
    view = queries.connection(connection_id)
    attempt = latest(connection_id, "test", "search")
    if attempt and attempt.kind == "test" and attempt.under_way:
        return redirect_to(url_for("wizard.test", connection_id=connection_id))
    if attempt and _is_away(attempt) and "again" not in request.args:
        return redirect_to(url_for("wizard.test", connection_id=connection_id))
    return page(view, _first(view), **_access(view, attempt))


@wizard.post("/<connection_id>/access")
def authorize(connection_id: str) -> Answer:
    """One of the form's buttons: search the server, take the one found, or test."""
    view = queries.connection(connection_id)
    form = _access_form(view)
    answers = forms.posted(form, request.form)
    act = request.form.get("act", "test")
    if act == "search":
        return _search(connection_id, answers)
    if act == "elsewhere":
        made = service.go_elsewhere(current.core(), current.scope(), connection_id)
        return redirect_to(url_for("wizard.access", connection_id=made))
    if act.startswith("use:"):
        answers[forms.server_field(form)] = act.removeprefix("use:")
        return page(view, _first(view), **_access(view, None, answers))
    limits.call_out()
    try:
        service.start_test(
            current.core(),
            current.scope(),
            connection_id,
            answers,
            session_id=session.this_id(),
        )
    except AnswersRefused as refused:
        shown = _access(view, None, answers, refused.errors)
        return page(view, _first(view), **shown), 422
    return redirect_to(url_for("wizard.test", connection_id=connection_id))


@wizard.get("/<connection_id>/search")
def search_part(connection_id: str) -> Answer:
    """How far the search for the server is."""
    view = queries.connection(connection_id)
    attempt = latest(connection_id, "search")
    return render_template("marketplace/_search.html", view=view, search=_found(view, attempt))


def _search(connection_id: str, answers: Answers) -> Answer:
    limits.call_out()
    service.start_search(current.core(), current.scope(), connection_id, answers)
    if wants_json():
        return jsonify(watch=url_for("wizard.search_part", connection_id=connection_id))
    return redirect_to(url_for("wizard.access", connection_id=connection_id))


def _access_form(view: queries.ConnectionView) -> Form:
    if view.listing is None:
        raise NotOffered
    if view.listing.authorize_form is None and not view.listing.sign_in_hosts:
        raise NotOffered
    return view.listing.authorize_form or Form(fields=())


def _first(view: queries.ConnectionView) -> str:
    """The first step's page: the plugin's form alone, or the way to another site's sign-in."""
    return "sign_in" if view.listing and view.listing.sign_in_hosts else "access"


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
        answers = dict(attempt.answers if attempt else view.access or _carried_over(view, form))
    tested = attempt if attempt and attempt.kind == "test" else None
    search = _found(view, attempt if attempt and attempt.kind == "search" else None)
    if search and search["server"] and not search["confirm"]:
        answers = {**answers, forms.server_field(form): search["server"]}
    failed = tested if tested and tested.state == "failed" else None
    if (named := _named(view)) and not errors:
        answers = {**answers, forms.server_field(form): named}
        failed = None
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
        "elsewhere": _elsewhere(failed),
        "confirm": failed.confirm if failed else "",
        **approval.shown(failed),
        "seen": seen(failed),
        "facts": facts,
        "proposal": links.proposed(current.core(), current.scope(), view.card.id),
    }


def _carried_over(view: queries.ConnectionView, form: Form) -> Answers:
    """In a move: the address of the connection so far, where the form asks for one."""
    if view.card.state != MOVING:
        return {}
    address = known_address(current.core(), current.scope(), view.card.id)
    return {field.name: address for field in form.fields if field.autocomplete == "username"}


def _named(view: queries.ConnectionView) -> str:
    """The server that the member chose to use: one that a test, a diagnosis or the reader of a
    link named. Never one that stands in the address of the page."""
    use, number = request.args.get("use", ""), view.card.id
    if use == "it":
        link = links.proposed(current.core(), current.scope(), number)
        return link.proposal.server if link and link.proposal else ""
    attempt = latest(number, use) if use in ("test", "doctor") else None
    return attempt.confirm if attempt else ""


def _searches(view: queries.ConnectionView) -> bool:
    listed = current.core().catalog.get(view.card.integration)
    return listed is not None and "discover" in listed.hooks


def _found(view: queries.ConnectionView, attempt: AttemptStatus | None) -> dict[str, Any] | None:
    if attempt is None:
        return None
    shown = queries.checks(attempt)
    if not attempt.under_way:
        shown = [check for check in shown if check["state"] != "skipped"]
    return {
        "under_way": attempt.under_way,
        "checks": shown,
        "server": attempt.server,
        "confirm": attempt.confirm,
        "problem": words_for(attempt.error, view.listing) if attempt.error else None,
        "elsewhere": _elsewhere(attempt),
    }


def _elsewhere(attempt: AttemptStatus | None) -> str:
    """The name of the integration that is the right one for this account, "" when none is."""
    named = attempt.elsewhere if attempt else None
    listed = current.core().catalog.get(named.integration) if named else None
    listing = listed.listing if listed else None
    return one_line(listing.title.to(language())) if listing else ""


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
    attempt = latest(connection_id, "test")
    if attempt is None:
        return redirect_to(url_for("wizard.access", connection_id=connection_id))
    if attempt.state == "failed" and attempt.more:
        return redirect_to(url_for("wizard.choice", connection_id=connection_id))
    if attempt.state == "failed" or (attempt.state == AWAY and not _is_away(attempt)):
        return page(view, _first(view), part=part, **_access(view, attempt))
    if attempt.state == AWAY:
        return _away(view, attempt, part=part)
    done = attempt.state == "done"
    return page(
        view,
        "test",
        part=part,
        checks=queries.checks(attempt),
        percent=queries.progress(attempt),
        done=done,
        account=attempt.account,
        more=attempt.more,
        says=_("The connection works.") if done else "",
    )


def _is_away(attempt: AttemptStatus) -> bool:
    """Whether this browser's member may come back from the other site: no other browser's would
    count."""
    return attempt.state == AWAY and attempt.session_id == session.this_id()


def _away(view: queries.ConnectionView, attempt: AttemptStatus, *, part: bool) -> Answer:
    host = urlsplit(attempt.redirect).hostname or ""
    return page(
        view,
        "away",
        part=part,
        redirect=attempt.redirect,
        host=host,
        more=attempt.more,
        says=_("Sign in at %(host)s", host=host),
    )
