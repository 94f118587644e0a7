"""The preview and the settings as pages, by plain forms."""

import re

import pytest

from andock_core.connections import agreeing
from andock_sdk import Contact
from tests.connections.world import ACCOUNT, World
from tests.marketplace.conftest import Visit
from tests.marketplace.visitor import Visitor, words
from tests.pages.site import all_of_it
from tests.runs.stage import appointment

FORM = {
    "direction": "both",
    "winner": "theirs",
    "months_back": "3",
    "months_ahead": "24",
    "invitations": "",
    "new_visible": "",
}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """On SQLite."""
    return sqlite_url


@pytest.fixture
def base(world: World) -> str:
    """The start of the addresses of a connection in use."""
    return f"/connections/{world.in_use(world.anna)}"


def test_the_settings_stand_in_whole_sentences(anna: Visitor, base: str) -> None:
    """On their own page to choose from, on the connection's page as they hold."""
    page = words(anna.get(f"{base}/settings"))
    assert "Andock und Gedächtniskalender halten sich gegenseitig auf dem Laufenden." in page
    assert "Andock verschickt keine E-Mails in Ihrem Namen." in page
    assert "Andock sieht 3 Monate zurück und 24 Monate voraus." in words(anna.get(base))


def test_bad_input_is_told_at_its_field(anna: Visitor, base: str) -> None:
    """What was typed stays, nothing is saved."""
    answer = anna.post(f"{base}/settings", {**FORM, "months_back": "13", "direction": "in"})
    assert answer.status_code == 422
    field = re.search(r'<input[^>]*name="months_back"[^>]*>', answer.text)
    assert field
    assert 'aria-invalid="true"' in field[0]
    assert 'value="13"' in field[0]
    assert 'max="12"' in field[0]
    assert "Diese Zahl ist zu klein oder zu groß." in words(answer.text)
    assert 'value="both" checked' in anna.get(f"{base}/settings")


def test_other_settings_lead_to_their_preview(world: World, anna: Visitor, base: str) -> None:
    """Nothing runs until it was agreed to; the connection's page leads there."""
    world.memory.put(world.calendars[0], appointment("Zahnarzt"))
    page = anna.follow(f"{base}/settings", {**FORM, "direction": "in", "months_ahead": "36"})
    assert "Wir sehen nach, was geschehen würde" in words(page)
    assert f'data-watch="{base}/preview/part"' in page
    for address in (base, "/marketplace/mine"):
        assert f'href="{base}/preview"' in anna.get(address)
    assert anna.post(f"{base}/sync").location.endswith("/preview")
    world.work()
    page = anna.get(f"{base}/preview")
    assert "data-watch" not in page
    assert "1 Eintrag kommt nach Andock. Kalender: 1 Zahnarzt (" in words(page)
    assert "0 E-Mails werden verschickt." in words(page)
    assert "Geändert 0 Gelöscht 0 E-Mails 0" in words(page)
    digest = re.search(r'name="digest" value="(\w+)"', page)
    assert digest
    anna.follow(f"{base}/confirm", {"digest": digest[1]})
    world.work()
    page = words(anna.get(base))
    assert "Andock übernimmt, was in Gedächtniskalender geschieht" in page
    assert "1 Änderung kam herein" in page


def test_a_preview_of_other_settings_is_not_agreed_to(
    world: World, anna: Visitor, base: str
) -> None:
    """The page says so, and shows the one that counts."""
    anna.follow(f"{base}/settings", {**FORM, "direction": "in"})
    world.work()
    page = anna.get(f"{base}/preview")
    digest = re.search(r'name="digest" value="(\w+)"', page)
    assert digest
    anna.follow(f"{base}/settings", {**FORM, "direction": "out"})
    page = words(anna.follow(f"{base}/confirm", {"digest": digest[1]}))
    assert "Seit dieser Vorschau wurde etwas geändert." in page
    assert "Wir sehen nach, was geschehen würde" in page


@pytest.mark.more
def test_who_wins_is_saved_at_once(anna: Visitor, base: str) -> None:
    """It changes nothing that a preview could show."""
    page = anna.follow(f"{base}/settings", {**FORM, "winner": "ours"})
    assert "Ihre Einstellungen sind gespeichert." in words(page)
    assert 'value="ours" checked' in page


def test_a_server_that_is_away_is_told_and_tried_again(
    world: World, anna: Visitor, base: str
) -> None:
    """In the words for its error; the next look is fine."""
    world.memory.fail("changes", "before")
    anna.follow(f"{base}/settings", {**FORM, "direction": "in"})
    world.work()
    page = words(anna.get(f"{base}/preview"))
    assert "Die Gegenseite antwortet gerade nicht." in page
    assert "Noch einmal versuchen" in page
    anna.follow(f"{base}/preview")
    world.work()
    assert "Das wird geschehen" in words(anna.get(f"{base}/preview"))


def test_without_a_preview_there_is_a_button_for_it(world: World, anna: Visitor, base: str) -> None:
    """When the queue was away, or its hour is over."""
    world.jobs.down = True
    anna.follow(f"{base}/settings", {**FORM, "direction": "in"})
    world.jobs.down = False
    assert "Vorschau zeigen" in words(anna.get(f"{base}/preview"))
    anna.follow(f"{base}/preview")
    world.work()
    assert "Beide Seiten sind schon gleich." in words(anna.get(f"{base}/preview"))


def test_the_sync_icon_leads_to_the_preview(world: World, base: str) -> None:
    """The card on the calendar has a way there instead of a run."""
    connection_id = base.rpartition("/")[2]
    whole = Visitor(all_of_it(world.core), world.anna)
    assert f'data-sync="{connection_id}"' in whole.get("/calendar/")
    agreeing.save_preferences(world.core, world.anna, connection_id, {"direction": "in"})
    page = whole.get("/calendar/")
    assert f'href="{base}/preview"' in page
    assert "data-sync=" not in page
    answer = whole.post(f"/calendar/sync/{connection_id}")
    assert answer.status_code == 409
    assert answer.get_json()["title"] == "Eine Vorschau wartet auf Sie."


def test_all_agreed_leads_on(anna: Visitor, base: str) -> None:
    """There is nothing to confirm."""
    assert "So wird synchronisiert" in words(anna.get(f"{base}/preview"))


@pytest.mark.more
def test_a_preview_in_english_with_contacts(world: World, visit: Visit, base: str) -> None:
    """Numbers, places, examples."""
    folder = world.memory.add_contacts(ACCOUNT, "People", default=True)
    for name in ("Nina Falk", "Omar Diaz", "Pia Lund", "Quentin Roy"):
        world.memory.put(folder, Contact(display_name=name))
    anna = visit(world.anna, "en")
    anna.follow(f"{base}/choice/read")
    world.work()
    form = {
        "answer-calendar_on": "1",
        "answer-calendar": world.calendars[0],
        "answer-contacts_on": "1",
        "answer-contacts": folder,
    }
    anna.follow(f"{base}/choice", form)
    world.work()
    page = words(anna.get(f"{base}/preview"))
    assert "4 items come into Andock. People: 4" in page
    assert "and 1 more" in page
    assert "0 e-mails will be sent." in page


def test_titles_are_the_owners_alone(world: World, visit: Visit, base: str) -> None:
    """A colleague finds nothing there."""
    world.memory.put(world.calendars[0], appointment("Zahnarzt"))
    agreeing.save_preferences(world.core, world.anna, base.rpartition("/")[2], {"direction": "in"})
    world.work()
    for path in ("preview", "preview/part", "settings"):
        assert visit(world.ben).look(f"{base}/{path}").status_code == 404
