"""The journal of one connection: runs and changes, taking back, what was held, conflicts.

All of it is its owner's alone: for everybody else these pages do not exist.
"""

from contextlib import suppress
from typing import Any

from flask import Blueprint, flash, render_template, request, url_for
from flask_babel import gettext as _, ngettext

from andock_core.connections.errors import NotReady
from andock_core.jobs.queue import QueueDown
from andock_core.journal import conflicts, held, queries as core_queries, runs as core_runs, undo
from andock_core.journal.conflicts import CannotChoose, Changed
from andock_core.journal.queries import Filter
from andock_core.journal.undo import Target
from andock_core.runs.held import held as waiting
from andock_marketplace.connect import queries as connections
from andock_marketplace.connect.views import Answer, init_errors
from andock_marketplace.journal import queries, words
from andock_marketplace.words import words_for
from andock_web import current, formats, limits
from andock_web.redirects import redirect_to

journal = Blueprint("journal", __name__, url_prefix="/connections/<connection_id>/journal")
init_errors(journal)
DECISIONS = ("delete", "restore", "send", "back")


@journal.get("")
def runs(connection_id: str) -> Answer:
    """The runs, newest first; with a filter or a search, the changes that fit."""
    core, scope = current.core(), current.scope()
    view = connections.connection(connection_id)
    wanted, older = queries.wanted(), request.args.get("older", "")
    shown: dict[str, Any] = {"rows": [], "older": "", "lines": [], "page": None}
    if wanted.narrows:
        shown["lines"], shown["page"] = queries.line_rows(connection_id, view.title, wanted, older)
    else:
        shown["rows"], shown["older"] = queries.run_rows(connection_id, view.title, older)
    return _page(
        "runs",
        connection_id,
        view=view,
        wanted=wanted,
        summary=core_runs.summary(core, scope, connection_id),
        collections=core_queries.collections(core, scope, connection_id),
        actions=words.ACTIONS,
        aside=held.aside_count(core, scope, connection_id),
        kept=core.settings.journal_days,
        **shown,
    )


@journal.get("/runs/<run_id>")
def run(connection_id: str, run_id: str) -> Answer:
    """One run with its changes."""
    found = queries.run_view(connection_id, run_id)
    view = connections.connection(connection_id)
    lines, page = queries.line_rows(
        connection_id, view.title, Filter(run_id=run_id), request.args.get("older", "")
    )
    trouble = words_for(found.run.error, view.listing) if found.run.error else None
    return _page(
        "run", connection_id, view=view, found=found, lines=lines, page=page, trouble=trouble
    )


@journal.get("/changes/<line_id>")
def line(connection_id: str, line_id: str) -> Answer:
    """One change, field by field."""
    found = core_queries.line(current.core(), current.scope(), connection_id, line_id)
    view = connections.connection(connection_id)
    return _page(
        "line",
        connection_id,
        view=view,
        line=queries.line_view(found, view.title),
        fields=queries.all_fields(found),
        lost=queries.lost_fields(found),
        run=queries.run_view(connection_id, found.run_id),
    )


@journal.get("/undo")
def ask(connection_id: str) -> Answer:
    """Before taking back: what goes back, what stays and why."""
    target = _target(request.args)
    look = undo.look(current.core(), current.scope(), connection_id, target)
    view = connections.connection(connection_id)
    return _page(
        "undo",
        connection_id,
        view=view,
        target=target,
        taken=[queries.deed_view(line, deed, view.title) for line, deed in look.taken],
        skipped=[queries.deed_view(line, deed, view.title) for line, deed in look.skipped],
        more=look.more,
    )


@journal.post("/undo")
def take_back(connection_id: str) -> Answer:
    """Have it taken back by a worker."""
    target = _target(request.form)
    where: dict[str, Any] = {
        "connection_id": connection_id,
        "run": target.run_id,
        "line": target.line_id,
    }
    limits.call_out(limits.RUNS)
    try:
        undo.ask(current.core(), current.scope(), connection_id, target)
    except NotReady:
        flash(_("This connection cannot run now, so nothing was taken back."), "stop")
        return redirect_to(url_for("journal.ask", **where))
    except QueueDown:
        pass  # it is kept, and done as soon as workers are there again
    return redirect_to(url_for("journal.undoing", **where))


@journal.get("/undoing")
def undoing(connection_id: str) -> Answer:
    """How far taking back is, and what came of it."""
    return _undoing(connection_id, "undoing")


@journal.get("/undoing/part")
def undoing_part(connection_id: str) -> Answer:
    """The part of `undoing` that changes."""
    return _undoing(connection_id, "_undoing")


@journal.get("/held")
def held_back(connection_id: str) -> Answer:
    """What waits for a decision."""
    core, scope = current.core(), current.scope()
    view = connections.connection(connection_id)
    after = {name: request.args.get(name, "") for name in ("here", "there", "mail")}
    counts = held.counts(core, scope, connection_id)
    pages = {
        what: queries.waiting_items(connection_id, what, after[what])
        for what in ("here", "there", "mail")
        if counts.get(what)
    }
    return _page("held", connection_id, view=view, pages=pages)


