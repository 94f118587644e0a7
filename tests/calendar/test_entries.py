"""Entries as rows: sealed or in the clear, spans kept right, every write compared and set."""

from datetime import UTC, datetime

import pytest
from dateutil.relativedelta import relativedelta
from sqlalchemy import select, text

from andock_core.calendar.entries import EntryChanged, extend
from andock_core.calendar.window import Window
from andock_core.storage import SYSTEM, Entry, ShownOccurrence, Span
from andock_sdk import Appointment, Override
from tests.calendar.builders import NOW, WINDOW, Office, appointment, at

SECRET = appointment(at("2026-11-24 09:00"), subject="Dentist Dr Gray", location="Hafenstraße 9")
DAILY = appointment(at("2026-11-24 09:00"), "FREQ=DAILY", subject="Dentist Dr Gray")


def spans(office: Office) -> list[Span]:
    with office.storage.read(SYSTEM) as session:
        found = list(session.scalars(select(Span).order_by(Span.start_at)))
        session.expunge_all()
        return found


def test_a_block_rests_sealed(office: Office) -> None:
    office.add(office.anna, SECRET)
    with office.storage.engine.connect() as connection:
        for table in ("entry", "span", "shown_occurrence"):
            rows = connection.execute(text(f"SELECT * FROM {table}")).all()
            assert "Dentist" not in repr(rows)
            assert "Hafenstra" not in repr(rows)


def test_the_owner_can_open_a_block(office: Office) -> None:
    entry_id = office.add(office.anna, SECRET)
    with office.storage.read(office.anna.scope) as session:
        entries = office.entries(session, office.anna)
        entry = entries.get(entry_id)
        assert entry is not None
        assert entries.document(entry) == SECRET


def test_an_appointment_rests_in_the_clear(office: Office) -> None:
    entry_id = office.add(office.anna, SECRET, visibility="appointment", origin="andock")
    with office.storage.read(office.anna.scope) as session:
        entry = session.get(Entry, entry_id)
        assert entry is not None
        assert Appointment.model_validate(entry.document) == SECRET
        assert entry.sealed is None


def test_nobody_elses_entries_are_found(office: Office) -> None:
    entry_id = office.add(office.anna, SECRET)
    for stranger in (office.ben, office.zoe):
        with office.storage.read(stranger.scope) as session:
            assert office.entries(session, stranger).get(entry_id) is None


def test_a_series_without_end_is_expanded_to_the_windows_end(office: Office) -> None:
    entry_id = office.add(office.anna, DAILY)
    assert spans(office)[-1].start_at < WINDOW.end
    with office.storage.read(SYSTEM) as session:
        entry = session.get(Entry, entry_id)
        assert entry is not None
        assert entry.expanded_until == WINDOW.end


def test_what_ends_within_the_window_is_known_for_good(office: Office) -> None:
    entry_id = office.add(
        office.anna, DAILY.model_copy(update={"recurrence": "FREQ=DAILY;COUNT=3"})
    )
    assert len(spans(office)) == 3
    with office.storage.read(SYSTEM) as session:
        entry = session.get(Entry, entry_id)
        assert entry is not None
        assert entry.expanded_until is None


def test_a_single_entry_has_its_span_wherever_it_lies(office: Office) -> None:
    office.add(office.anna, appointment(at("2031-01-01 09:00")))
    assert len(spans(office)) == 1


def test_replacing_rewrites_the_spans_and_raises_the_version(office: Office) -> None:
    entry_id = office.add(office.anna, DAILY)
    with office.storage.write(office.anna.scope) as session:
        entries = office.entries(session, office.anna)
        entry = entries.get(entry_id)
        assert entry is not None
        entries.replace(entry, SECRET, expected_version=1, locked=True)
        assert (entry.version, entry.locked, entry.expanded_until) == (2, True, None)
        assert entries.document(entry) == SECRET
    assert [span.original_start for span in spans(office)] == [""]


def test_who_comes_second_writes_nothing(office: Office) -> None:
    entry_id = office.add(office.anna, SECRET)
    with office.storage.write(office.anna.scope) as session:
        entries = office.entries(session, office.anna)
        entry = entries.get(entry_id)
        assert entry is not None
        entries.replace(entry, SECRET, expected_version=1)
        with pytest.raises(EntryChanged):
            entries.replace(entry, DAILY, expected_version=1)
    assert len(spans(office)) == 1


