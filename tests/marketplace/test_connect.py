"""Connecting in five steps, by plain forms, with a real plugin."""

import re
from unittest.mock import patch

import pytest
from flask import Flask
from sqlalchemy import update

from andock_core.connections import service, status
from andock_core.host import Catalog
from andock_core.storage import Connection, Run
from tests.connections.world import ACCOUNT, GOOD, OTHER_ACCOUNT, WRONG, World
from tests.marketplace.conftest import Visit
from tests.marketplace.visitor import Visitor, words
from tests.support.memory_plugin import SERVER, SLUG

ANSWERS = {f"answer-{name}": value for name, value in GOOD.items()}
ON = {"answer-calendar_on": "1"}
REFUSED = {f"answer-{name}": value for name, value in WRONG.items()}


@pytest.fixture
def begun(world: World) -> str:
    """A connection that Anna has added: the start of its addresses."""
    return f"/connections/{service.add(world.core, world.anna, SLUG)}"


@pytest.fixture
def ready(world: World) -> str:
    """A connection in use: the start of its addresses."""
    return f"/connections/{world.in_use(world.anna)}"


def _inputs(html: str) -> dict[str, str]:
    """The values of the form's fields."""
    fields = re.findall(r'<input class="input"[^>]*name="answer-(\w+)"[^>]*>', html)
    found = {}
    for name in fields:
        tag = re.search(rf'<input class="input"[^>]*name="answer-{name}"[^>]*>', html)
        value = re.search(r'value="([^"]*)"', tag[0]) if tag else None
        found[name] = value[1] if value else ""
    return found


def _focused(html: str) -> str:
    """The field that the cursor is put into."""
    found = re.search(r'name="answer-(\w+)"[^>]*\bautofocus', html)
    return found[1] if found else ""


def test_the_whole_way(world: World, anna: Visitor) -> None:
    """Add, authorize, search, test, choose, preview, first run: every step by a plain form."""
    page = anna.follow(f"/marketplace/{SLUG}/add")
    access = re.search(r'href="(/connections/\w+/access)"', page)
    assert access
    base = access[1].removesuffix("/access")

    page = anna.get(f"{base}/access")
    assert "Gedächtniskalender verbinden Schritt 1 von 5" in words(page)

    page = anna.follow(f"{base}/access", {**ANSWERS, "answer-server": "", "act": "search"})
    assert "Ihr Server wird gesucht" in words(page)
    world.work()
    page = anna.get(f"{base}/access")
    assert f"Server gefunden: {SERVER}" in words(page)
    assert _inputs(page) == {"user": ACCOUNT, "password": "", "server": SERVER}

    page = anna.follow(f"{base}/access", {**ANSWERS, "act": "test"})
    assert "Wir prüfen die Verbindung" in words(page)
    world.work()
    page = words(anna.get(f"{base}/test"))
    assert "Schritt 2 von 5" in page
    assert "Die Verbindung steht" in page
    assert "Server erreicht 1 ms" in page

    page = anna.get(f"{base}/choice")
    assert "Was soll synchronisiert werden?" in words(page)
    one, other = world.calendars
    assert re.search(rf'type="radio"[^>]*value="{one}" checked', page)

    form = {**ON, "answer-calendar": one, "answer-imports": [other]}
    page = anna.follow(f"{base}/choice", form)
    assert "Ihre Auswahl wird gespeichert" in words(page)
    world.work()
    page = anna.get(f"{base}/preview")
    assert "Schritt 4 von 5" in words(page)
    assert "0 E-Mails werden verschickt." in words(page)
    digest = re.search(r'name="digest" value="(\w+)"', page)
    assert digest
    anna.follow(f"{base}/confirm", {"digest": digest[1]})
    world.work()
    page = words(anna.get(f"{base}/first-run"))
    assert "Schritt 5 von 5" in page
    assert "Alles ist im Gleichschritt" in page
    assert "Zum Kalender" in page
    assert "Verbunden" in words(anna.get(base))


