"""Tasks and calls in a real browser, by keyboard and by mouse."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, Route, expect

from andock_core.clock import now
from andock_core.storage.tables import Call, Contact, Task
from tests.calendar.builders import BERLIN, Office

pytestmark = pytest.mark.browser
TODAY = now().date()
MONDAY = TODAY + timedelta(days=7 - TODAY.weekday())
TUESDAY = MONDAY + timedelta(days=1)


def add(firm: Office, *rows: Task | Call | Contact) -> None:
    with firm.storage.write(firm.anna.scope) as session:
        for row in rows:
            row.tenant_id, row.owner_id = "t1", "anna"
            session.add(row)


def row(page: Page, text: str) -> Locator:
    return page.locator("[data-row]", has_text=text)


def drag(page: Page, box: Locator, down: float, right: float = 0) -> None:
    """By mouse, from near its top."""
    found = box.bounding_box()
    assert found is not None
    x, y = found["x"] + found["width"] / 2, found["y"] + 8
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + right / 2, y + down / 2 + 6, steps=3)
    page.mouse.move(x + right, y + down, steps=5)
    page.mouse.up()


def no_violations(page: Page) -> None:
    found = Axe().run(page)
    assert found.response["violations"] == [], found.generate_report()


def test_a_task_by_keyboard_from_the_line_to_the_undo(page: Page) -> None:
    page.goto("/tasks/")
    expect(page.get_by_text("Schreiben Sie Ihre erste Aufgabe auf")).to_be_visible()
    page.keyboard.press("n")
    for title in ("First", "Second"):
        page.keyboard.type(title)
        page.keyboard.press("Enter")
        expect(row(page, title)).to_be_visible()
        expect(page.get_by_label("Neue Aufgabe")).to_be_focused()
    row(page, "First").get_by_role("link").focus()
    page.keyboard.press("ArrowDown")
    expect(row(page, "Second").get_by_role("link")).to_be_focused()
    page.keyboard.press("x")
    expect(row(page, "Second")).to_have_count(0)
    expect(row(page, "First").get_by_role("link")).to_be_focused()
    page.keyboard.press("Delete")
    expect(row(page, "First")).to_have_count(0)
    page.get_by_role("button", name="Rückgängig").click()
    expect(row(page, "First").get_by_role("link")).to_be_focused()
    page.keyboard.press("Space")
    expect(page.get_by_text("Alles erledigt")).to_be_visible()
    page.goto("/tasks/?show=done")
    row(page, "First").get_by_role("checkbox", name="Wieder öffnen: First").click()
    expect(row(page, "First")).to_have_count(0)


def test_a_call_is_planned_for_a_contact_and_what_came_of_it_is_noted(
    page: Page, firm: Office
) -> None:
    document = {"display_name": "Nina Alt", "phones": {"mobile": "0171 55"}}
    add(firm, Contact(document=document, sort_name="nina alt", search="nina alt"))
    page.goto("/calls/")
    page.get_by_role("link", name="Anruf planen").click()
    page.get_by_label("Wen").press_sequentially("Nin")
    expect(page.locator("#people option")).to_have_count(1)
    page.get_by_label("Wen").fill("Nina Alt")
    expect(page.get_by_label("Nummer")).to_have_value("0171 55")
    page.keyboard.press("Enter")
    expect(row(page, "Nina Alt").get_by_role("link", name="0171 55 anrufen")).to_have_attribute(
        "href", "tel:017155"
    )
    row(page, "Nina Alt").get_by_role("button", name="Ergebnis: Nina Alt").press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Kein Anruf steht an")).to_be_visible()
    page.get_by_role("link", name="Geführt", exact=True).click()
    expect(row(page, "Nina Alt")).to_contain_text("Nicht erreicht")


def test_a_name_typed_before_the_script_was_there_is_looked_for(page: Page, firm: Office) -> None:
    document = {"display_name": "Nina Alt", "phones": {"mobile": "0171 55"}}
    add(firm, Contact(document=document, sort_name="nina alt", search="nina alt"))
    held: list[Route] = []
    page.route("**/people.js*", lambda route: held.append(route))
    with page.expect_request("**/people.js*"):
        page.goto("/calls/new", wait_until="commit")
    page.get_by_label("Wen").fill("Nin")
    held[0].continue_()
    expect(page.locator("#people option")).to_have_count(1)


def test_both_stand_on_the_calendar_and_are_dragged_there(page: Page, firm: Office) -> None:
    start = datetime.combine(TUESDAY, time(10), ZoneInfo(BERLIN))
    add(
        firm,
        Task(title="Whole day", due_day=TUESDAY.isoformat()),
        Task(title="At ten", due_day=MONDAY.isoformat(), due_time="10:00", zone=BERLIN),
        Call(whom="Mr Brandt", start_at=start, minutes=60),
    )
    page.goto("/calendar/")
    page.get_by_role("button", name="Später").click()
    task, call = page.locator(".cal-task", has_text="At ten"), page.locator(".cal-call")
    expect(page.locator(".ec-all-day .cal-task", has_text="Whole day")).to_be_visible()
    expect(call).to_contain_text("Anruf")
    no_violations(page)
    with page.expect_response("**/move") as moved:
        drag(page, task, 58)
    assert moved.value.status == 200
    expect(task).to_contain_text("11:00")
    with page.expect_response("**/move") as moved:
        drag(page, call, 58)
    assert moved.value.status == 200
    expect(call).to_contain_text("11:00")
    page.locator(".cal-task", has_text="At ten").get_by_role("button").press("Enter")
    expect(page.get_by_label("Uhrzeit")).to_have_value("11:00")
    page.get_by_role("checkbox", name="Erledigt").check()
    page.get_by_role("button", name="Speichern").click()
    page.wait_for_url("**/calendar/")
    page.get_by_role("button", name="Später").click()
    expect(page.locator(".cal-task.cal-done", has_text="At ten")).to_be_visible()


@pytest.mark.more
@pytest.mark.parametrize("language", ["de", "en"])
def test_axe_finds_nothing_and_a_narrow_window_has_room(
    page: Page, firm: Office, language: str
) -> None:
    page.goto("/tasks/")
    page.context.add_cookies([{"name": "andock_language", "value": language, "url": page.url}])
    add(
        firm,
        Task(title="W" * 120, due_day=TODAY.isoformat(), notes="n"),
        Task(title="Over", done_at=now()),
        Call(whom="B" * 120, number="+49 40 1234", start_at=now() - timedelta(hours=1)),
        Call(whom="Made", done_at=now(), outcome="callback", start_at=now()),
    )
    for width in (1280, 500):
        page.set_viewport_size({"width": width, "height": 900})
        for path in ("/tasks/", "/tasks/?show=done", "/calls/", "/calls/?show=done", "/calls/new"):
            page.goto(path)
            no_violations(page)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
