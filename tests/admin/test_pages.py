"""The administration's pages, and what members see of what is decided there."""

import re

from flask import Flask

from andock_core.connections import service
from andock_core.governance import deciding, requests, rules, standing
from andock_core.governance.rules import Rule
from andock_core.host import Catalog, breaker
from tests.connections.world import ACCOUNT, World
from tests.marketplace.visitor import Visitor, words
from tests.support.memory_plugin import SLUG

PAGES = (
    "/admin/integrations",
    f"/admin/integrations/{SLUG}",
    "/admin/requests",
    "/admin/connections",
    "/admin/repairs",
)
DETAIL = f"/marketplace/{SLUG}"


def test_to_a_member_there_are_no_such_pages(app: Flask, anna: Visitor, ben: Visitor) -> None:
    """Nor does the menu lead there. The style is a file like any other."""
    stranger = app.test_client()
    assert "Verwaltung" not in anna.get("/marketplace/")
    assert "Verwaltung" in ben.get("/marketplace/")
    (style,) = re.findall(r'href="(/admin/static/[^"]+)"', ben.get(PAGES[0]))
    for client in (ben.client, stranger):
        assert client.get(style, buffered=True).status_code == 200
    for path in PAGES:
        assert anna.look(path).status_code == 404
        assert 'aria-current="page"' in ben.get(path).partition("<main")[2]


def test_an_admin_switches_an_integration_off(world: World, anna: Visitor, ben: Visitor) -> None:
    """The member sees it on card and page and cannot add it."""
    said = words(ben.follow(f"/admin/integrations/{SLUG}", {"everyone": "off", "admins": ""}))
    assert "Ausgeschaltet für alle." in said
    assert "Von Ihrem Unternehmen ausgeschaltet" in words(anna.get("/marketplace/"))
    page = anna.get(DETAIL)
    assert "Ihr Unternehmen hat diese Integration ausgeschaltet" in words(page)
    assert f'action="{DETAIL}/add"' not in page
    assert "ausgeschaltet" in words(anna.follow(f"{DETAIL}/add"))
    assert rules.allowed(world.core, world.anna)(SLUG) == "off"


def test_a_rule_names_roles_and_members(world: World, ben: Visitor) -> None:
    """And says so in words; a member set back to "as for everyone" is named no more."""
    anna, path = world.anna.member_id, f"/admin/integrations/{SLUG}"
    form = {"everyone": "request", "admins": "on", "add": anna, "add-state": "on"}
    said = words(ben.follow(path, form))
    assert "Eingeschaltet für Admins und Anna Krüger. Auf Anfrage für alle anderen." in said
    said = words(ben.follow(path, {"everyone": "request", "admins": "", f"named-{anna}": ""}))
    assert "Auf Anfrage für alle." in said


def test_a_member_asks_and_an_admin_approves(world: World, anna: Visitor, ben: Visitor) -> None:
    """With a word each; both are told by a notice, and both sides see the outcome."""
    deciding.decide(world.core, world.ben, SLUG, Rule("request"))
    assert "Wofür brauchen Sie sie?" in words(anna.get(DETAIL))
    assert "Angefragt" in words(anna.follow(f"{DETAIL}/ask", {"why": "Für <b>Termine</b>"}))
    assert "Neu: Anna Krüger möchte Gedächtniskalender verwenden." in words(ben.get("/notices/"))
    assert ", 1 neue Mitteilung" in ben.get("/marketplace/")
    page = ben.get("/admin/requests")
    assert "Für <b>Termine</b>" in words(page)
    (address,) = re.findall(r'action="(/admin/requests/\w+)"', page)
    said = words(ben.follow(address, {"act": "approve", "word": "Gern"}))
    assert "Genehmigt. Anna Krüger erhält eine Mitteilung." in said
    assert "Sie dürfen Gedächtniskalender jetzt verwenden. „Gern“" in words(anna.get("/notices/"))
    assert "Hinzugefügt" in words(anna.follow(f"{DETAIL}/add"))
    assert ", 1 neue Mitteilung" not in ben.get("/marketplace/")


def test_a_request_that_was_taken_back_is_not_answered(
    world: World, anna: Visitor, ben: Visitor
) -> None:
    """Somebody who still has the old page open is told."""
    deciding.decide(world.core, world.ben, SLUG, Rule("request"))
    request_id = requests.ask(world.core, world.anna, SLUG, "")
    assert "Anfragen" in words(anna.follow(f"{DETAIL}/take-back"))
    said = words(ben.follow(f"/admin/requests/{request_id}", {"act": "approve"}))
    assert "inzwischen beantwortet oder zurückgenommen" in said


def test_a_declined_member_reads_why_and_may_ask_again(world: World, anna: Visitor) -> None:
    """The form is there again."""
    deciding.decide(world.core, world.ben, SLUG, Rule("request"))
    request_id = requests.ask(world.core, world.anna, SLUG, "")
    requests.answer(world.core, world.ben, request_id, approve=False, word="Noch nicht")
    page = anna.get(DETAIL)
    assert "„Noch nicht“" in words(page)
    assert f'action="{DETAIL}/ask"' in page