def test_a_wrong_password_keeps_the_rest(world: World, anna: Visitor, begun: str) -> None:
    """The reason and the advice in words, the form as typed, the cursor in the password."""
    anna.follow(f"{begun}/access", REFUSED)
    world.work()
    for address in ("test", "access", "test/part"):
        page = anna.get(f"{begun}/{address}")
        assert "Falsches Passwort Geben Sie es noch einmal ein." in words(page)
        assert _inputs(page) == {"user": ACCOUNT, "password": "", "server": SERVER}
        assert "wr0ng-secret" not in page
    assert _focused(anna.get(f"{begun}/access")) == "password"


def test_the_steps_of_a_failed_test_can_be_seen(world: World, anna: Visitor, begun: str) -> None:
    """What was fine, and where it ended."""
    anna.follow(f"{begun}/access", REFUSED)
    world.work()
    page = words(anna.get(f"{begun}/test"))
    assert "fertig: Server erreicht" in page
    assert "fehlgeschlagen: Angemeldet" in page


def test_a_wrong_server_gets_the_cursor(world: World, anna: Visitor, begun: str) -> None:
    """The message decides where help is needed."""
    anna.follow(f"{begun}/access", {**ANSWERS, "answer-server": "elsewhere.example"})
    world.work()
    page = anna.get(f"{begun}/access")
    assert "Unbekannter Server" in words(page)
    assert _focused(page) == "server"


def test_a_missing_answer_is_asked_for_again(world: World, anna: Visitor, begun: str) -> None:
    """At the field, without a job, and without the password coming back."""
    answer = anna.post(f"{begun}/access", {**ANSWERS, "answer-user": ""})
    assert answer.status_code == 422
    assert "Bitte füllen Sie dieses Feld aus." in words(answer.text)
    assert _focused(answer.text) == "user"
    assert 'value="right"' not in answer.text
    assert world.jobs.jobs == []


def test_what_the_plugin_refuses_is_marked_at_its_field(world: World, anna: Visitor) -> None:
    """An answer that only the plugin can judge."""
    connection_id = service.add(world.core, world.anna, "careful")
    form = {"answer-user": "me", "answer-secret": "s3cret-word", "act": "test"}
    anna.follow(f"/connections/{connection_id}/access", form)
    world.work()
    page = anna.get(f"/connections/{connection_id}/access")
    assert "Diese Auswahl gibt es nicht mehr." in words(page)
    assert _focused(page) == "user"
    assert "s3cret-word" not in page


def test_a_host_of_another_domain_is_asked_about(world: World, anna: Visitor) -> None:
    """It is not filled in until the member has said yes."""
    connection_id = service.add(world.core, world.anna, "careful")
    access = f"/connections/{connection_id}/access"
    anna.follow(access, {"answer-user": "me", "act": "search"})
    world.work()
    page = anna.get(access)
    assert "gehört zu einer anderen Domain" in words(page)
    assert _inputs(page)["server"] == ""
    agreed = anna.post(access, {"answer-user": "me", "act": "use:mail.hoster.example"})
    assert _inputs(agreed.text) == {"user": "me", "secret": "", "server": "mail.hoster.example"}


def test_another_integration_is_offered_with_the_address_carried_over(
    world: World, anna: Visitor
) -> None:
    """One click adds it, its form is filled in, and what was begun here is gone."""
    connection_id = service.add(world.core, world.anna, "careful")
    access = f"/connections/{connection_id}/access"
    anna.follow(access, {"answer-user": "moved", "act": "search"})
    world.work()
    assert "Weiter mit Gedächtniskalender" in words(anna.get(access))
    page = anna.follow(access, {"act": "elsewhere"})
    assert "Gedächtniskalender verbinden" in words(page)
    assert _inputs(page)["user"] == "moved@memory.example"
    assert "n0t-to-be-carried" not in page
    assert anna.look(access).status_code == 404


