"""The calls' pages.

Every act works as an ordinary form; a script asks for JSON and gets the list as it is now. Every
write names the version that the page showed; when the call has changed since, nothing is written.
"""

from contextlib import AbstractContextManager
from dataclasses import asdict

from flask import Blueprint, abort, flash, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from andock_core.clock import now
from andock_core.planning.calls import OUTCOMES, Calls
from andock_core.planning.records import RecordChanged, RecordGone
from andock_core.storage.tables import Call
from andock_web import current, undo
from andock_web.answers import wants_json
from andock_web.calls import forms, people, queries
from andock_web.calls.forms import Filled
from andock_web.calls.words import OUTCOMES as OUTCOME_WORDS, outcome_choices, words
from andock_web.lines import one_line
from andock_web.redirects import redirect_to, safe_path

KIND = "call"
pages = Blueprint(
    "calls",
    __name__,
    url_prefix="/calls",
    template_folder="templates",
    static_folder="static",
)


@pages.get("/")
def show() -> ResponseReturnValue:
    """The calls to make, or those made."""
    return jsonify(html=_list()) if wants_json() else _page()


@pages.get("/new")
def new() -> str:
    """An empty form: to plan a call, or to note one that was just made (`log`)."""
    log = request.args.get("log") == "1"
    return _form(None, forms.empty(log=log), {}, log=log)


@pages.post("/new")
def create() -> ResponseReturnValue:
    """A new call, to be made or made already."""
    form = forms.settled(forms.read(request.form))
    wrong = forms.mistakes(form)
    if wrong:
        return _form(None, form, wrong, log=form.done), 422
    with _writing() as session:
        values = forms.columns(form, current.member())
        contact_id = people.own(session, current.member(), form.contact)
        _calls(session).create(**values, contact_id=contact_id, done=form.done)
    flash(_("Call noted.") if form.done else _("Call planned."), "go")
    return redirect_to(_back())


@pages.get("/people")
def suggest() -> ResponseReturnValue:
    """Own contacts with a telephone number that the typed text fits."""
    with current.core().storage.read(current.scope()) as session:
        found = people.suggestions(session, current.member(), request.args.get("q", ""))
    return jsonify(people=[asdict(each) for each in found])


@pages.get("/<call_id>")
def edit(call_id: str) -> str:
    """One call, to read and to change."""
    with current.core().storage.read(current.scope()) as session:
        call = _calls(session).get(call_id) or abort(404)
        return _form(call, forms.filled_from(call), {})


@pages.post("/<call_id>")
def save(call_id: str) -> ResponseReturnValue:
    """Change a call. What was typed stays on the page when it cannot be saved."""
    form, version = forms.read(request.form), _version()
    wrong = forms.mistakes(form)
    with _writing() as session:
        calls = _calls(session)
        call = calls.need(call_id)
        changed = call.version != version
        if wrong or changed:
            return _form(call, form, wrong, changed=changed), 422 if wrong else 409
        form = forms.settled(form, call)
        values = forms.columns(form, current.member(), call)
        values["contact_id"] = people.own(session, current.member(), form.contact)
        values["done_at"] = (call.done_at or now()) if form.done else None
        calls.replace(call, values, expected_version=version)
    flash(_("Saved."), "go")
    return redirect_to(_back())


@pages.post("/<call_id>/done", defaults={"outcome": ""})
@pages.post("/<call_id>/done/<outcome>")
def done(call_id: str, outcome: str) -> ResponseReturnValue:
    """The call was made, perhaps with what came of it."""
    chosen = next((each for each in OUTCOMES if each == outcome), None)
    if chosen is None:
        abort(404)
    version = _version()
    with _writing() as session:
        calls = _calls(session)
        call = calls.need(call_id)
        calls.set_done(call, True, expected_version=version, outcome=chosen or None)
        return _answer(_("Done: %(whom)s", whom=_name(call)), session)


