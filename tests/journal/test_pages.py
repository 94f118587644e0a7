"""The journal's pages, without JavaScript, in both languages; for their owner alone."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select

from andock_core.connections import service
from andock_core.storage import SYSTEM, JournalLine, Run
from andock_sdk import Answers, Task
from tests.connections.world import ACCOUNT, World
from tests.marketplace.conftest import app, catalog, visit, world
from tests.marketplace.visitor import Visitor, words
from tests.pages.site import all_of_it
from tests.runs.stage import appointment
from tests.support.memory_service import document

__all__ = ["app", "catalog", "visit", "world"]
Visit = Callable[..., Visitor]


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Nothing here depends on the kind of database."""
    return sqlite_url


def run(world: World, connection_id: str) -> None:
    service.request_sync(world.core, world.anna, connection_id)
    world.work()


def change(world: World, connection_id: str) -> str:
    """An appointment whose place changed on the other side; the connection."""
    ref = world.memory.put(world.calendars[0], appointment("Kundentermin", location="Büro"))
    run(world, connection_id)
    world.memory.edit(ref, location="vor Ort")
    run(world, connection_id)
    return ref


def newest_run(world: World) -> str:
    with world.core.storage.read(SYSTEM) as session:
        return max(session.query(Run).all(), key=lambda row: row.started_at).id


def base(connection_id: str) -> str:
    return f"/connections/{connection_id}/journal"


def test_the_journal_tells_what_changed_in_words(world: World, visit: Visit) -> None:
    connection_id = world.in_use(world.anna)
    change(world, connection_id)
    german = words(visit(world.anna, "de").get(base(connection_id)))
    assert "Kundentermin" in german
    assert "Ort vorher: Büro jetzt: vor Ort" in german
    assert "von Ihnen gestartet" in german
    english = words(visit(world.anna, "en").get(base(connection_id)))
    assert "Place before: Büro now: vor Ort" in english
    assert "started by you" in english


def test_a_change_has_a_page_with_its_reason(world: World, visit: Visit) -> None:
    connection_id = world.in_use(world.anna)
    change(world, connection_id)
    visitor = visit(world.anna, "en")
    page = visitor.get(base(connection_id))
    (link, *_rest) = re.findall(rf'href="({base(connection_id)}/changes/\w+)"', page)
    text = words(visitor.get(link))
    assert "Changed on the other side." in text
    assert "Memory calendar → Andock" in text or "→ Andock" in text


def test_search_and_filter_are_addresses(world: World, visit: Visit) -> None:
    connection_id = world.in_use(world.anna)
    change(world, connection_id)
    visitor = visit(world.anna, "en")
    assert "Kundentermin" in visitor.get(f"{base(connection_id)}?q=büro")
    assert "Nothing fits" in visitor.get(f"{base(connection_id)}?q=nobody")
    assert "Nothing fits" in visitor.get(f"{base(connection_id)}?action=delete")
    assert "Nothing fits" in visitor.get(f"{base(connection_id)}?problems=1")
    assert "Kundentermin" in visitor.get(f"{base(connection_id)}?side=here&from=2020-01-01")


def test_strangers_find_nothing(world: World, visit: Visit) -> None:
    connection_id = world.in_use(world.anna)
    change(world, connection_id)
    with world.core.storage.read(SYSTEM) as session:
        line_id = session.scalars(select(JournalLine.id).limit(1)).one()
    paths = ["", f"/runs/{newest_run(world)}", f"/changes/{line_id}", f"/undo?line={line_id}"]
    paths += [f"/undoing?line={line_id}", "/held", "/aside", "/conflicts"]
    for who in (world.ben, world.zoe):
        visitor = visit(who)
        for path in paths:
            assert visitor.look(base(connection_id) + path).status_code == 404, path
        posts: dict[str, dict[str, str]] = {
            "/undo": {"line": line_id},
            "/resume": {},
            "/aside": {},
            "/held": {"what": "here", "decision": "delete"},
            "/conflicts": {"line": line_id, "choice": "mine"},
        }
        for path, form in posts.items():
            assert visitor.post(base(connection_id) + path, form).status_code == 404, path
    assert visit(world.anna).look(f"{base('nothing')}").status_code == 404


def test_a_run_is_taken_back_from_the_page(world: World, visit: Visit) -> None:
    connection_id = world.in_use(world.anna)
    ref = change(world, connection_id)
    visitor = visit(world.anna, "en")
    run_id = newest_run(world)
    look = words(visitor.get(f"{base(connection_id)}/undo?run={run_id}"))
    assert "stays as it is" in look
    assert "A private block cannot be changed from Andock" in look
    assert document(world.memory.items(world.calendars[0])[ref]).location == "vor Ort"


def test_a_series_is_told_in_words_and_times_in_the_members_zone(world: World) -> None:
    connection_id = world.in_use(world.anna)
    item = appointment("Jour fixe", recurrence="FREQ=DAILY;COUNT=5")
    ref = world.memory.put(world.calendars[0], item)
    run(world, connection_id)
    tokyo = {"start_zone": "Asia/Tokyo", "end_zone": "Asia/Tokyo"}
    moved = item.when.model_copy(update=tokyo)
    world.memory.edit(ref, recurrence="FREQ=DAILY;INTERVAL=2;COUNT=3", when=moved)
    run(world, connection_id)
    text = words(
        Visitor(all_of_it(world.core), world.anna, "de").get(f"{base(connection_id)}?action=update")
    )
    assert "Wiederholung vorher: jeden Tag, 5-mal jetzt: alle 2 Tage, 3-mal" in text
    assert re.search(r"Zeit vorher: (\w\w \d\d\.\d\d\., )?09:00 – 10:00 jetzt: .*0[12]:00", text)


def with_a_list(world: World) -> tuple[str, str]:
    """A connection that has Anna's tasks in step with a list; both ids."""
    connection_id = world.in_use(world.anna)
    todo = world.memory.add_tasks(ACCOUNT, "Zu erledigen")
    chosen: Answers = {"calendar": world.calendars[0], "tasks_on": True, "tasks_list": todo}
    service.start_choices(world.core, world.anna, connection_id)
    world.work()
    service.save_settings(world.core, world.anna, connection_id, chosen)
    world.work()
    world.agreed(world.anna, connection_id)
    return connection_id, todo


def test_the_journal_tells_of_tasks_in_words(world: World, visit: Visit) -> None:
    connection_id, todo = with_a_list(world)
    ref = world.memory.put(todo, Task(subject="Angebot", due_day="2026-11-24"))
    run(world, connection_id)
    at = {"time": "14:30", "zone": "Europe/Berlin"}
    world.memory.edit(ref, due_day="2026-11-25", due_time=at, done=True)
    run(world, connection_id)
    german = words(visit(world.anna, "de").get(base(connection_id)))
    assert "Angebot" in german
    assert "Fällig am vorher: 24.11.2026 jetzt: 25.11.2026" in german
    assert "Fällig um vorher: – jetzt: 14:30 (Europe/Berlin)" in german
    assert "Erledigt vorher: nein jetzt: ja" in german
    english = words(visit(world.anna, "en").get(base(connection_id)))
    assert "Ticked off before: no now: yes" in english
    kept = words(visit(world.anna, "de").get(f"/connections/{connection_id}"))
    assert "Zu erledigen" in kept
    assert "Ihre Aufgaben: Änderungen gehen in beide Richtungen." in kept