def test_a_connection_in_use_moves_to_the_right_integration(world: World, anna: Visitor) -> None:
    """Its mailbox was found somewhere else at a reconnect: a second connection would double it."""
    connection_id = world.in_use(world.anna)
    with world.core.storage.write(world.anna) as session:
        session.get_one(Connection, connection_id).integration = "careful"
    access = f"/connections/{connection_id}/access"
    anna.follow(f"/connections/{connection_id}/new-access")
    anna.follow(access, {"answer-user": "moved", "act": "search"})
    world.work()
    page = anna.follow(access, {"act": "elsewhere"})
    assert "Umzug zu Gedächtniskalender Schritt 2 von 5" in words(page)
    assert _inputs(page)["user"] == "moved@memory.example"
    states = [world.row(card.id).state for card in status.cards(world.core, world.anna)]
    assert sorted(states) == ["active", "moving"]


def test_an_integration_that_is_not_installed_is_not_offered(world: World, anna: Visitor) -> None:
    """The words alone are shown, and a made-up click gets nowhere."""
    connection_id = service.add(world.core, world.anna, "careful")
    access = f"/connections/{connection_id}/access"
    anna.follow(access, {"answer-user": "lost", "act": "search"})
    world.work()
    assert 'value="elsewhere"' not in anna.get(access)
    anna.follow(access, {"act": "elsewhere"})
    assert len(status.cards(world.core, world.anna)) == 1


def test_a_search_that_finds_nothing_says_so(world: World, anna: Visitor, begun: str) -> None:
    """In the integration's words."""
    anna.follow(f"{begun}/access", {"answer-user": "no-domain", "act": "search"})
    world.work()
    assert "Unbekannter Server" in words(anna.get(f"{begun}/access"))


def test_a_script_gets_an_address_to_watch(world: World, anna: Visitor, begun: str) -> None:
    """The search goes on beside the form, which stays as it is."""
    token = re.search(r'name="csrf_token" value="([^"]+)"', anna.get(f"{begun}/access"))
    assert token
    answer = anna.client.post(
        f"{begun}/access",
        data={**ANSWERS, "act": "search", "csrf_token": token[1]},
        headers={"Accept": "application/json"},
    )
    watch = answer.get_json()["watch"]
    assert "data-watch" in anna.get(watch)
    world.work()
    part = anna.get(watch)
    assert "data-watch" not in part
    assert f'data-found="{SERVER}"' in part


def test_a_double_click_on_test_signs_in_once(world: World, anna: Visitor, begun: str) -> None:
    """Two posts, one job."""
    anna.follow(f"{begun}/access", ANSWERS)
    anna.follow(f"{begun}/access", ANSWERS)
    assert len(world.jobs.jobs) == 1


def test_steps_cannot_be_skipped(anna: Visitor, begun: str) -> None:
    """Each leads back to the one that is missing."""
    for step in ("test", "choice", "first-run", ""):
        assert "Schritt 1 von 5" in words(anna.get(f"{begun}/{step}".rstrip("/")))


def test_nothing_chosen_is_said_on_the_choice(world: World, anna: Visitor, begun: str) -> None:
    """The page after saving is the choice again."""
    anna.follow(f"{begun}/access", ANSWERS)
    world.work()
    anna.follow(f"{begun}/choice", {**ON, "answer-calendar": ""})
    world.work()
    page = words(anna.get(f"{begun}/first-run"))
    assert "Es ist noch nichts ausgewählt." in page
    assert "Schritt 3 von 5" in page


def test_a_made_up_calendar_is_refused(world: World, anna: Visitor, begun: str) -> None:
    """At its question."""
    anna.follow(f"{begun}/access", ANSWERS)
    world.work()
    answer = anna.post(f"{begun}/choice", {**ON, "answer-calendar": "cal-99"})
    assert answer.status_code == 422
    assert "Diese Auswahl gibt es nicht mehr." in words(answer.text)