def test_deleting_takes_the_spans_along(office: Office) -> None:
    entry_id = office.add(office.anna, DAILY)
    with office.storage.write(office.anna.scope) as session:
        entries = office.entries(session, office.anna)
        entry = entries.get(entry_id)
        assert entry is not None
        entries.delete(entry, expected_version=1)
    assert spans(office) == []


def test_deleting_an_entry_that_changed_meanwhile_fails(office: Office) -> None:
    entry_id = office.add(office.anna, SECRET)
    with office.storage.write(office.anna.scope) as session:
        entries = office.entries(session, office.anna)
        entry = entries.get(entry_id)
        assert entry is not None
        with pytest.raises(EntryChanged):
            entries.delete(entry, expected_version=7)
    assert len(spans(office)) == 1


def test_the_moving_window_takes_series_along_and_forgets_nothing(office: Office) -> None:
    office.add(office.anna, DAILY)
    before = spans(office)
    later = Window.around(NOW + relativedelta(months=4))
    with office.storage.write(SYSTEM) as session:
        assert extend(session, office.vault, later) == 1
    after = spans(office)
    assert after[0].start_at == before[0].start_at
    assert after[-1].start_at.date() == datetime(2029, 3, 21, tzinfo=UTC).date()
    starts = [span.original_start for span in after]
    assert len(starts) == len(set(starts))


def test_a_window_that_hardly_moved_costs_nothing(office: Office) -> None:
    office.add(office.anna, DAILY)
    with office.storage.write(SYSTEM) as session:
        assert extend(session, office.vault, Window.around(NOW + relativedelta(days=20))) == 0


def test_making_visible_and_private_again_moves_the_content(office: Office) -> None:
    entry_id = office.add(office.anna, SECRET)
    with office.storage.write(office.anna.scope) as session:
        entries = office.entries(session, office.anna)
        entry = entries.get(entry_id)
        assert entry is not None
        entries.make_visible(entry)
        assert (entry.visibility, entry.converted, entry.sealed) == ("appointment", True, None)
        assert entries.document(entry) == SECRET
        entries.make_private(entry)
        assert (entry.visibility, entry.converted, entry.document) == ("block", False, None)
        assert entries.document(entry) == SECRET
        assert entry.version == 3


def show_second(office: Office, entry_id: str) -> None:
    with office.storage.write(office.anna.scope) as session:
        row = ShownOccurrence(tenant_id="t1", entry_id=entry_id, document={})
        row.original_start = "2026-11-25T09:00:00"
        session.add(row)


def replace(office: Office, entry_id: str, item: Appointment) -> list[ShownOccurrence]:
    with office.storage.write(office.anna.scope) as session:
        entries = office.entries(session, office.anna)
        entry = entries.get(entry_id)
        assert entry is not None
        entries.replace(entry, item, expected_version=entry.version)
    with office.storage.read(SYSTEM) as session:
        found = list(session.scalars(select(ShownOccurrence)))
        session.expunge_all()
        return found


def test_a_shown_occurrence_follows_what_the_other_side_changes(office: Office) -> None:
    entry_id = office.add(office.anna, DAILY)
    show_second(office, entry_id)
    changed = {"2026-11-25T09:00:00": Override(subject="New name")}
    (row,) = replace(office, entry_id, DAILY.model_copy(update={"overrides": changed}))
    assert row.document["subject"] == "New name"
    assert row.document["body"]["content"] == ""


def test_a_shown_occurrence_survives_a_change_of_the_pattern(office: Office) -> None:
    entry_id = office.add(office.anna, DAILY)
    show_second(office, entry_id)
    weekly = DAILY.model_copy(update={"recurrence": "FREQ=WEEKLY"})
    assert len(replace(office, entry_id, weekly)) == 1
    assert len(replace(office, entry_id, DAILY)) == 1


def test_a_shown_occurrence_that_becomes_private_there_is_hidden_at_once(office: Office) -> None:
    entry_id = office.add(office.anna, DAILY)
    show_second(office, entry_id)
    assert replace(office, entry_id, DAILY.model_copy(update={"sensitivity": "private"})) == []
