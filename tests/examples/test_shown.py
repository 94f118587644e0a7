"""The marketplace shows each plugin for what it is, and a plugin's words as words."""

import ast
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from flask import Flask, url_for
from sqlalchemy import update

import andock_marketplace
from andock_core.connections import service
from andock_core.host import Catalog
from andock_core.host.catalog import Listed, arrange
from andock_core.host.cleaning import UNSEEN
from andock_core.host.probing import Finding
from andock_core.host.reasons import Reason
from andock_core.host.sources import Source
from andock_core.storage import SYSTEM, Connection, Member
from andock_web.app import create_app
from andock_web.areas import register_areas
from tests.connections.world import World
from tests.examples.packages import EXAMPLES, SUBSCRIPTION
from tests.host.odd_plugins import listing
from tests.marketplace.visitor import Visitor, words

SECRETS = ("hunter2-in-an-exception", "an exception's words may hold a secret")
MARKUP = re.compile(r"<script>alert|<img src=x|<[^>]*(?:href|src|action)=.javascript")
HOSTILE = "hostile-calendar"


def named(catalog: Catalog, point: str) -> Listed:
    """What the catalog says of an entry point."""
    (found,) = [listed for listed in catalog.all() if listed.name == point]
    return found


@pytest.mark.parametrize(
    ("point", "reason"),
    [
        ("icalendar_subscription", ""),
        ("broken_calendar", "fails when it is loaded: RuntimeError (andock_broken_calendar.py:"),
        ("outdated_calendar", "made for contract 0 (andock-sdk <1,>=0.8), this Andock speaks"),
        ("leaver", "ended without an answer"),
        ("liar", "describe returned dict, not a Listing"),
        ("talker", ""),
    ],
)
def test_each_is_known_for_what_it_is(catalog: Catalog, point: str, reason: str) -> None:
    """With a reason for the operator that repeats nothing of what an exception said."""
    found = named(catalog, point)
    assert found.broken.startswith(reason)
    assert bool(found.broken) == bool(reason)
    assert not any(secret in found.broken for secret in SECRETS)


def test_a_newcomer_does_not_take_a_name_that_is_known(catalog: Catalog) -> None:
    """Not even one whose package comes first: it would get the other's connections."""
    old, new = Source("b-old", "p", "b:p"), Source("a-new", "p", "a:p")
    good = Finding(listing=listing())
    listed = arrange([(new, good), (old, good)], {"odd": old})
    assert [(one.distribution, one.broken) for one in listed] == [
        ("a-new", "the name odd is taken by b-old"),
        ("b-old", ""),
    ]
    broken = arrange([(new, good), (old, Finding(broken=Reason("load.ended")))], {"odd": old})
    assert all(one.broken for one in broken), "a broken owner keeps its name"


@pytest.fixture
def app(world: World) -> Flask:
    """All pages there are."""
    made = create_app(world.core)
    register_areas(made)
    andock_marketplace.register(made)
    return made


def pages(app: Flask, connection_id: str) -> Iterator[str]:
    """Every address that can be opened with a connection's id, an integration's name or nothing."""
    values = {"connection_id": connection_id, "slug": HOSTILE}
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if "GET" in (rule.methods or ()) and rule.arguments <= set(values):
                known: dict[str, Any] = {name: values[name] for name in rule.arguments}
                yield url_for(rule.endpoint, **known)


def test_a_plugins_words_are_words_on_every_page(world: World, app: Flask) -> None:
    """Neither markup nor addresses that run something, no characters that turn the text around
    them about; in both languages, for a member who is an admin, in every state of a connection."""
    core, anna = world.core, world.anna
    connection_id = service.add(core, anna, HOSTILE)
    with core.storage.write(SYSTEM) as session:
        session.execute(update(Member).where(Member.id == anna.member_id).values(role="admin"))
    seen = 0
    for state, language in (("added", "en"), ("active", "de"), ("attention", "en")):
        with core.storage.write(SYSTEM) as session:
            session.execute(update(Connection).values(state=state, error="evil"))
        visitor = Visitor(app, anna, language)
        for path in pages(app, connection_id):
            answer = visitor.client.get(path)
            text = answer.get_data(as_text=True)
            if answer.mimetype != "text/html" or "alert(" not in text:
                continue
            seen += 1
            assert not MARKUP.search(text), path
            assert not UNSEEN.search(text), path
    assert seen >= 12, f"evil words on {seen} pages: does the test still look at the right ones?"


def test_huge_words_do_not_fill_the_marketplace(world: World, app: Flask) -> None:
    """A card is a card."""
    browse = words(Visitor(app, world.anna, "en").get("/marketplace/"))
    card = browse[browse.index("Hostile Calendar") :]
    assert "Calendar Subscription" in browse
    assert len(card.split("endless")[0]) < 2000


def test_the_icon_is_an_image_and_nothing_else(world: World, app: Flask) -> None:
    """Opened by itself it may do nothing."""
    answer = Visitor(app, world.anna).look(f"/marketplace/{HOSTILE}/icon.svg")
    assert answer.mimetype == "image/svg+xml"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_marketplace_shows_all_of_them(world: World, app: Flask, language: str) -> None:
    """Those that do not work with their reason, after those that do."""
    shown = words(Visitor(app, world.anna, language).get("/marketplace/"))
    title, reason, other = {
        "de": ("Kalenderabo", "für Vertrag 0 (andock-sdk <1,>=0.8) geschrieben", "made for"),
        "en": ("Calendar Subscription", "made for contract 0 (andock-sdk <1,>=0.8)", "für Vertrag"),
    }[language]
    assert other not in shown
    order = [shown.index(words_) for words_ in (title, "broken_calendar", reason)]
    assert order[0] < min(order[1:])
    assert not any(secret in unescape(shown) for secret in SECRETS)


def test_the_subscription_knows_the_sdk_and_nothing_else_of_andock() -> None:
    """As any third party's plugin."""
    ours = set()
    for path in (EXAMPLES / SUBSCRIPTION / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                ours |= {name.name for name in node.names}
            elif isinstance(node, ast.ImportFrom):
                ours.add(node.module or "")
    ours = {name.partition(".")[0] for name in ours if name.startswith("andock")}
    assert ours == {"andock_sdk", "andock_icalendar_subscription"}
