"""The tasks' pages.

Every act works as an ordinary form; a script asks for JSON and gets the list as it is now. Every
write names the version that the page showed; when the task has changed since, nothing is written.
"""

from contextlib import AbstractContextManager
from dataclasses import asdict

from flask import Blueprint, abort, flash, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from andock_core.planning.records import RecordChanged, RecordGone
from andock_core.planning.tasks import Tasks
from andock_core.storage.tables import Task
from andock_web import current, undo
from andock_web.answers import wants_json
from andock_web.lines import one_line
from andock_web.redirects import redirect_to, safe_path
from andock_web.tasks import forms, queries
from andock_web.tasks.forms import Filled
from andock_web.tasks.words import words

KIND = "task"
pages = Blueprint(
    "tasks",
    __name__,
    url_prefix="/tasks",
    template_folder="templates",
    static_folder="static",
)


@pages.get("/")
def show() -> ResponseReturnValue:
    """The tasks to do in groups, or the done ones."""
    if wants_json():
        return jsonify(html=_list())
    return _page(Filled(day=queries.today()), {})


@pages.post("/")
def add() -> ResponseReturnValue:
    """A new task from the one line at the top."""
    form = forms.read({**request.form, "planned": "1"})
    wrong = forms.mistakes(form)
    if wrong and wants_json():
        title, advice = words(next(iter(wrong.values())))
        return jsonify(error="task.wrong", title=title, advice=advice, field=next(iter(wrong))), 422
    if wrong:
        return _page(form, wrong), 422
    with _writing() as session:
        _tasks(session).create(**forms.columns(form, current.member()))
    return _answer(_("Added: %(title)s", title=one_line(form.title)))


@pages.get("/<task_id>")
def edit(task_id: str) -> str:
    """One task, to read and to change."""
    with current.core().storage.read(current.scope()) as session:
        task = _tasks(session).get(task_id) or abort(404)
        return _form(task, forms.filled_from(task, current.member()), {})


@pages.post("/<task_id>")
def save(task_id: str) -> ResponseReturnValue:
    """Change a task. What was typed stays on the page when it cannot be saved."""
    form, version = forms.read(request.form), _version()
    wrong = forms.mistakes(form)
    with _writing() as session:
        tasks = _tasks(session)
        task = tasks.need(task_id)
        if wrong or task.version != version:
            return _form(task, form, wrong, changed=task.version != version), 422 if wrong else 409
        values = forms.columns(form, current.member(), task) | forms.ticked(form, task)
        tasks.replace(task, values, expected_version=version)
    flash(_("Saved."), "go")
    return redirect_to(_back())


@pages.post("/<task_id>/done")
def done(task_id: str) -> ResponseReturnValue:
    """Tick a task off."""
    return _tick(task_id, done=True)


@pages.post("/<task_id>/open")
def reopen(task_id: str) -> ResponseReturnValue:
    """Open a task again."""
    return _tick(task_id, done=False)


@pages.post("/<task_id>/delete")
def delete(task_id: str) -> ResponseReturnValue:
    """Delete a task; the answer holds what brings it back."""
    version = _version()
    with _writing() as session:
        tasks = _tasks(session)
        task = tasks.need(task_id)
        title = task.title
        kept = tasks.delete(task, expected_version=version)
    said = _("Deleted: %(title)s", title=one_line(title))
    return _answer(said, undo.token(KIND, kept))


@pages.post("/undo")
def bring_back() -> ResponseReturnValue:
    """Take a deletion back."""
    kept = undo.opened(KIND, request.form.get("token"))
    with _writing() as session:
        task = _tasks(session).bring_back(kept)
        said = _("Back again: %(title)s", title=one_line(task.title))
    return _answer(said)


@pages.errorhandler(RecordChanged)
def changed_meanwhile(_error: RecordChanged) -> ResponseReturnValue:
    """Somebody was faster: another window, or a run."""
    return _refused("task.changed", 409)


@pages.errorhandler(RecordGone)
def gone(_error: RecordGone) -> ResponseReturnValue:
    """Not there, not any more, or never theirs: the same answer to all."""
    return _refused("task.gone", 404)


@pages.errorhandler(undo.CannotUndo)
def too_late(_error: undo.CannotUndo) -> ResponseReturnValue:
    """The page is too old, or it is not theirs."""
    return _refused("task.too_late", 409)


def _tick(task_id: str, *, done: bool) -> ResponseReturnValue:
    version = _version()
    with _writing() as session:
        tasks = _tasks(session)
        task = tasks.set_done(tasks.need(task_id), done, expected_version=version)
        title = one_line(task.title)
    return _answer(_("Done: %(title)s", title=title) if done else _("Open: %(title)s", title=title))


def _answer(said: str, token: str = "") -> ResponseReturnValue:
    """What happened: to a script as JSON, else on the page. What is gone brings its undo along."""
    if wants_json():
        return jsonify(html=_list(), said=said, undo=token)
    if token:
        return _page(Filled(day=queries.today()), {}, gone=said, token=token)
    flash(said, "go")
    return redirect_to(_back())


def _refused(key: str, status: int) -> ResponseReturnValue:
    title, advice = words(key)
    if wants_json():
        return jsonify(error=key, title=title, advice=advice), status
    flash(f"{title} {advice}", "mind")
    return redirect_to(url_for("tasks.show"))


def _page(form: Filled, wrong: dict[str, str], *, gone: str = "", token: str = "") -> str:
    return render_template(
        "tasks/show.html",
        lists=_lists(),
        form=form,
        wrong={field: words(key)[0] for field, key in wrong.items()},
        gone=gone,
        token=token,
        here=url_for("tasks.show"),
    )


def _form(task: Task, form: Filled, wrong: dict[str, str], *, changed: bool = False) -> str:
    return render_template(
        "tasks/edit.html",
        task=task,
        form=asdict(form),
        wrong={field: words(key)[0] for field, key in wrong.items()},
        changed=words("task.changed") if changed else None,
        back=_back(),
    )


def _list() -> str:
    return render_template("tasks/list.html", lists=_lists())


def _lists() -> queries.Lists:
    done, whole = request.args.get("show") == "done", request.args.get("all") == "1"
    with current.core().storage.read(current.scope()) as session:
        return queries.lists(session, current.member(), done=done, whole=whole)


def _back() -> str:
    return safe_path(request.values.get("back"), url_for("tasks.show"))


def _version() -> int:
    text = request.form.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else abort(400)


def _tasks(session: Session) -> Tasks:
    member = current.member()
    return Tasks(session, member.tenant_id, member.id)


def _writing() -> AbstractContextManager[Session]:
    return current.core().storage.write(current.scope())