def test_the_second_one_calendar_is_explained(world: World, anna: Visitor, ready: str) -> None:
    """What holds it, and what to do."""
    second = world.tested(world.anna, {**GOOD, "user": OTHER_ACCOUNT})
    assert second.form is not None
    one = second.form.fields[1].choices[1].value
    base = f"/connections/{second.connection_id}"
    anna.follow(f"{base}/choice", {**ON, "answer-calendar": one})
    world.work()
    page = anna.get(f"{base}/choice")
    assert "Den einen Kalender hat schon eine andere Verbindung." in words(page)
    assert re.search(rf'type="radio"[^>]*value="{one}" checked', page)


def test_a_connections_page(world: World, anna: Visitor, ready: str) -> None:
    """How it is, whose it is, what is synchronised."""
    page = words(anna.get(ready))
    for part in (ACCOUNT, "Verbunden", "Kalender Der eine Kalender", "Familie Importiert"):
        assert part in page
    assert "Zuletzt synchronisiert: heute" in page


def test_a_run_at_a_click(world: World, anna: Visitor, ready: str) -> None:
    """The page says that it is under way, and looks again until it has ended."""
    page = anna.follow(f"{ready}/sync")
    assert "Eine Synchronisation läuft." in words(page)
    assert f'data-watch="{ready}/now"' in page
    world.work()
    part = anna.get(f"{ready}/now")
    assert "data-watch" not in part
    assert "Auf keiner Seite gab es etwas Neues." in words("<main>" + part)


def test_a_password_that_stopped_working(world: World, anna: Visitor, ready: str) -> None:
    """Attention, in words and with the button that mends it; then all is well again."""
    world.memory.add_account(ACCOUNT, "changed")
    anna.follow(f"{ready}/sync")
    world.work()
    for address in (ready, "/marketplace/mine"):
        page = anna.get(address)
        assert "Braucht Aufmerksamkeit" in words(page)
        assert "Falsches Passwort" in words(page)
        assert f'href="{ready}/access"' in page
    assert "Braucht Aufmerksamkeit" in words(anna.get("/marketplace/"))

    page = anna.get(f"{ready}/access")
    assert "neu verbinden Schritt 1 von 2" in words(page)
    assert _inputs(page) == {"user": ACCOUNT, "password": "", "server": SERVER}
    anna.follow(f"{ready}/access", {**ANSWERS, "answer-password": "changed"})
    world.work()
    assert "Fertig" in words(anna.get(f"{ready}/test"))
    assert "Verbunden" in words(anna.get(ready))


def test_another_account_is_refused_in_words(world: World, anna: Visitor, ready: str) -> None:
    """And the connection works on."""
    anna.follow(f"{ready}/access", {**ANSWERS, "answer-user": OTHER_ACCOUNT})
    world.work()
    assert "Das ist ein anderes Konto." in words(anna.get(f"{ready}/test"))
    assert "Verbunden" in words(anna.get(ready))


def test_another_choice(world: World, anna: Visitor, ready: str) -> None:
    """The calendars are read live; the present choice is marked."""
    page = anna.follow(f"{ready}/choice/read")
    assert "Ihre Kalender werden gelesen" in words(page)
    world.work()
    page = anna.get(f"{ready}/choice")
    assert "Auswahl ändern" in words(page)
    assert re.search(rf'type="checkbox"[^>]*value="{world.calendars[1]}" checked', page)
    anna.follow(f"{ready}/choice", {**ON, "answer-calendar": world.calendars[0]})
    world.work()
    assert "Familie" not in words(anna.get(ready))


def test_choices_that_cannot_be_read(world: World, anna: Visitor, ready: str) -> None:
    """The reason, another try, and the way to the access."""
    world.memory.add_account(ACCOUNT, "changed")
    anna.follow(f"{ready}/choice/read")
    world.work()
    page = words(anna.get(f"{ready}/choice"))
    assert "Falsches Passwort" in page
    assert "Zugang ändern Kalender lesen" in page


