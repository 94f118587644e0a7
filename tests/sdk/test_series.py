"""Two looks at a series with a plan between them: what passes for the plan, and what does not."""

import pytest

from andock_sdk import NO_REMINDER, Appointment, Body, Override, Slot, errors
from andock_sdk.series import check_alone, plan

FIRST, SECOND, THIRD = (f"2026-11-{day}T09:00:00" for day in (24, 25, 26))


def slot(day: int, hour: int = 9, zone: str = "Europe/Berlin") -> Slot:
    begin, end = (f"2026-11-{day}T{at:02}:00:00" for at in (hour, hour + 1))
    return Slot(start=begin, end=end, start_zone=zone, end_zone=zone)


def series(**fields: object) -> Appointment:
    given = {"when": slot(24), "subject": "Runde", "recurrence": "FREQ=DAILY;COUNT=3"}
    return Appointment.model_validate(given | {"reminder_minutes": 15} | fields)


BEFORE = series(overrides={FIRST: Override(location="Raum 1")})
WANTED = series(
    overrides={FIRST: Override(location="Raum 1"), SECOND: Override(subject="Lange Runde")},
    cancellations=(THIRD,),
)


def after(**fields: object) -> Appointment:
    return WANTED.model_copy(update=fields)


def second(**own: object) -> Appointment:
    """As wanted, with this of the second occurrence's own."""
    given = Override.model_validate({"subject": "Lange Runde"} | own)
    return after(overrides={**WANTED.overrides, SECOND: given})


@pytest.mark.parametrize(
    "found",
    [
        WANTED,
        second(subject=" Lange Runde "),
        second(body=Body()),  # as in the series, said once more
        second(location=""),
        second(reminder_minutes=15),
        second(when=slot(25)),
        second(when=slot(25, 8, "UTC")),  # the same hour
    ],
)
def test_the_plan_and_other_spellings_of_it_pass(found: Appointment) -> None:
    check_alone(BEFORE, WANTED, plan(BEFORE, WANTED), found)


@pytest.mark.parametrize(
    "found",
    [
        BEFORE,
        after(location="Raum 7"),
        after(subject="Andere Runde"),
        after(cancellations=()),
        after(cancellations=(SECOND, THIRD)),
        after(overrides={SECOND: WANTED.overrides[SECOND]}),
        after(overrides={**WANTED.overrides, FIRST: Override(location="Raum 7")}),
        after(overrides={FIRST: WANTED.overrides[FIRST]}),
        second(location="Raum 7"),
        second(reminder_minutes=NO_REMINDER),
        second(when=slot(25, 14)),
        second(subject="Kurze Runde"),
        second(body=Body(content="Notiz")),
    ],
)
def test_anything_else_is_somebody_elses(found: Appointment) -> None:
    with pytest.raises(errors.Transient):
        check_alone(BEFORE, WANTED, plan(BEFORE, WANTED), found)


def test_what_a_server_makes_of_html_is_not_told_from_a_change() -> None:
    html = Override(body=Body(kind="html", content="<p>a</p>"))
    wanted = series(overrides={SECOND: html})
    made = Override(body=Body(kind="html", content="<html><body><p>a</p></body></html>"))
    todo = plan(series(), wanted)
    check_alone(series(), wanted, todo, wanted.model_copy(update={"overrides": {SECOND: made}}))


def test_a_cancellation_of_no_occurrence_is_not_expected() -> None:
    wanted = series(cancellations=("2026-12-24T09:00:00",))
    check_alone(series(), wanted, plan(series(), wanted), series())


def test_whole_days() -> None:
    day = Slot(start="2026-11-24", end="2026-11-25", all_day=True)
    moved = Override(when=Slot(start="2026-11-27", end="2026-11-28", all_day=True))
    bare = series(when=day)
    wanted = bare.model_copy(update={"overrides": {"2026-11-25": moved}})
    todo = plan(bare, wanted)
    check_alone(bare, wanted, todo, wanted)
    with pytest.raises(errors.Transient):
        check_alone(bare, wanted, todo, bare)


def in_steps(error: type[errors.AndockError], *, written: bool) -> None:
    """A write that fails, before or after its first call has landed."""
    with errors.in_steps() as landed:
        if written:
            landed()
        raise error


@pytest.mark.parametrize(
    "error", [errors.Conflict, errors.Throttled, errors.BadCredentials, errors.Gone]
)
def test_after_something_was_written_no_error_denies_it(error: type[errors.AndockError]) -> None:
    with pytest.raises(error):
        in_steps(error, written=False)
    with pytest.raises(errors.Transient):
        in_steps(error, written=True)


def test_a_bug_stays_a_bug() -> None:
    with pytest.raises(errors.PluginBug):
        in_steps(errors.PluginBug, written=True)
