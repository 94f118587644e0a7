"""The form of an appointment: what was not touched stays exactly as it was."""

from dataclasses import replace
from typing import Any

import pytest

from andock_core.calendar import plain
from andock_core.calendar.edit import Refused
from andock_sdk import Appointment, Body, Slot
from andock_web.calendar import notes
from andock_web.calendar.forms import Filled, filled_from, moved_slot, read, values
from andock_web.calendar.repeats import Repeat
from tests.calendar.builders import BERLIN, appointment, at, days

FLIGHT = at("2026-11-24 09:00", hours=2).model_copy(update={"end_zone": "America/New_York"})
CUSTOM = at("2026-11-24 08:00", zone="UTC").model_copy(update={"foreign_zone": "Customized Zone"})


@pytest.mark.parametrize(
    "item",
    [
        appointment(at("2026-11-24 09:00"), "FREQ=WEEKLY;BYDAY=TU,TH;COUNT=9"),
        appointment(at("2026-11-24 09:00"), "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1"),
        appointment(at("2026-11-24 09:00"), "FREQ=YEARLY;BYMONTHDAY=24;BYMONTH=11"),
        appointment(at("2026-11-24 09:00", zone="Asia/Kolkata"), "FREQ=DAILY;INTERVAL=3"),
        appointment(FLIGHT),
        appointment(CUSTOM),
        appointment(days("2026-11-24", "2026-11-27")),
        appointment(at("2026-11-24 09:00"), reminder_minutes=7, busy="elsewhere"),
        appointment(at("2026-11-24 09:00"), body=Body(kind="html", content="<p>Hi&nbsp;<b>x</b>")),
    ],
)
def test_a_form_sent_back_untouched_changes_nothing(item: Appointment) -> None:
    sent = values(filled_from(item, BERLIN), BERLIN, item)
    assert item.model_copy(update={name: getattr(sent, name) for name in vars(sent)}) == item


def test_times_are_those_of_the_entrys_own_zone() -> None:
    form = filled_from(appointment(at("2026-11-24 09:00", zone="Asia/Kolkata")), BERLIN)
    assert (form.start_time, form.zone) == ("09:00", "Asia/Kolkata")


def test_a_zone_without_a_name_is_shown_on_the_members_clock() -> None:
    form = filled_from(appointment(CUSTOM), BERLIN)
    assert (form.start_time, form.zone) == ("09:00", BERLIN)


def test_the_last_day_of_an_all_day_one_is_included() -> None:
    form = filled_from(appointment(days("2026-11-24", "2026-11-26")), BERLIN)
    assert (form.start_day, form.end_day) == ("2026-11-24", "2026-11-25")
    assert values(form, BERLIN).when == days("2026-11-24", "2026-11-26")


FORM = Filled("Talk", "2026-11-24", "2026-11-24", "09:00", "10:00")


@pytest.mark.parametrize(
    ("repeat", "rule"),
    [
        (Repeat("daily", 2), "FREQ=DAILY;INTERVAL=2"),
        (Repeat("weekly", days=("FR", "MO")), "FREQ=WEEKLY;BYDAY=MO,FR"),
        (Repeat("weekly", end="count", count=5), "FREQ=WEEKLY;BYDAY=TU;COUNT=5"),
        (Repeat("monthly_day"), "FREQ=MONTHLY;BYMONTHDAY=24"),
        (Repeat("monthly_weekday"), "FREQ=MONTHLY;BYDAY=4TU"),
        (
            Repeat("yearly_day", 3, end="until", until="2030-01-01"),
            "FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=24;UNTIL=20300101",
        ),
    ],
)
def test_a_choice_becomes_a_rule(repeat: Repeat, rule: str) -> None:
    assert values(replace(FORM, repeat=repeat), BERLIN).recurrence == rule


@pytest.mark.parametrize(
    ("change", "key", "field"),
    [
        ({"start_day": ""}, "time.unusable", "start"),
        ({"start_time": "late"}, "time.unusable", "start"),
        ({"end_time": ""}, "time.unusable", "end"),
        ({"end_day": "2026-11-23"}, "time.backwards", "end"),
        ({"zone": "Mars/Phobos"}, "time.unusable", "start"),
        ({"repeat": Repeat("hourly")}, "rule.unknown", "repeat"),
        ({"repeat": Repeat("daily", end="count", count=0)}, "rule.interval", "repeat"),
        ({"repeat": Repeat("daily", end="until", until="")}, "rule.ends_before", "repeat"),
        (
            {"repeat": Repeat("daily", end="until", until="2026-11-01")},
            "rule.ends_before",
            "repeat",
        ),
    ],
)
def test_unusable_input_is_refused_at_its_field(
    change: dict[str, Any], key: str, field: str
) -> None:
    with pytest.raises(Refused) as refused:
        values(replace(FORM, **change), BERLIN)
    assert (refused.value.key, refused.value.field) == (key, field)


@pytest.mark.parametrize("data", [None, [], "x", {"repeat": 3, "title": 5, "all_day": "yes"}])
def test_nonsense_is_refused_and_breaks_nothing(data: Any) -> None:
    with pytest.raises(Refused):
        values(read(data), BERLIN)


def dragged(start: str, end: str, present: Slot) -> Slot:
    return moved_slot({"start": start, "end": end, "all_day": False}, present, BERLIN)


def test_what_is_dragged_stays_in_its_own_zone() -> None:
    present = at("2026-11-24 09:00", zone="America/New_York")
    assert dragged("2026-11-25T15:00:00", "2026-11-25T16:00:00", present) == at(
        "2026-11-25 09:00", zone="America/New_York"
    )


def test_an_all_day_one_dragged_to_a_time_gets_the_members_zone() -> None:
    present = days("2026-11-24", "2026-11-25")
    assert dragged("2026-11-24T15:00:00", "2026-11-24T16:00:00", present) == at("2026-11-24 15:00")


def test_notes_are_cleaned_for_showing_only() -> None:
    body = Body(
        kind="html",
        content='<p onclick="x()">Hi <b>you</b></p><script>alert(1)</script>'
        '<img src="https://track.example/1"><a href="javascript:x()">a</a><style>p{}</style>',
    )
    shown = notes.cleaned(body)
    assert "<b>you</b>" in shown
    for bad in ("script", "onclick", "img", "javascript", "style"):
        assert bad not in shown
    assert notes.edited(body, plain.as_text(body)) == body
    assert notes.edited(body, "New") == Body(content="New")


def test_plain_notes_are_escaped() -> None:
    assert notes.cleaned(Body(content="a <b>\nc")) == "a &lt;b&gt;<br>c"