def test_disconnecting_names_what_goes(world: World, anna: Visitor, ready: str) -> None:
    """First a page that asks, then a sentence that it is done."""
    page = words(anna.get(f"{ready}/disconnect"))
    assert "Der gespeicherte Zugang wird vernichtet." in page
    assert "Ihre eigenen Andock-Termine, Kontakte" in page
    page = words(anna.follow(f"{ready}/disconnect", {"entries": "keep"}))
    assert "Gedächtniskalender ist getrennt. Der Zugang ist vernichtet." in page
    assert "Noch ist nichts verbunden" in page
    assert status.cards(world.core, world.anna) == []


def test_disconnecting_takes_a_clear_answer(world: World, anna: Visitor, ready: str) -> None:
    """A form without the answer does nothing."""
    assert anna.post(f"{ready}/disconnect").status_code == 400
    assert len(status.cards(world.core, world.anna)) == 1


def test_a_plugin_that_is_gone(world: World, anna: Visitor, ready: str) -> None:
    """Its connections say so, lead nowhere dead, and can be let go of."""
    empty = Catalog()
    with patch("andock_core.host.catalog.installed", return_value=[]):
        empty.all()
    world.core.catalog = empty
    for address in (ready, "/marketplace/mine", f"{ready}/access", f"{ready}/choice"):
        assert "Diese Integration ist nicht mehr installiert." in words(anna.get(address))
    assert "Noch ist keine Integration installiert" in words(anna.get("/marketplace/"))
    anna.follow(f"{ready}/disconnect", {"entries": "keep"})
    assert status.cards(world.core, world.anna) == []


def test_a_run_that_was_held(world: World, anna: Visitor, ready: str) -> None:
    """The page says so, and what it means."""
    with world.core.storage.write(world.anna) as session:
        session.execute(update(Run).values(state="held"))
    assert "deshalb angehalten" in words(anna.get(f"{ready}/first-run"))
    assert "deshalb angehalten" in words(anna.get(ready))


def test_without_a_queue_the_member_is_told(world: World, anna: Visitor, begun: str) -> None:
    """A sentence, not a failure."""
    world.jobs.down = True
    page = words(anna.follow(f"{begun}/access", ANSWERS))
    assert "Arbeiten im Hintergrund sind gerade nicht möglich." in page


def test_nobody_else_gets_anywhere(world: World, visit: Visit, app: Flask, ready: str) -> None:
    """Every address of a connection is 404 for a colleague and for another company."""
    rules = [rule for rule in app.url_map.iter_rules() if "connection_id" in rule.arguments]
    assert len(rules) > 10
    connection_id = ready.rpartition("/")[2]
    for scope in (world.ben, world.zoe):
        stranger = visit(scope)
        for rule in rules:
            path = rule.rule.replace("<connection_id>", connection_id)
            for method in rule.methods or ():
                if method == "GET":
                    assert stranger.look(path).status_code == 404, path
                elif method == "POST":
                    form = {"entries": "remove", **ANSWERS}
                    assert stranger.post(path, form).status_code == 404, path
    assert len(status.cards(world.core, world.anna)) == 1


def test_nobody_without_a_sign_in(app: Flask, ready: str) -> None:
    """Everything here needs one."""
    for path in ("/marketplace/", "/marketplace/mine", f"/marketplace/{SLUG}/icon.svg", ready):
        answer = app.test_client().get(path)
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/sign-in")


def test_the_same_way_in_english(world: World, visit: Visit, begun: str) -> None:
    """Words of the pages, the plugin, and its errors."""
    anna = visit(world.anna, "en")
    assert "Connect Memory Calendar Step 1 of 5" in words(anna.get(f"{begun}/access"))
    anna.follow(f"{begun}/access", REFUSED)
    world.work()
    assert "Wrong password Type it again." in words(anna.get(f"{begun}/test"))
    anna.follow(f"{begun}/access", ANSWERS)
    world.work()
    assert "The connection works" in words(anna.get(f"{begun}/test"))