@journal.post("/held")
def decide_held(connection_id: str) -> Answer:
    """Delete, restore, send, take back; or pause the whole connection."""
    core, scope = current.core(), current.scope()
    what, decision = request.form.get("what", ""), request.form.get("decision", "")
    if decision == "pause":
        held.pause(core, scope, connection_id)
        flash(_("This connection is paused. Nothing is synchronised until you resume it."), "go")
    else:
        limits.call_out(limits.RUNS)
        with suppress(QueueDown):  # what was decided is kept
            held.decide(core, scope, connection_id, what, decision)  # type: ignore[arg-type]
        flash(_("Your decision is being carried out."), "go")
    return redirect_to(url_for("connections.show", connection_id=connection_id))


@journal.post("/resume")
def resume(connection_id: str) -> Answer:
    """A paused connection runs again."""
    limits.call_out(limits.RUNS)
    with suppress(QueueDown):  # the dispatcher starts it
        held.resume(current.core(), current.scope(), connection_id)
    flash(_("This connection is synchronised again."), "go")
    return redirect_to(url_for("connections.show", connection_id=connection_id))


@journal.get("/aside")
def aside(connection_id: str) -> Answer:
    """What was set aside after several tries."""
    view = connections.connection(connection_id)
    page = queries.waiting_items(connection_id, "aside", request.args.get("after", ""))
    items = [(each, words_for(each.error, view.listing)) for each in page.items]
    return _page("aside", connection_id, view=view, page=page, items=items)


@journal.post("/aside")
def try_again(connection_id: str) -> Answer:
    """Look at all of it once more."""
    limits.call_out(limits.RUNS)
    with suppress(QueueDown):  # the next run looks at it
        held.try_again(current.core(), current.scope(), connection_id)
    flash(_("It is being tried again."), "go")
    return redirect_to(url_for("connections.show", connection_id=connection_id))


@journal.get("/conflicts", endpoint="conflicts")
def conflict_list(connection_id: str) -> Answer:
    """Where one side gave way to the other."""
    view = connections.connection(connection_id)
    return _page(
        "conflicts",
        connection_id,
        view=view,
        found=queries.conflict_views(connection_id, view.title, decided=False),
        decided=queries.conflict_views(connection_id, view.title, decided=True)[:10],
        total=core_queries.open_conflicts(current.core(), current.scope(), connection_id),
    )


@journal.post("/conflicts")
def settle(connection_id: str) -> Answer:
    """Keep mine, keep theirs, or leave it as it is; one of them, or all that wait."""
    core, scope = current.core(), current.scope()
    form = request.form
    here = url_for("journal.conflicts", connection_id=connection_id)
    if form.get("all"):
        limits.call_out(limits.RUNS)
        number = conflicts.settle_all(core, scope, connection_id)
        flash(
            ngettext("%(num)d conflict is settled.", "%(num)d conflicts are settled.", number), "go"
        )
        return redirect_to(here)
    choice = form.get("choice", "")
    if choice not in ("mine", "theirs", "fine"):
        connections.connection(connection_id)  # for everybody else there is no such page
        return redirect_to(here)
    limits.call_out(limits.RUNS)
    try:
        conflicts.decide(
            core,
            scope,
            connection_id,
            form.get("line", ""),
            choice,  # type: ignore[arg-type]
            form.get("seen", ""),
        )
    except Changed:
        flash(_("It changed meanwhile. Look at what is there now, and choose again."), "mind")
    except CannotChoose as refused:
        flash(words.not_chosen(refused.reason), "mind")
    except QueueDown:
        pass  # it is written here; the next run carries it on
    else:
        flash(_("The conflict is settled."), "go")
    return redirect_to(here)


def banner(connection_id: str) -> dict[str, Any]:
    """For other pages of the connection: what waits, and since when it is paused."""
    core, scope = current.core(), current.scope()
    with core.storage.read(scope) as session:
        counts = waiting(session, connection_id)
    return {"held": counts, "paused": held.paused_since(core, scope, connection_id)}


def open_conflicts(connection_id: str) -> int | None:
    """How many conflicts wait, for the navigation; None when there is none."""
    return core_queries.open_conflicts(current.core(), current.scope(), connection_id) or None


def _undoing(connection_id: str, template: str) -> Answer:
    target = _target(request.args)
    core, scope = current.core(), current.scope()
    standing = undo.standing(core, scope, connection_id, target)
    view = connections.connection(connection_id)
    stuck = standing.waiting > 0 and not view.busy and view.card.error != ""
    return _page(template, connection_id, view=view, target=target, standing=standing, stuck=stuck)


def _target(given: Any) -> Target:
    line_id = str(given.get("line", ""))[:32]
    return Target(run_id="" if line_id else str(given.get("run", ""))[:32], line_id=line_id)


def _page(name: str, connection_id: str, **values: Any) -> Answer:
    return render_template(
        f"marketplace/journal/{name}.html",
        connection_id=connection_id,
        duration=formats.milliseconds,
        **values,
    )
