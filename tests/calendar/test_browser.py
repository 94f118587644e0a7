"""The calendar in a real browser, by mouse and by keyboard."""

from datetime import date, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from andock_core.clock import now
from andock_core.core import Core
from andock_core.storage import Connection, Scope
from andock_sdk import Attendee, Person
from tests.calendar.builders import Office, appointment, at, days

pytestmark = pytest.mark.browser
APPOINTMENT = {"visibility": "appointment", "origin": "andock"}
TODAY = now().date()
MONDAY = TODAY + timedelta(days=7 - TODAY.weekday())
TUESDAY = MONDAY + timedelta(days=1)


def when(day: date, time: str) -> str:
    return f"{day.isoformat()} {time}"


@pytest.fixture
def week(page: Page, firm: Office) -> Page:
    """Next week in Anna's calendar: a private block, an appointment, and Ben's block."""
    firm.add(
        firm.anna,
        appointment(at(when(TUESDAY, "15:00")), subject="Dentist", location="Harbour Street"),
    )
    people = tuple(Attendee(person=Person(name=name)) for name in ("Nina", "Omar", "Pia"))
    firm.add(
        firm.anna,
        appointment(at(when(TUESDAY, "10:00")), subject="Customer", attendees=people),
        **APPOINTMENT,
    )
    firm.add(firm.ben, appointment(at(when(MONDAY, "11:00")), subject="Secret of Ben"))
    page.goto("/calendar/")
    page.get_by_role("button", name="Später").click()
    expect(entry(page, "Dentist")).to_be_visible()
    return page


def entry(page: Page, text: str) -> Locator:
    """The box of an entry on the grid."""
    return page.locator(".ec-event:not(.ec-ghost)", has_text=text)


def face(page: Page, text: str) -> Locator:
    """The button in the box of one's own entry."""
    return entry(page, text).get_by_role("button")


def test_a_block_becomes_visible_by_mouse_after_a_look_at_it(week: Page) -> None:
    entry(week, "Dentist").click(button="right")
    week.get_by_role("menuitem", name="In sichtbaren Termin umwandeln…").click()
    dialog = week.get_by_role("dialog", name="In sichtbaren Termin umwandeln")
    expect(dialog).to_contain_text("Genau das werden andere sehen:")
    expect(dialog).to_contain_text("Harbour Street")
    dialog.get_by_role("button", name="Sichtbar machen").click()
    expect(dialog).to_be_hidden()
    expect(week.locator(".ec-event.cal-appointment", has_text="Dentist")).to_be_visible()


def test_there_and_back_by_keyboard(week: Page) -> None:
    block = face(week, "Dentist")
    block.focus()
    week.keyboard.press("Shift+F10")
    expect(week.get_by_role("menuitem", name="In sichtbaren Termin umwandeln…")).to_be_focused()
    week.keyboard.press("Escape")
    expect(block).to_be_focused()
    week.keyboard.press("ContextMenu")
    week.keyboard.press("Enter")
    expect(week.get_by_role("button", name="Sichtbar machen")).to_be_focused()
    week.keyboard.press("Enter")
    expect(week.locator(".ec-event.cal-appointment", has_text="Dentist")).to_be_visible()
    face(week, "Dentist").focus()
    week.keyboard.press("Shift+F10")
    item = week.get_by_role("menuitem", name="Wieder zum privaten Block machen")
    while not item.evaluate("it => it === document.activeElement"):
        week.keyboard.press("ArrowDown")
    week.keyboard.press("Enter")
    expect(week.locator(".ec-event.cal-block", has_text="Dentist")).to_be_visible()


def test_one_date_of_a_private_series_can_be_shown_alone(week: Page, firm: Office) -> None:
    firm.add(
        firm.anna, appointment(at(when(MONDAY, "13:00")), "FREQ=DAILY;COUNT=3", subject="Choir")
    )
    week.reload()
    week.get_by_role("button", name="Später").click()
    entry(week, "Choir").nth(1).click(button="right")
    week.get_by_role("menuitem", name="In sichtbaren Termin umwandeln…").click()
    dialog = week.get_by_role("dialog", name="In sichtbaren Termin umwandeln")
    dialog.get_by_role("radio", name="Die ganze Serie").check()
    expect(dialog).to_contain_text("jeden Tag, 3-mal")
    dialog.get_by_role("radio", name="Nur diesen Termin").check()
    expect(dialog).not_to_contain_text("jeden Tag, 3-mal")
    dialog.get_by_role("button", name="Sichtbar machen").click()
    expect(week.locator(".ec-event.cal-appointment", has_text="Choir")).to_have_count(1)
    expect(week.locator(".ec-event.cal-block", has_text="Choir")).to_have_count(2)


def test_a_long_press_opens_the_menu(week: Page) -> None:
    box = entry(week, "Dentist").bounding_box()
    assert box is not None
    point = {"clientX": box["x"] + 20, "clientY": box["y"] + 20}
    touch = {"pointerType": "touch", "isPrimary": True, "bubbles": True, **point}
    entry(week, "Dentist").dispatch_event("pointerdown", touch)
    expect(week.get_by_role("menu")).to_be_visible()


