"""What the pages of one connection show."""

from dataclasses import dataclass, replace

from flask_babel import gettext as _, ngettext
from sqlalchemy import func, select

from andock_core.connections import status
from andock_core.connections.preferences import Preferences
from andock_core.connections.status import AttemptStatus, Card, Chosen, LastRun
from andock_core.connections.unread import unread
from andock_core.host import Listed
from andock_core.storage import Contact, Entry, Pair, Task
from andock_marketplace.words import words_for
from andock_sdk import Answers, Listing, Step
from andock_web import current, formats
from andock_web.language import language
from andock_web.lines import one_line
from andock_web.messages import Words


@dataclass(frozen=True)
class ConnectionView:
    """A connection as its page shows it. `trouble` says what is wrong, None when all is well.
    `unread`: how many items could not be taken over, and why; told on its own page alone."""

    card: Card
    title: str
    listing: Listing | None
    access: Answers
    chosen: tuple[Chosen, ...]
    last_run: LastRun | None
    trouble: Words | None
    preferences: Preferences
    unread: tuple[tuple[int, Words], ...] = ()

    @property
    def in_use(self) -> bool:
        """Whether something was chosen, so that it runs."""
        return self.card.state in ("active", "attention")

    @property
    def connecting(self) -> bool:
        """Whether it is still on its way to the first run."""
        return not self.in_use or (self.card.to_confirm and self.last_run is None)

    @property
    def first_time(self) -> bool:
        """Whether no run but the first was made."""
        return self.last_run is None or self.last_run.trigger == "first"

    @property
    def outcome(self) -> str:
        """What the last run brought, in a sentence; empty when it brought nothing to an end."""
        return _outcome(self.last_run)

    @property
    def busy(self) -> bool:
        """Whether a run is under way or queued."""
        return self.card.progress is not None or self.card.waiting

    @property
    def percent(self) -> int | None:
        """How far the run is, None when that is not known."""
        return percent(self.card)


def connection(connection_id: str) -> ConnectionView:
    """The signed-in member's connection. Raises NotFound."""
    core, scope = current.core(), current.scope()
    view = _view(status.details(core, scope, connection_id))
    found = unread(core, scope, connection_id)
    said = tuple((number, words_for(key, view.listing)) for key, number in found.items())
    return replace(view, unread=said)


def mine() -> list[ConnectionView]:
    """All connections of the signed-in member, oldest first."""
    core, scope = current.core(), current.scope()
    return [_view(status.details(core, scope, card.id)) for card in status.cards(core, scope)]


def _view(found: status.Details) -> ConnectionView:
    core = current.core()
    listed = core.catalog.get(found.card.integration)
    listing = listed.listing if listed else None
    return ConnectionView(
        card=found.card,
        title=one_line(found.card.title.to(language())),
        listing=listing,
        access=found.access,
        chosen=found.chosen,
        last_run=found.last_run,
        trouble=_trouble(found.card, listed),
        preferences=found.preferences,
    )


@dataclass(frozen=True)
class Imported:
    """How much came from the other side by a connection."""

    entries: int
    contacts: int
    tasks: int

    @property
    def total(self) -> int:
        """All together."""
        return self.entries + self.contacts + self.tasks


def imported(connection_id: str) -> Imported:
    """What came from the other side by this connection."""
    counts = []
    with current.core().storage.read(current.scope()) as session:
        for table, kind in ((Entry, "entry"), (Contact, "contact"), (Task, "todo")):
            query = (
                select(func.count(func.distinct(table.id)))
                .join(Pair, Pair.entry_id == table.id)
                .where(
                    Pair.connection_id == connection_id,
                    Pair.local_kind == kind,
                    table.owner_id == current.member().id,
                    table.origin == "remote",
                )
            )
            counts.append(session.scalar(query) or 0)
    return Imported(*counts)


def percent(card: Card) -> int | None:
    """A run's progress in percent, None when how much there is to do is not known yet."""
    so_far = card.progress or {}
    done, total = so_far.get("done") or 0, so_far.get("total") or 0
    return min(100, round(100 * done / total)) if total else None


def checks(attempt: AttemptStatus) -> list[dict[str, str]]:
    """An attempt's steps for `ui.checks`."""
    return [check(step) for step in attempt.steps]


def progress(attempt: AttemptStatus) -> int:
    """How far a test is. Steps that a plugin has not announced count as one more to come."""
    if attempt.state == "done":
        return 100
    ended = sum(step.state in ("done", "skipped", "failed") for step in attempt.steps)
    more = 0 if any(step.state == "waiting" for step in attempt.steps) else 1
    return max(4, round(100 * ended / max(1, len(attempt.steps) + more)))


def check(step: Step) -> dict[str, str]:
    """A step for `ui.checks`."""
    took = "" if step.milliseconds is None else formats.milliseconds(step.milliseconds)
    return {
        "key": step.key,
        "title": one_line(step.title.to(language())),
        "state": step.state,
        "detail": one_line(step.detail.to(language())) if step.detail else "",
        "time": took,
    }


def _trouble(card: Card, listed: Listed | None) -> Words | None:
    if listed is None:
        return words_for("plugin.missing")
    if listed.off:
        return words_for("plugin.switched_off")
    if listed.listing is None:
        return words_for("plugin.broken")
    if card.stopped:
        return words_for(
            "integration.switched_off" if card.stopped == "company" else "access.asked"
        )
    return words_for(card.error, listed.listing) if card.error else None


def phase(card: Card) -> str:
    """What a run is doing, in a sentence."""
    so_far = card.progress or {}
    return looked_at(so_far.get("done") or 0, so_far.get("total") or 0)


def looked_at(done: int, total: int) -> str:
    """How far a run or a preview is; `total` 0: that is not known."""
    if not total:
        return str(_("Looking at what there is on both sides."))
    far = {"done": formats.count(done), "total": formats.count(total)}
    return str(_("%(done)s of %(total)s entries", **far))


STOPPED = {"held": "run.held", "abandoned": "run.abandoned"}
"""The words for runs that ended without an error of their own."""


def stopped(view: ConnectionView) -> Words:
    """Why the last run did not come to its end, and what to do."""
    run = view.last_run
    key = STOPPED.get(run.state, run.error) if run else ""
    return words_for(key or "unexpected", view.listing)


def _outcome(run: LastRun | None) -> str:
    if run is not None and run.state in STOPPED:
        return words_for(STOPPED[run.state]).title
    if run is None or run.state != "done":
        return ""
    came = sum(n for name, n in run.counts.items() if name.startswith("in."))
    went = sum(n for name, n in run.counts.items() if name.startswith("out."))
    parts: list[str] = []
    if came:
        parts.append(ngettext("%(num)d change came in", "%(num)d changes came in", came))
    if went:
        parts.append(ngettext("%(num)d change went out", "%(num)d changes went out", went))
    return ", ".join(parts) or str(_("Nothing was new on either side."))
