"""The wizard's step before the first run, and before any run that would do something else than the
member agreed to: what would happen, by number and example."""

from flask import flash, request, url_for
from flask_babel import gettext as _

from andock_core.connections import agreeing
from andock_core.connections.errors import PreviewStale
from andock_core.connections.status import AttemptStatus
from andock_marketplace.connect import choice, queries
from andock_marketplace.connect.views import Answer
from andock_marketplace.connect.wizard import latest, page, wizard
from andock_marketplace.preview.queries import foreseen
from andock_marketplace.words import words_for
from andock_web import current, limits
from andock_web.redirects import redirect_to


@wizard.get("/<connection_id>/preview")
def preview(connection_id: str) -> Answer:
    """What would happen, or how far looking is."""
    return _preview(connection_id, part=False)


@wizard.get("/<connection_id>/preview/part")
def preview_part(connection_id: str) -> Answer:
    """The part of the preview's page that changes."""
    return _preview(connection_id, part=True)


@wizard.post("/<connection_id>/preview")
def look(connection_id: str) -> Answer:
    """Look, or look once more."""
    limits.call_out()
    agreeing.start_preview(current.core(), current.scope(), connection_id)
    return redirect_to(url_for("wizard.preview", connection_id=connection_id))


@wizard.post("/<connection_id>/confirm")
def confirm(connection_id: str) -> Answer:
    """Agree to exactly the preview that was seen; the run starts."""
    digest = request.form.get("digest", "")
    limits.call_out(limits.RUNS)
    try:
        agreeing.confirm(current.core(), current.scope(), connection_id, digest)
    except PreviewStale as stale:
        words = words_for(stale.key)
        flash(f"{words.title} {words.advice}", "mind")
        return redirect_to(url_for("wizard.preview", connection_id=connection_id))
    return redirect_to(url_for("wizard.first_run", connection_id=connection_id))


def _preview(connection_id: str, *, part: bool) -> Answer:
    newest = latest(connection_id, "save", "preview")
    view = queries.connection(connection_id)
    if newest is not None and newest.kind == "save":
        if newest.state == "failed":
            return choice.shown(connection_id, part=part)
        if newest.under_way:
            says = _("Your choice is being saved.")
            return page(view, "looking", part=part, says="", percent=None, phase=says)
    if not view.in_use:
        return redirect_to(url_for("wizard.choice", connection_id=connection_id))
    if not view.card.to_confirm:
        return _nothing_to_confirm(view, newest)
    seen = agreeing.preview(current.core(), current.scope(), connection_id)
    if seen is None or seen.stale or seen.state == "failed":
        return _not_seen(view, seen, part=part)
    if seen.forecast is None:
        phase = queries.looked_at(seen.done, seen.total)
        return page(view, "looking", part=part, says="", percent=seen.percent, phase=phase)
    return page(
        view,
        "preview",
        part=part,
        digest=seen.digest,
        shown=foreseen(seen.forecast),
        says=_("The preview is ready."),
    )


def _nothing_to_confirm(view: queries.ConnectionView, newest: AttemptStatus | None) -> Answer:
    """A choice was saved that changes nothing, or all was agreed to before."""
    saved = newest is not None and newest.kind == "save"
    goal = "wizard.first_run" if saved or view.busy else "connections.show"
    return redirect_to(url_for(goal, connection_id=view.card.id))


def _not_seen(
    view: queries.ConnectionView, seen: agreeing.PreviewStatus | None, *, part: bool
) -> Answer:
    """There is no preview of what is wanted now: why, and a button."""
    failed = seen is not None and not seen.stale
    problem = words_for(seen.error, view.listing) if seen and failed else None
    return page(view, "not_seen", part=part, problem=problem, says=problem.title if problem else "")
