"""The level of the contract that a plugin claims, on its card and its page."""

import pytest

from andock_core.host import Catalog
from tests.connections.world import World
from tests.marketplace.conftest import Visit
from tests.marketplace.visitor import Visitor, words
from tests.support.memory_plugin import SLUG


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Browsing asks the database next to nothing: once is enough."""
    return sqlite_url


def test_the_catalog_knows_the_claim(catalog: Catalog) -> None:
    """Only of those that claim something, and not of what is broken."""
    found = {one.name: (one.level, one.exempt) for one in catalog.all()}
    assert found["tests.marketplace.plugins:careful"] == ("silver", ("no-mail",))
    assert found["tests.marketplace.plugins:broken"] == ("", ())
    assert found["tests.support.memory_plugin:integration"] == ("", ())


def test_a_card_shows_the_level_of_those_that_have_one(anna: Visitor) -> None:
    assert "Geprüft: Silber" in words(anna.get("/marketplace/?q=vorsichtig"))
    assert "Geprüft" not in words(anna.get("/marketplace/?q=gedächtniskalender"))


def test_a_page_says_what_the_level_means_in_german(anna: Visitor) -> None:
    page = words(anna.get("/marketplace/careful"))
    assert "Geprüft Silber" in page
    assert "Sie übersteht Ausfälle der anderen Seite" in page
    assert "Sie lässt 1 Prüfung aus und sagt, warum." in page


def test_a_page_says_what_the_level_means_in_english(world: World, visit: Visit) -> None:
    page = words(visit(world.anna, "en").get("/marketplace/careful"))
    assert "Tested Silver" in page
    assert "It leaves out 1 test and says why." in page


def test_a_page_without_a_level_says_nothing_of_it(anna: Visitor) -> None:
    assert "Geprüft" not in words(anna.get(f"/marketplace/{SLUG}"))
