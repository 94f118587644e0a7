"""A move in four steps: where to; access and test, as for any connection; what takes over; what
would happen, and the switch. Then it can be taken back until the old side is disconnected.

Everything works by plain forms. The preview's changing part has an address of its own.
"""

from flask import Blueprint, flash, render_template, request, url_for
from flask_babel import gettext as _

from andock_core.connections import service as connections, status
from andock_core.connections.errors import AnswersRefused, NotReady, PreviewStale
from andock_core.connections.status import AWAY
from andock_core.moving import service, switching
from andock_core.moving.errors import (
    MostMissing,
    NotMoving,
    RunUnderWay,
    TakenTwice,
    Unread,
    Unsettled,
)
from andock_marketplace.connect import queries as connecting
from andock_marketplace.connect.views import Answer, init_errors
from andock_marketplace.moving import queries, steps, words
from andock_marketplace.moving.queries import Sides
from andock_marketplace.words import words_for
from andock_web import current, limits
from andock_web.redirects import redirect_to

moving = Blueprint("moving", __name__, url_prefix="/connections", template_folder="templates")
init_errors(moving)

STANDS_IN_THE_WAY = (RunUnderWay, Unsettled, Unread, MostMissing, PreviewStale)


@moving.get("/<connection_id>/move")
def show(connection_id: str) -> Answer:
    """Where to move; or the step at which the move is; or, after the switch, the way back."""
    sides = queries.sides(connection_id)
    if sides is None:
        view = connecting.connection(connection_id)
        if not view.in_use:
            raise NotReady
        return render_template(
            "moving/goal.html", view=view, goals=queries.goals(connection_id), steps=steps.steps("")
        )
    if sides.switched:
        return render_template("moving/moved.html", sides=sides, view=sides.new)
    return redirect_to(_step(sides))


@moving.post("/<connection_id>/move")
def begin(connection_id: str) -> Answer:
    """Begin; the access to the new side comes next."""
    queries.standing(connection_id)
    goal = request.form.get("goal", "")
    new_id = service.begin(current.core(), current.scope(), connection_id, goal)
    return redirect_to(url_for("wizard.access", connection_id=new_id))


@moving.get("/<connection_id>/move/choice")
def choice(connection_id: str) -> Answer:
    """What takes over from what."""
    return _choice(_choosing(connection_id))


@moving.post("/<connection_id>/move/choice")
def choose(connection_id: str) -> Answer:
    """Keep it; what switching over would do is looked at next."""
    limits.call_out()
    sides = _choosing(connection_id)
    rows = service.rows(current.core(), current.scope(), sides.new.card.id)
    taken = queries.taken(request.form, [row.id for row in rows])
    try:
        service.choose(current.core(), current.scope(), sides.new.card.id, taken)
    except (AnswersRefused, TakenTwice) as refused:
        return _choice(sides, refused.key, taken), 422
    return redirect_to(url_for("moving.preview", connection_id=sides.new.card.id))


@moving.post("/<connection_id>/move/read")
def read(connection_id: str) -> Answer:
    """Read once more what the new side has."""
    limits.call_out()
    sides = _choosing(connection_id)
    connections.start_choices(current.core(), current.scope(), sides.new.card.id)
    return redirect_to(url_for("moving.choice", connection_id=sides.new.card.id))


@moving.get("/<connection_id>/move/preview")
def preview(connection_id: str) -> Answer:
    """What switching over would do, or how far looking is."""
    return _preview(connection_id, part=False)


@moving.get("/<connection_id>/move/preview/part")
def preview_part(connection_id: str) -> Answer:
    """The part of the preview that changes."""
    return _preview(connection_id, part=True)


@moving.post("/<connection_id>/move/preview")
def look(connection_id: str) -> Answer:
    """Look once more."""
    limits.call_out()
    sides = _choosing(connection_id)
    service.start_look(current.core(), current.scope(), sides.new.card.id)
    return redirect_to(url_for("moving.preview", connection_id=sides.new.card.id))


@moving.post("/<connection_id>/move/switch")
def switch(connection_id: str) -> Answer:
    """Agree to exactly what was seen: the new connection takes over."""
    queries.standing(connection_id)
    seen_id, strange = request.form.get("seen", ""), "strange" in request.form
    limits.call_out(limits.RUNS)
    try:
        switching.switch(current.core(), current.scope(), connection_id, seen_id, strange=strange)
    except STANDS_IN_THE_WAY as refused:
        said = words_for(refused.key)
        flash(f"{said.title} {said.advice}", "mind")
        return redirect_to(url_for("moving.preview", connection_id=connection_id))
    flash(_("Switched over. You can take it back until you disconnect the old side."), "go")
    return redirect_to(url_for("connections.show", connection_id=connection_id))


