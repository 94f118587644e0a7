"""What the pages of the marketplace show: integrations, and the member's connections to them."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from andock_core.authorizing import operator
from andock_core.connections import status
from andock_core.governance import requests, rules
from andock_core.governance.requests import Asked
from andock_core.governance.rules import State
from andock_core.host import Listed
from andock_core.storage import Connection, Scope
from andock_marketplace.catalog.search import Indexed, index, search
from andock_marketplace.words import CATEGORIES

if TYPE_CHECKING:
    from andock_core.core import Core

CATEGORY_WORDS = {
    "calendar": ("calendar", "Kalender", "Termine"),
    "contacts": ("contacts", "Kontakte", "Adressbuch"),
    "tasks": ("tasks", "Aufgaben"),
}


@dataclass(frozen=True)
class Offer:
    """An integration as one card, with what the member has of it. `may`: whether they may add it
    (on, request, off); `asked`: their newest request for it. `waits`: nobody can, because whoever
    runs Andock has not set it up."""

    listed: Listed
    connections: tuple[status.Card, ...]
    may: State = "on"
    asked: Asked | None = None
    waits: bool = False

    @property
    def connected(self) -> bool:
        """Whether a connection works."""
        return any(card.state == "active" and not card.stopped for card in self.connections)

    @property
    def needs_attention(self) -> bool:
        """Whether a connection needs a hand."""
        return any(
            card.stopped != "company" and (card.state == "attention" or card.stopped == "access")
            for card in self.connections
        )

    @property
    def begun(self) -> bool:
        """Whether a connection was added and is not yet in use."""
        return any(card.state in ("added", "authorized") for card in self.connections)


@dataclass(frozen=True)
class Found:
    """The answer to a search. `counts`: how many were found per category, "" for all; only
    categories that some integration here belongs to. `governed`: the member may not add all."""

    query: str
    category: str
    offers: tuple[Offer, ...]
    counts: dict[str, int]
    governed: bool = False


def find(core: "Core", scope: Scope, query: str, category: str) -> Found:
    """Integrations that match the query and lie in the category (an unknown one: in any)."""
    offered = [listed for listed in core.catalog.all() if not listed.off]
    everything = sorted(offered, key=lambda listed: bool(listed.broken))
    hits = search(query, [_indexed(listed) for listed in everything])
    counted = Counter(name for listed in hits for name in _categories(listed))
    present = {name for listed in everything for name in _categories(listed)}
    counts = {"": len(hits), **{name: counted[name] for name in CATEGORIES if name in present}}
    category = category if category in counts else ""
    cards = status.cards(core, scope)
    may = rules.allowed(core, scope)
    asked = requests.mine(core, scope)
    return Found(
        query=query.strip(),
        category=category,
        offers=tuple(
            _offer(core, listed, cards, may(listed.slug), asked)
            for listed in hits
            if not category or category in _categories(listed)
        ),
        counts=counts,
        governed=any(may(listed.slug) != "on" for listed in everything),
    )


def offer(core: "Core", scope: Scope, slug: str) -> Offer | None:
    """One integration, None when there is none of that name."""
    listed = core.catalog.get(slug)
    if listed is None:
        return None
    may = rules.allowed(core, scope)(slug)
    return _offer(core, listed, status.cards(core, scope), may, requests.mine(core, scope))


def used_by(core: "Core", scope: Scope, slug: str) -> int:
    """How many members of this tenant are connected."""
    with core.storage.read(scope) as session:
        count = session.scalar(
            select(func.count(func.distinct(Connection.owner_id))).where(
                Connection.integration == slug, Connection.state.in_(("active", "attention"))
            )
        )
    return count or 0


def _offer(
    core: "Core",
    listed: Listed,
    cards: list[status.Card],
    may: State,
    asked: Mapping[str, Asked],
) -> Offer:
    mine = tuple(card for card in cards if card.integration == listed.slug)
    waits = listed.listing is not None and bool(operator.missing(core, listed.listing))
    return Offer(listed, mine, may, asked.get(listed.slug), waits)


def _categories(listed: Listed) -> tuple[str, ...]:
    return listed.listing.categories if listed.listing else ()


def _indexed(listed: Listed) -> Indexed[Listed]:
    if listed.listing is None:
        return index(listed, (3, [listed.name, listed.slug, listed.distribution]))
    about = listed.listing
    kinds = [word for name in about.categories for word in CATEGORY_WORDS[name]]
    return index(
        listed,
        (3, about.title.every()),
        (2, [*about.keywords, *kinds, *about.works_with.every(), about.publisher]),
        (1, [*about.summary.every(), *about.description.every()]),
    )
