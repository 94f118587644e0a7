"""The pages of calls: planned, made, whom one may want to call."""

import re
from datetime import datetime, timedelta

import pytest

from andock_core.storage.tables import Call, Contact
from andock_web.calls.queries import dialled
from tests.calendar.builders import Office
from tests.planning.rows import NINE, Visit, add, call, only, row_of


def test_a_call_is_planned(firm: Office, visit: Visit) -> None:
    form = {
        "whom": "Mr Brandt",
        "number": "+49 40 1234",
        "day": "2026-11-24",
        "time": "09:00",
        "minutes": "20",
        "planned": "1",
    }
    assert visit("anna").post("/calls/new", data=form).status_code == 303
    made = only(firm, Call)
    assert (made.whom, made.start_at, made.minutes, made.done_at) == ("Mr Brandt", NINE, 20, None)


def test_a_call_just_made_is_noted(firm: Office, visit: Visit) -> None:
    anna = visit("anna")
    page = anna.get("/calls/new?log=1").text
    assert re.search(r'name="done" value="1" checked', page)
    here = datetime.now().astimezone()
    form = {
        "whom": "Ms Stern",
        "day": here.date().isoformat(),
        "time": "00:05",
        "minutes": "5",
        "outcome": "not_reached",
    }
    anna.post("/calls/new", data=form)
    made = only(firm, Call)
    assert made.done_at is not None
    assert "Nicht erreicht" in anna.get("/calls/?show=done").text
    assert "Ms Stern" not in anna.get("/calls/").text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({}, "Bitte sagen Sie, wen Sie anrufen."),
        ({"number": "nobody"}, "Das ist keine Telefonnummer."),
        ({"day": "2026-11-24"}, "Bitte geben Sie Tag und Uhrzeit an."),
        ({"time": "09:00"}, "Bitte geben Sie Tag und Uhrzeit an."),
        ({"minutes": "0"}, "Von 1 bis 1440 Minuten."),
        ({"minutes": "²"}, "Von 1 bis 1440 Minuten."),
        ({"minutes": "9" * 40}, "Von 1 bis 1440 Minuten."),
    ],
)
def test_an_unusable_call_is_refused_and_stays_on_the_page(
    visit: Visit, wrong: dict[str, str], said: str
) -> None:
    answer = visit("anna").post("/calls/new", data={"minutes": "5", **wrong})
    assert answer.status_code == 422
    assert said in answer.text


def test_an_untouched_start_stays_to_the_second(firm: Office, visit: Visit) -> None:
    start = NINE + timedelta(seconds=42)
    call_id = add(firm, call(start_at=start))
    form = {"version": "1", "whom": "X", "day": "2026-11-24", "time": "09:00", "minutes": "15"}
    visit("anna").post(f"/calls/{call_id}", data=form)
    assert row_of(firm, Call, call_id).start_at == start


def test_what_came_of_a_call_is_noted_with_one_click(firm: Office, visit: Visit) -> None:
    anna, call_id = visit("anna"), add(firm, call())
    anna.post(f"/calls/{call_id}/done/callback", data={"version": "1"})
    made = row_of(firm, Call, call_id)
    assert (made.outcome, made.done_at is None) == ("callback", False)
    assert anna.post(f"/calls/{call_id}/done/nonsense", data={"version": "2"}).status_code == 404


def test_a_number_is_dialled_without_what_is_for_people() -> None:
    assert dialled("+49 (40) 12-34") == "+49401234"
    assert dialled("040 1234 ext. 5") == "0401234"
    assert dialled("javascript:1") == ""


def test_a_number_is_a_link_that_calls(firm: Office, visit: Visit) -> None:
    add(firm, call())
    assert 'href="tel:+49401234"' in visit("anna").get("/calls/").text


def test_own_contacts_with_a_number_are_suggested(firm: Office, visit: Visit) -> None:
    for name, phones, who in (
        ("Nina Alt", {"mobile": "0171 5", "home": "040 9"}, "anna"),
        ("Nino Leer", {}, "anna"),
        ("Nina Fremd", {"mobile": "0172 6"}, "ben"),
    ):
        document = {"display_name": name, "phones": phones}
        contact = Contact(document=document, sort_name=name.lower(), search=name.lower())
        add(firm, contact, who)
    found = visit("anna").get("/calls/people?q=NIN").get_json()["people"]
    assert [(each["name"], each["number"]) for each in found] == [("Nina Alt", "0171 5")]
    assert visit("anna").get("/calls/people?q=%25").get_json() == {"people": []}


def test_a_call_keeps_its_contact_only_if_it_is_ones_own(firm: Office, visit: Visit) -> None:
    fremd = add(firm, Contact(document={"display_name": "F"}), "ben")
    form = {"whom": "F", "minutes": "5", "contact": fremd}
    visit("anna").post("/calls/new", data=form)
    assert only(firm, Call).contact_id is None