@moving.post("/<connection_id>/move/back")
def take_back(connection_id: str) -> Answer:
    """The old connection takes its place again."""
    queries.standing(connection_id)
    limits.call_out(limits.RUNS)
    try:
        old_id = switching.take_back(current.core(), current.scope(), connection_id)
    except RunUnderWay as refused:
        said = words_for(refused.key)
        flash(f"{said.title} {said.advice}", "mind")
        return redirect_to(url_for("moving.show", connection_id=connection_id))
    flash(_("The move is taken back. The old connection goes on as before."), "go")
    return redirect_to(url_for("connections.show", connection_id=old_id))


@moving.post("/<connection_id>/move/end")
def end(connection_id: str) -> Answer:
    """Disconnect the old side: the move is over."""
    queries.standing(connection_id)
    service.end(current.core(), current.scope(), connection_id)
    flash(_("The old side is disconnected. Nothing was deleted there."), "go")
    return redirect_to(url_for("connections.show", connection_id=connection_id))


@moving.post("/<connection_id>/move/cancel")
def cancel(connection_id: str) -> Answer:
    """Give the move up before the switch."""
    sides = _choosing(connection_id)
    old_id = service.give_up(current.core(), current.scope(), sides.new.card.id)
    flash(_("The move is given up. Everything is as it was."), "go")
    return redirect_to(url_for("connections.show", connection_id=old_id))


def _choosing(connection_id: str) -> Sides:
    """A move that was begun and not switched. Raises NotMoving, NotFound."""
    sides = queries.sides(connection_id)
    if sides is None or sides.switched:
        raise NotMoving
    return sides


def _step(sides: Sides) -> str:
    """Where a move that was begun goes on."""
    new_id = sides.new.card.id
    tested = status.latest(current.core(), current.scope(), new_id, "test")
    if not sides.new.card.account or (tested and tested.state in (AWAY, "queued", "running")):
        return url_for("wizard.access", connection_id=new_id)
    seen = service.seen(current.core(), current.scope(), new_id)
    goal = "moving.preview" if seen is not None and not seen.stale else "moving.choice"
    return url_for(goal, connection_id=new_id)


def _choice(sides: Sides, error: str = "", taken: dict[str, str] | None = None) -> str:
    newest = status.latest(current.core(), current.scope(), sides.new.card.id, "test", "choices")
    reading = newest is not None and newest.under_way
    rows: list[dict[str, object]] | None = None
    if not reading:
        try:
            rows = queries.rows(sides.new.card.id)
        except NotReady:
            error = error or (newest.error if newest and newest.state == "failed" else "")
    for row in rows or ():
        if taken is not None:
            row["value"] = taken.get(str(row["id"]), "") or queries.NOTHING
    state, failed, needs_more = service.saving(current.core(), current.scope(), sides.new.card.id)
    if state == "failed" and not error:
        error = failed
    problem = words_for(error, sides.new.listing) if error else None
    return render_template(
        "moving/choice.html",
        sides=sides,
        view=sides.new,
        rows=rows,
        reading=reading,
        problem=problem,
        needs_more=needs_more,
        steps=steps.steps(sides.new.card.id),
        step=steps.CHOICE,
    )


def _preview(connection_id: str, *, part: bool) -> Answer:
    sides = queries.sides(connection_id)
    if sides is None or sides.switched:
        return redirect_to(url_for("connections.show", connection_id=connection_id))
    core, scope, new_id = current.core(), current.scope(), sides.new.card.id
    state, failed, needs_more = service.saving(core, scope, new_id)
    if state == "failed" and not part:
        return _choice(sides, failed)
    seen = service.seen(core, scope, new_id)
    saving = state in ("queued", "running")
    if seen is None and not saving and state != "done":
        return redirect_to(url_for("moving.choice", connection_id=new_id))
    usable = seen is not None and not seen.stale and not saving
    found = seen.prospect if seen is not None and usable else None
    problem = words_for(seen.error, sides.new.listing) if seen and usable and seen.error else None
    if seen is not None and seen.stale and not saving and state != "done":
        problem = words_for(PreviewStale.key)
    if state == "failed":
        problem = words_for(failed, sides.new.listing)
    blocked = words_for(Unread.key) if found and found.blocked else None
    shown = {
        "sides": sides,
        "view": sides.new,
        "seen": seen,
        "found": found,
        "problem": problem,
        "blocked": blocked,
        "figures": words.figures(found) if found else [],
        "parts_found": queries.parts(found) if found else [],
        "mails": words.mails(found.mails) if found else "",
        "phase": queries.phase(seen) if seen and usable else _("Your choice is being saved."),
        "percent": seen.percent if seen and usable else None,
        "needs_more": needs_more,
        "strange": words_for(MostMissing.key),
        "steps": steps.steps(new_id),
        "step": steps.PREVIEW,
        "says": _("The preview is ready.") if found else problem.title if problem else "",
    }
    return render_template("moving/_preview.html" if part else "moving/preview.html", **shown)