def test_an_appointment_is_made_from_the_grid(week: Page) -> None:
    column = week.locator(".ec-time-grid .ec-body .ec-day").nth(3)
    column.click(position={"x": 30, "y": 29 * 2 * 9 + 5})
    dialog = week.get_by_role("dialog", name="Neuer Termin")
    expect(dialog.get_by_label("Titel")).to_be_focused()
    expect(dialog.get_by_label("Beginn: Uhrzeit")).to_have_value("09:00")
    dialog.get_by_role("button", name="Speichern").click()
    expect(dialog.get_by_text("Bitte geben Sie einen Titel ein.")).to_be_visible()
    dialog.get_by_label("Titel").fill("Lunch with Zoe")
    dialog.get_by_label("Wiederholung").select_option("weekly")
    dialog.get_by_role("button", name="Speichern").click()
    expect(dialog).to_be_hidden()
    expect(entry(week, "Lunch with Zoe")).to_be_visible()


def test_dragging_moves_and_says_that_attendees_are_not_told(week: Page) -> None:
    box = entry(week, "Customer").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + 15
    week.mouse.move(x, y)
    week.mouse.down()
    week.mouse.move(x + 20, y + 20, steps=3)
    week.mouse.move(x, y + 58, steps=5)
    week.mouse.up()
    expect(week.get_by_text("3 Teilnehmende werden nicht benachrichtigt.")).to_be_visible()
    expect(entry(week, "Customer")).to_contain_text("11:00")
    week.reload()
    week.get_by_role("button", name="Später").click()
    expect(entry(week, "Customer")).to_contain_text("11:00")


def test_a_block_cannot_be_dragged(week: Page) -> None:
    assert "ec-draggable" not in (entry(week, "Dentist").get_attribute("class") or "")
    assert "ec-draggable" in (entry(week, "Customer").get_attribute("class") or "")


def test_dragging_one_date_of_a_series_asks_what_moves(week: Page, firm: Office) -> None:
    firm.add(
        firm.anna,
        appointment(at(when(MONDAY, "13:00")), "FREQ=WEEKLY;COUNT=4", subject="Standup"),
        **APPOINTMENT,
    )
    week.reload()
    week.get_by_role("button", name="Später").click()
    box = entry(week, "Standup").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + 15
    week.mouse.move(x, y)
    week.mouse.down()
    week.mouse.move(x, y + 58, steps=6)
    week.mouse.up()
    dialog = week.get_by_role("dialog", name="Serientermin verschieben")
    dialog.get_by_role("button", name="Abbrechen").click()
    expect(entry(week, "Standup")).to_contain_text("13:00")


def test_editing_and_deleting_by_dialog(week: Page) -> None:
    face(week, "Customer").press("Enter")
    week.get_by_role("dialog", name="Customer").get_by_role("button", name="Bearbeiten…").click()
    dialog = week.get_by_role("dialog", name="Termin bearbeiten")
    expect(dialog).to_contain_text("3 Teilnehmende werden nicht benachrichtigt.")
    dialog.get_by_label("Ort").fill("Upstairs")
    dialog.get_by_role("button", name="Speichern").click()
    expect(entry(week, "Upstairs")).to_be_visible()
    entry(week, "Customer").click()
    week.get_by_role("dialog", name="Customer").get_by_role("button", name="Löschen…").click()
    question = week.get_by_role("dialog", name="Diesen Termin löschen?")
    expect(question).to_contain_text("Customer")
    question.get_by_role("button", name="Löschen").click()
    expect(entry(week, "Customer")).to_have_count(0)


def test_what_changed_meanwhile_is_not_overwritten(week: Page, firm: Office) -> None:
    entry(week, "Customer").click()
    week.get_by_role("button", name="Bearbeiten…").click()
    dialog = week.get_by_role("dialog", name="Termin bearbeiten")
    expect(dialog).to_be_visible()
    with firm.storage.write(firm.anna.scope) as session:
        entries = firm.entries(session, firm.anna)
        entry_id = week.evaluate(
            "() => document.querySelector('.cal-appointment [data-key]').dataset.key.split('/')[0]"
        )
        row = entries.get(entry_id)
        assert row is not None
        item = entries.document(row).model_copy(update={"subject": "Renamed there"})
        entries.replace(row, item, expected_version=row.version)
    dialog.get_by_label("Titel").fill("Mine")
    dialog.get_by_role("button", name="Speichern").click()
    expect(week.get_by_text("Dieser Eintrag hat sich inzwischen geändert.")).to_be_visible()
    expect(entry(week, "Renamed there")).to_be_visible()


