"""What the pages of a move show."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from andock_core.connections import status
from andock_core.connections.effects import IN_USE
from andock_core.connections.status import Card
from andock_core.moving import service
from andock_core.moving.prospect import Prospect
from andock_core.moving.service import Goal, Standing
from andock_core.moving.states import SWITCHED
from andock_marketplace.connect import queries
from andock_marketplace.connect.queries import ConnectionView
from andock_marketplace.moving import words
from andock_sdk import Listing
from andock_web import current, formats
from andock_web.language import language
from andock_web.lines import one_line

NOTHING = "-"
"""Stands in the list of choices for that nothing takes over: an empty value would read as none
chosen yet."""


@dataclass(frozen=True)
class Sides:
    """A move with both of its connections as their pages show them."""

    move: Standing
    old: ConnectionView
    new: ConnectionView

    @property
    def switched(self) -> bool:
        """Whether the new one has the place of the old one."""
        return self.move.state == SWITCHED

    @property
    def other_mailbox(self) -> bool:
        """Whether both sides tell their mail address, and they are not the same."""
        both = {side.card.account.strip().casefold() for side in (self.old, self.new)}
        return len(both) > 1 and all("@" in address for address in both)


def standing(connection_id: str) -> Standing | None:
    """The move that a connection of the member has to do with. Raises NotFound."""
    return service.standing(current.core(), current.scope(), connection_id)


def sides(connection_id: str) -> Sides | None:
    """The same with both connections. Raises NotFound."""
    move = standing(connection_id)
    if move is None:
        return None
    return Sides(move, queries.connection(move.old_id), queries.connection(move.new_id))


def movable_to(listing: Listing) -> list[Card]:
    """The member's connections whose mailboxes come to this integration by its own word, each only
    while it can be moved."""
    cards = status.cards(current.core(), current.scope())
    return [
        card
        for card in cards
        if card.integration in listing.moves_from and card.state in IN_USE and not card.to_confirm
    ]


def goals(connection_id: str) -> list[dict[str, str | bool]]:
    """Where a connection can be moved to, for a list of choices."""
    found = service.goals(current.core(), current.scope(), connection_id)
    return [_goal(goal) for goal in found]


def taken(given: Mapping[str, str], names: Iterable[str]) -> dict[str, str]:
    """What the form says takes over, by the old collection's id; "" nothing."""
    said = {name: given.get(f"takes-{name}", "") for name in names}
    return {name: "" if ref == NOTHING else ref for name, ref in said.items()}


def rows(new_id: str) -> list[dict[str, object]]:
    """What is synchronised on the old side, each with what may take over."""
    found = service.rows(current.core(), current.scope(), new_id)
    return [
        {
            "name": f"takes-{row.id}",
            "id": row.id,
            "label": one_line(row.name) or kind(row.kind),
            "kind": row.kind,
            "role": row.role,
            "value": row.proposed or NOTHING,
            "options": [
                {"value": NOTHING, "label": _("Nothing (stays in Andock)")},
                *(
                    {"value": choice.value, "label": one_line(choice.label.to(language()))}
                    for choice in row.offered
                ),
            ],
        }
        for row in found
    ]


def parts(found: Prospect) -> list[dict[str, object]]:
    """Each calendar and folder, from where to where, and what would happen in it."""
    return [
        {
            "kind": part.kind,
            "old": one_line(part.old_name) or kind(part.kind),
            "new": one_line(part.new_name) or kind(part.kind),
            "sentences": words.sentences(part),
        }
        for part in found.parts
    ]


def phase(seen: service.Seen) -> str:
    """How far looking is, in a sentence."""
    if not seen.total:
        return str(_("Looking at what there is on the new side."))
    far = {"done": formats.count(seen.done), "total": formats.count(seen.total)}
    return str(_("%(done)s of %(total)s entries compared", **far))


def kind(name: str) -> str:
    """What a collection without a name is called."""
    if name == "tasks":
        return str(_("A list of tasks"))
    return str(_("A folder of contacts") if name == "contacts" else _("A calendar"))


def _goal(goal: Goal) -> dict[str, str | bool]:
    said = one_line(goal.listing.summary.to(language()), 300)
    return {
        "value": goal.listing.slug,
        "label": one_line(goal.listing.title.to(language())),
        "hint": _("Suggested. %(what)s", what=said) if goal.suggested else said,
    }
