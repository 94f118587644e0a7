"""The sync card at the top of the right column: one for each of the member's connections."""

from dataclasses import dataclass
from typing import Any

from flask import current_app, render_template, url_for
from flask_babel import gettext
from werkzeug.routing import BuildError

from andock_core.clock import now
from andock_core.connections.status import Card, cards
from andock_web import current, formats
from andock_web.language import language
from andock_web.lines import one_line
from andock_web.messages import message_for

MARKETPLACE = ("marketplace.browse", "marketplace.index")
PREVIEW = ("wizard.preview",)
HELD = ("journal.held_back",)
CONNECTION = ("connect.overview", "connections.show", "marketplace.connection")


@dataclass(frozen=True)
class Shown:
    """A card in words. `state`: go, mind, stop, brand or plain, as chips have it. `done` counts
    from 0 to 100, None when how much is left is not known. `preview`: where the member agrees to
    what a run would do, empty when that is not asked."""

    id: str
    title: str
    account: str
    state: str
    chip: str
    text: str
    advice: str
    running: bool
    done: int | None
    can_run: bool
    href: str
    preview: str
    held: str
    stamp: str


def shown() -> list[Shown]:
    """The member's connections in words, oldest first."""
    return [_shown(card) for card in cards(current.core(), current.scope())]


def stamps(found: list[Shown]) -> dict[str, str]:
    """What differs when a run began or ended: the calendar has to be fetched anew then."""
    return {card.id: card.stamp for card in found}


def html(found: list[Shown]) -> str:
    """All cards as a piece of the page; the empty place when there is no connection."""
    return render_template(
        "calendar/sync_cards.html", cards=found, marketplace=first_url(MARKETPLACE)
    )


def first_url(endpoints: tuple[str, ...], **values: Any) -> str:
    """The address of the first endpoint that is registered; empty when none is."""
    for endpoint in endpoints:
        if endpoint in current_app.view_functions:
            try:
                return url_for(endpoint, **values)
            except BuildError:
                continue
    return ""


def _shown(card: Card) -> Shown:
    running = card.progress is not None
    state, chip, advice = _state(card)
    return Shown(
        id=card.id,
        title=card.title.to(language()),
        account=one_line(card.account),
        state=state,
        chip=chip,
        text=_last(card),
        advice=advice,
        running=running or card.waiting,
        done=_percent(card),
        can_run=card.state == "active" and not (running or card.waiting or _stopped(card)),
        href=first_url(CONNECTION, connection_id=card.id),
        preview=first_url(PREVIEW, connection_id=card.id) if card.to_confirm else "",
        held=first_url(HELD, connection_id=card.id) if card.held else "",
        stamp=f"{card.last_run_at}, under way" if running else str(card.last_run_at),
    )


def _stopped(card: Card) -> bool:
    """Whether no run starts before the member, or the company, says so."""
    return card.to_confirm or card.paused or card.stopped != ""


def _state(card: Card) -> tuple[str, str, str]:
    """Colour, word and advice."""
    if card.stopped == "company":
        return "plain", _("Switched off"), message_for("integration.switched_off").title
    if card.stopped:
        return "mind", _("Asks for new access"), message_for("access.asked").advice
    if card.state in ("added", "authorized"):
        return "mind", _("Not set up yet"), _("A few steps are left.")
    if card.to_confirm:
        waiting = message_for("connection.to_confirm")
        return "mind", _("Preview is waiting"), waiting.advice
    if card.paused:
        return "mind", _("Paused"), _("Nothing is synchronised until you resume it.")
    if card.progress is not None:
        return "brand", _("Synchronising"), ""
    if card.waiting:
        return "brand", _("Starts in a moment"), ""
    return _outcome(card)


def _outcome(card: Card) -> tuple[str, str, str]:
    """The same while nothing is under way."""
    if card.state == "attention" or card.error:
        listed = current.core().catalog.get(card.integration)
        said = message_for(card.error, listed.listing if listed else None)
        if card.state == "attention":
            return "stop", _("Needs attention"), f"{said.title} {said.advice}"
        return "mind", _("Not up to date"), f"{said.title} {said.advice}"
    if card.held:
        return "mind", _("Waits for you"), _("Some of it is held until you decide.")
    if card.last_success_at is None:
        return "plain", _("Not synchronised yet"), ""
    return "go", _("All up to date"), ""


def _last(card: Card) -> str:
    if card.progress is not None:
        total, done = card.progress.get("total"), card.progress.get("done")
        if isinstance(total, int) and total > 0 and isinstance(done, int):
            return _("%(done)s of %(total)s", done=done, total=total)
        return _("Looking for changes")
    if card.last_success_at is None:
        return ""
    if formats.local(card.last_success_at).date() == formats.local(now()).date():
        return _("last at %(time)s", time=formats.at_time(card.last_success_at))
    return _("last %(when)s", when=formats.at(card.last_success_at))


def _percent(card: Card) -> int | None:
    progress = card.progress or {}
    total, done = progress.get("total"), progress.get("done")
    if isinstance(total, int) and total > 0 and isinstance(done, int):
        return max(0, min(100, round(100 * done / total)))
    return None


def _(text: str, **values: object) -> str:
    return str(gettext(text, **values))