def test_colleagues_are_shown_as_taken_time_and_remembered(week: Page) -> None:
    week.get_by_role("checkbox", name="Ben Lorenz").check()
    expect(entry(week, "Ben Lorenz: belegt")).to_be_visible()
    assert "Secret of Ben" not in week.content()
    week.reload()
    week.get_by_role("button", name="Später").click()
    expect(week.get_by_role("checkbox", name="Ben Lorenz")).to_be_checked()
    expect(entry(week, "Ben Lorenz: belegt")).to_be_visible()
    entry(week, "Ben Lorenz: belegt").click(button="right")
    expect(week.get_by_role("menu")).to_be_hidden()


def test_month_and_list_show_the_same(week: Page, firm: Office) -> None:
    last = TUESDAY + timedelta(days=2)
    firm.add(firm.anna, appointment(days(TUESDAY.isoformat(), last.isoformat()), subject="Fair"))
    for view in ("Monat", "Liste", "Tag", "Woche"):
        week.get_by_role("button", name=view, exact=True).click()
        expect(week.get_by_role("button", name=view, exact=True)).to_have_attribute(
            "aria-pressed", "true"
        )
    expect(entry(week, "Dentist")).to_be_visible()


def test_progress_shows_while_a_run_is_under_way_and_its_end_brings_the_news(
    week: Page, core: Core, firm: Office
) -> None:
    with core.storage.write(firm.anna.scope) as session:
        row = Connection(id="c1", tenant_id="t1", owner_id="anna", integration="memory-calendar")
        row.state, row.last_success_at, row.last_run_at = "active", now(), now()
        row.progress = {"phase": "read", "done": 3, "total": 12}
        session.add(row)
    week.reload()
    week.get_by_role("button", name="Später").click()
    card = week.locator(".sync-card")
    expect(card).to_contain_text("3 von 12")
    expect(card.get_by_role("progressbar")).to_have_attribute("value", "25")
    firm.add(firm.anna, appointment(at(when(MONDAY, "09:00")), subject="Brought along"))
    with core.storage.write(firm.anna.scope) as session:
        found = session.get(Connection, "c1")
        assert found is not None
        found.progress, found.last_run_at, found.last_success_at = None, now(), now()
    expect(card).to_contain_text("Alles aktuell")
    expect(entry(week, "Brought along")).to_be_visible()


def test_the_sync_icon_asks_for_a_run(
    week: Page, core: Core, firm: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the queue is imagined: the run "begins" as soon as it is asked for."""
    with core.storage.write(firm.anna.scope) as session:
        row = Connection(id="c1", tenant_id="t1", owner_id="anna", integration="memory-calendar")
        row.state, row.last_success_at, row.last_run_at = "active", now(), now()
        session.add(row)
    asked: list[tuple[str, str]] = []

    def begin(_core: Core, scope: Scope, connection_id: str, trigger: str) -> None:
        asked.append((connection_id, trigger))
        with core.storage.write(scope) as session:
            found = session.get(Connection, connection_id)
            assert found is not None
            found.progress = {"phase": "list", "done": 0, "total": 0}

    monkeypatch.setattr("andock_core.jobs.due.request_run", begin)
    week.reload()
    card = week.locator(".sync-card")
    expect(card).to_contain_text("Alles aktuell")
    card.get_by_role("button", name="jetzt synchronisieren").click()
    expect(card).to_contain_text("Sucht nach Änderungen")
    assert asked == [("c1", "manual")]


def test_a_connection_that_stopped_working_says_so(week: Page, core: Core, firm: Office) -> None:
    with core.storage.write(firm.anna.scope) as session:
        row = Connection(id="c1", tenant_id="t1", owner_id="anna", integration="memory-calendar")
        row.state, row.error = "attention", "sign_in.refused"
        session.add(row)
    week.reload()
    card = week.locator(".sync-card")
    expect(card).to_contain_text("Braucht Aufmerksamkeit")
    expect(card).to_contain_text("Passwort")


def test_today_is_the_members_today_wherever_the_browser_is(page: Page, firm: Office) -> None:
    page.goto("/calendar/")
    number = str(now().astimezone().day)
    expect(page.locator(".ec-col-head.ec-today")).to_contain_text(number)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(week: Page, scheme: str) -> None:
    week.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    for view in ("Woche", "Monat", "Liste"):
        week.get_by_role("button", name=view, exact=True).click()
        expect(entry(week, "Dentist")).to_be_visible()
        found = Axe().run(week)
        assert found.response["violations"] == [], found.generate_report()
    week.get_by_role("button", name="Neuer Termin").click()
    found = Axe().run(week)
    assert found.response["violations"] == [], found.generate_report()


def test_a_narrow_window_has_everything(week: Page) -> None:
    week.set_viewport_size({"width": 500, "height": 900})
    assert week.evaluate("document.documentElement.scrollWidth") <= 500
    expect(week.get_by_role("button", name="Neuer Termin")).to_be_visible()
    week.get_by_role("button", name="Verbindungen und andere").click()
    expect(week.get_by_role("heading", name="Bringen Sie Ihren Kalender mit")).to_be_visible()