def test_connections_are_listed_without_their_content(
    app: Flask, world: World, ben: Visitor
) -> None:
    """In both languages; a filter that nobody fits says so."""
    world.in_use(world.anna)
    said = words(ben.get("/admin/connections"))
    assert "Anna Krüger Gedächtniskalender Verbunden" in said
    assert ACCOUNT not in said
    assert "Familie" not in said
    abroad = Visitor(app, world.ben, "en")
    assert "Anna Krüger Memory Calendar Connected" in words(abroad.get("/admin/connections"))
    said = words(abroad.get("/admin/connections?state=attention"))
    assert "No connection is like that" in said


def test_an_admin_disconnects_somebody(world: World, anna: Visitor, ben: Visitor) -> None:
    """After a look at what goes and what stays; without a clear word nothing happens."""
    connection_id = world.in_use(world.anna)
    path = f"/admin/connections/{connection_id}/end"
    assert "Was bleibt" in words(ben.get(path))
    assert ben.post(path, {}).status_code == 400
    assert "ist getrennt" in words(ben.follow(path, {"entries": "keep"}))
    assert world.row(connection_id) is None
    told = "Ihr Unternehmen hat Ihre Verbindung mit Gedächtniskalender getrennt."
    assert told in words(anna.get("/notices/"))


def test_a_paused_connection_says_why(world: World, anna: Visitor) -> None:
    """On its page and in the list; nothing of it can be started."""
    connection_id = world.in_use(world.anna)
    deciding.decide(world.core, world.ben, SLUG, Rule("off"))
    page = anna.get(f"/connections/{connection_id}")
    assert "Ihr Unternehmen hat diese Integration ausgeschaltet." in words(page)
    assert re.search(r"<button[^>]* disabled[^>]*>(?:(?!</button>).)*Jetzt", page, re.DOTALL)
    assert "Von Ihrem Unternehmen ausgeschaltet" in words(anna.get("/marketplace/mine"))


def test_a_member_sees_what_is_new_and_agrees(world: World, later: Catalog, anna: Visitor) -> None:
    """Then the page says that the connection goes on."""
    connection_id = world.in_use(world.anna)
    world.core.catalog = later
    standing.look_at_all(world.core)
    assert "Ansehen, was neu ist" in words(anna.get(f"/connections/{connection_id}"))
    assert "E-Mail Neu Lesen" in words(anna.get(f"/connections/{connection_id}/new-access"))
    said = words(anna.follow(f"/connections/{connection_id}/new-access"))
    assert "Danke. Die Verbindung läuft weiter." in said
    assert world.row(connection_id).stopped == ""


def test_what_was_set_aside_is_a_repair_in_words(world: World, ben: Visitor) -> None:
    """Which part of which integration, why, and who can do something about it."""
    plugin = world.core.catalog.get(SLUG)
    assert plugin is not None
    for _ in range(breaker.MOST):
        breaker.note(world.core.storage, plugin, breaker.job_call("renew"), "plugin.hanging")
    page = words(ben.get("/admin/repairs"))
    assert "Ein Teil von Gedächtniskalender wurde beiseitegelegt." in page
    assert "seine Aufgabe renew: Die Integration hing fest und wurde angehalten." in page


def test_repairs_are_counted_and_say_what_to_do(world: World, ben: Visitor) -> None:
    """The broken plugin's reason is told, with what to do about it."""
    page = ben.get("/admin/repairs")
    assert re.search(r'Reparaturen <span class="tab-count">1</span>', page)
    said = words(page)
    assert "funktioniert nicht. Die Betreiber von Andock reparieren" in said
    assert "RuntimeError" in said


def test_the_default_for_new_ones_is_kept(world: World, ben: Visitor) -> None:
    """What is here stays as it was."""
    ben.follow("/admin/integrations/default", {"default": "request"})
    may = rules.allowed(world.core, world.anna)
    assert (may("new-one"), may(SLUG)) == ("request", "on")
    assert ben.post("/admin/integrations/default", {"default": "sometimes"}).status_code == 400


def test_notices_are_marked_as_read(world: World, anna: Visitor) -> None:
    """One by one; somebody else's is not found."""
    service.add(world.core, world.anna, SLUG)
    deciding.decide(world.core, world.ben, SLUG, Rule("off"))
    page = anna.get("/notices/")
    (address,) = re.findall(r'action="(/notices/\w+/read)"', page)
    assert "Neu: Ihr Unternehmen" in words(page)
    assert "Neu: Ihr Unternehmen" not in words(anna.follow(address))


def test_a_new_role_resumes_what_its_rule_allows(world: World, ben: Visitor) -> None:
    """At once, not only when a worker starts."""
    connection_id = world.in_use(world.anna)
    deciding.decide(world.core, world.ben, SLUG, Rule("off", "on"))
    assert world.row(connection_id).stopped == "company"
    ben.follow(f"/administration/members/{world.anna.member_id}/role", {"role": "admin"})
    assert world.row(connection_id).stopped == ""
