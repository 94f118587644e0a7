"""Browsing: the list, the search, a page per integration, adding."""

import pytest

from andock_marketplace.catalog import queries
from tests.connections.world import World
from tests.marketplace.conftest import Visit
from tests.marketplace.plugins import HOSTILE
from tests.marketplace.visitor import Visitor, words
from tests.support.memory_plugin import SLUG


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Browsing asks the database next to nothing: once is enough."""
    return sqlite_url


def test_the_profile_menu_leads_there(anna: Visitor) -> None:
    """Integrations, in the member's language."""
    assert ">Integrationen<" in anna.get("/marketplace/").replace("\n", "")


def test_everything_is_listed_at_first(anna: Visitor) -> None:
    """Three plugins: two that work, one that does not, which comes last."""
    page = words(anna.get("/marketplace/"))
    assert "Gedächtniskalender" in page
    assert page.index("Gedächtniskalender") < page.index("tests.marketplace.plugins:broken")


def test_a_search_works_without_a_script(anna: Visitor) -> None:
    """The form is a plain GET; a typo is forgiven, the count is a sentence."""
    page = words(anna.get("/marketplace/?q=gedächtniskalnder"))
    assert "1 Integration passt zu „gedächtniskalnder“" in page
    assert "Vorsichtig" not in page


def test_the_script_gets_the_part_alone(anna: Visitor) -> None:
    """The same results, without the frame."""
    part = anna.get("/marketplace/results?q=memory")
    assert "Gedächtniskalender" in part
    assert "<html" not in part


def test_english_words_find_it_too(world: World, visit: Visit) -> None:
    """Whatever language the page speaks."""
    page = words(visit(world.anna, "en").get("/marketplace/?q=gedächtnis"))
    assert "1 integration matches “gedächtnis”" in page
    assert "Memory Calendar" in page


def test_categories_have_counts(anna: Visitor) -> None:
    """Of what the search found; an unknown category shows all."""
    assert "Alle 3 Kalender 1 Kontakte 1" in words(anna.get("/marketplace/"))
    assert "Alle 1 Kalender 1 Kontakte 0" in words(anna.get("/marketplace/?q=memory"))
    only = words(anna.get("/marketplace/?category=contacts"))
    assert "Vorsichtig" in only
    assert "Gedächtniskalender" not in only
    assert "3 Integrationen" in words(anna.get("/marketplace/?category=nonsense"))


def test_nothing_found_says_what_to_do(anna: Visitor) -> None:
    """And offers the way back."""
    page = words(anna.get("/marketplace/?q=xyzxyz"))
    assert "0 Integrationen passen" in page
    assert "Nichts gefunden" in page
    assert "Alle Integrationen zeigen" in page


def test_a_broken_plugin_is_shown_with_its_reason(anna: Visitor) -> None:
    """It cannot be added; the others are not affected."""
    page = words(anna.get("/marketplace/?q=broken"))
    assert "Funktioniert nicht" in page
    assert "Grund:" in page


def test_a_plugins_words_are_no_markup(anna: Visitor) -> None:
    """Whatever they contain, it is shown as text."""
    for path in ("/marketplace/", "/marketplace/careful"):
        page = anna.get(path)
        assert HOSTILE not in page
        assert "&lt;script&gt;" in page


def test_a_query_is_no_markup(anna: Visitor) -> None:
    """Neither is what the member types."""
    assert "<script>alert" not in anna.get("/marketplace/?q=<script>alert(1)</script>")


def test_the_picture_can_do_nothing(anna: Visitor) -> None:
    """An image in a sandbox, also when it is opened by itself."""
    answer = anna.look(f"/marketplace/{SLUG}/icon.svg")
    assert answer.mimetype == "image/svg+xml"
    policy = answer.headers["Content-Security-Policy"]
    assert "sandbox" in policy
    assert "default-src 'none'" in policy
    assert f'<img class="picture picture-medium" src="/marketplace/{SLUG}/icon.svg"' in anna.get(
        "/marketplace/"
    )


def test_a_page_per_integration(anna: Visitor) -> None:
    """Who publishes it, what it asks for, where data go, and the one thing to do."""
    page = words(anna.get(f"/marketplace/{SLUG}"))
    for part in ("von Andock tests", "Worum die Integration bittet", "Lesen und schreiben"):
        assert part in page
    assert "Deutsch, Englisch" in page
    assert "Einer Datei auf dieser Maschine" in page
    assert "Hinzufügen" in page


def test_what_is_not_there_is_not_found(anna: Visitor) -> None:
    """Neither page nor picture, and nothing to add."""
    assert anna.look("/marketplace/nothing").status_code == 404
    assert anna.look("/marketplace/nothing/icon.svg").status_code == 404
    assert anna.post("/marketplace/nothing/add").status_code == 404


def test_adding_leads_to_authorizing(anna: Visitor) -> None:
    """The same page then has the next step; so have my integrations."""
    page = words(anna.follow(f"/marketplace/{SLUG}/add"))
    assert "Hinzugefügt. Autorisieren Sie als Nächstes den Zugang." in page
    assert "Noch nicht autorisiert Autorisieren" in page
    assert "Meine Integrationen 1" in words(anna.get("/marketplace/"))
    assert "Autorisieren Entfernen" in words(anna.get("/marketplace/mine"))


def test_adding_needs_a_form_of_ours(anna: Visitor) -> None:
    """Another site cannot add anything in the member's name."""
    assert anna.client.post(f"/marketplace/{SLUG}/add").status_code == 400
    assert "Noch ist nichts verbunden" in words(anna.get("/marketplace/mine"))


def test_a_connection_shows_in_the_list(world: World, anna: Visitor) -> None:
    """A chip says how it is; the page leads to it."""
    connection_id = world.in_use(world.anna)
    assert "Verbunden Kalender" in words(anna.get("/marketplace/"))
    detail = anna.get(f"/marketplace/{SLUG}")
    assert f'href="/connections/{connection_id}"' in detail
    assert "1 Person hier" in words(detail)


def test_how_many_use_it_stays_in_the_company(world: World, visit: Visit) -> None:
    """Another company's connections do not count."""
    world.in_use(world.anna)
    assert queries.used_by(world.core, world.ben, SLUG) == 1
    assert queries.used_by(world.core, world.zoe, SLUG) == 0
    assert "Verbunden" not in words(visit(world.ben).get("/marketplace/"))