@pages.post("/<call_id>/open")
def reopen(call_id: str) -> ResponseReturnValue:
    """It has to be made after all."""
    version = _version()
    with _writing() as session:
        calls = _calls(session)
        call = calls.need(call_id)
        calls.set_done(call, False, expected_version=version, outcome="")
        return _answer(_("Open: %(whom)s", whom=_name(call)), session)


@pages.post("/<call_id>/delete")
def delete(call_id: str) -> ResponseReturnValue:
    """Delete a call; the answer holds what brings it back."""
    version = _version()
    with _writing() as session:
        calls = _calls(session)
        call = calls.need(call_id)
        said = _("Deleted: %(whom)s", whom=_name(call))
        kept = calls.delete(call, expected_version=version)
        return _answer(said, session, undo.token(KIND, kept))


@pages.post("/undo")
def bring_back() -> ResponseReturnValue:
    """Take a deletion back."""
    kept = undo.opened(KIND, request.form.get("token"))
    with _writing() as session:
        kept["contact_id"] = people.own(session, current.member(), kept["contact_id"] or "")
        call = _calls(session).bring_back(kept)
        return _answer(_("Back again: %(whom)s", whom=_name(call)), session)


@pages.errorhandler(RecordChanged)
def changed_meanwhile(_error: RecordChanged) -> ResponseReturnValue:
    """Somebody was faster: another window, or a run."""
    return _refused("call.changed", 409)


@pages.errorhandler(RecordGone)
def gone(_error: RecordGone) -> ResponseReturnValue:
    """Not there, not any more, or never theirs: the same answer to all."""
    return _refused("call.gone", 404)


@pages.errorhandler(undo.CannotUndo)
def too_late(_error: undo.CannotUndo) -> ResponseReturnValue:
    """The page is too old, or it is not theirs."""
    return _refused("call.too_late", 409)


def _answer(said: str, session: Session, token: str = "") -> ResponseReturnValue:
    """What happened: to a script as JSON, else on the page. What is gone brings its undo along."""
    if wants_json():
        return jsonify(html=_list(session), said=said, undo=token)
    if token:
        return _page(session, gone=said, token=token)
    flash(said, "go")
    return redirect_to(_back())


def _refused(key: str, status: int) -> ResponseReturnValue:
    title, advice = words(key)
    if wants_json():
        return jsonify(error=key, title=title, advice=advice), status
    flash(f"{title} {advice}", "mind")
    return redirect_to(url_for("calls.show"))


def _page(session: Session | None = None, *, gone: str = "", token: str = "") -> str:
    lists = _lists(session)
    return render_template(
        "calls/show.html", lists=lists, outcomes=OUTCOME_WORDS, gone=gone, token=token
    )


def _form(
    call: Call | None,
    form: Filled,
    wrong: dict[str, str],
    *,
    changed: bool = False,
    log: bool = False,
) -> str:
    return render_template(
        "calls/edit.html",
        call=call,
        form=asdict(form),
        dial=queries.dialled(form.number),
        outcomes=outcome_choices(),
        wrong={field: words(key)[0] for field, key in wrong.items()},
        changed=words("call.changed")[0] if changed else "",
        log=log,
        back=_back(),
    )


def _list(session: Session | None = None) -> str:
    return render_template("calls/list.html", lists=_lists(session), outcomes=OUTCOME_WORDS)


def _lists(session: Session | None) -> queries.Lists:
    done, whole = request.args.get("show") == "done", request.args.get("all") == "1"
    if session is not None:
        return queries.lists(session, current.member(), done=done, whole=whole)
    with current.core().storage.read(current.scope()) as reading:
        return queries.lists(reading, current.member(), done=done, whole=whole)


def _back() -> str:
    return safe_path(request.values.get("back"), url_for("calls.show"))


def _version() -> int:
    text = request.form.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else abort(400)


def _name(call: Call) -> str:
    return one_line(call.whom or call.number)


def _calls(session: Session) -> Calls:
    member = current.member()
    return Calls(session, member.tenant_id, member.id)


def _writing() -> AbstractContextManager[Session]:
    return current.core().storage.write(current.scope())
