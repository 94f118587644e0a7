"""What a viewer may see, and the way from block to appointment and back."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from andock_core.accounts import MemberInfo
from andock_core.calendar import convert
from andock_core.calendar.convert import NeedsAgreement, NoSuchOccurrence, preview
from andock_core.calendar.entries import EntryChanged
from andock_core.calendar.viewing import Seen, spans_between
from andock_core.storage import SYSTEM, ShownOccurrence
from andock_sdk import Attendee, Body, Override, Person
from tests.calendar.builders import Office, appointment, at, days

BEGIN, END = datetime(2026, 11, 23, tzinfo=UTC), datetime(2026, 11, 30, tzinfo=UTC)
DENTIST = appointment(
    at("2026-11-24 09:00"),
    subject="Dentist Dr Gray",
    location="Hafenstraße 9",
    body=Body(content="Bring the X-ray"),
    attendees=(Attendee(person=Person(name="Nina Secret", email="nina@elsewhere.example")),),
)
DAILY = DENTIST.model_copy(update={"recurrence": "FREQ=DAILY;COUNT=4"})
SECOND = "2026-11-25T09:00:00"


def seen(office: Office, viewer: MemberInfo, owner: str = "anna") -> list[Seen]:
    with office.storage.read(viewer.scope) as session:
        return spans_between(session, office.vault, viewer, BEGIN, END, [owner])


def show(office: Office, entry_id: str, original_start: str = "", *, agreed: bool = False) -> None:
    with office.storage.write(office.anna.scope) as session:
        entries = office.entries(session, office.anna)
        entry = entries.get(entry_id)
        assert entry is not None
        convert.show(
            session,
            entries,
            entry,
            expected_version=entry.version,
            original_start=original_start,
            agreed=agreed,
        )


def hide(office: Office, entry_id: str, original_start: str = "") -> None:
    with office.storage.write(office.anna.scope) as session:
        entries = office.entries(session, office.anna)
        entry = entries.get(entry_id)
        assert entry is not None
        convert.hide(
            session,
            entries,
            entry,
            expected_version=entry.version,
            original_start=original_start,
        )


def test_the_owner_sees_their_own_block_with_its_words(office: Office) -> None:
    entry_id = office.add(office.anna, DENTIST)
    (found,) = seen(office, office.anna)
    assert (found.kind, found.title, found.place) == ("block", "Dentist Dr Gray", "Hafenstraße 9")
    assert found.own is not None
    assert (found.own.entry_id, found.own.editable, found.own.attendees) == (entry_id, False, 1)


def test_a_colleague_sees_of_a_block_that_time_is_taken_and_nothing_else(office: Office) -> None:
    office.add(office.anna, DENTIST)
    (found,) = seen(office, office.ben)
    assert found == Seen(
        owner_id="anna",
        kind="block",
        start_at=datetime(2026, 11, 24, 8, tzinfo=UTC),
        end_at=datetime(2026, 11, 24, 9, tzinfo=UTC),
        all_day=False,
        start_day="",
        end_day="",
        busy="busy",
    )


def test_a_colleague_reads_an_appointments_title_and_place_only(office: Office) -> None:
    office.add(office.anna, DENTIST, visibility="appointment", origin="andock")
    (found,) = seen(office, office.ben)
    assert (found.title, found.place, found.own) == ("Dentist Dr Gray", "Hafenstraße 9", None)
    assert "X-ray" not in repr(found)
    assert "Nina" not in repr(found)


def test_the_other_tenant_sees_nothing_whatever_id_it_asks_for(office: Office) -> None:
    office.add(office.anna, DENTIST)
    office.add(office.anna, DENTIST, visibility="appointment", origin="andock")
    assert seen(office, office.zoe) == []


def test_free_time_is_not_taken_in_colleagues_eyes(office: Office) -> None:
    office.add(office.anna, DENTIST.model_copy(update={"busy": "free"}))
    assert seen(office, office.ben) == []
    assert len(seen(office, office.anna)) == 1


def test_all_day_entries_are_days(office: Office) -> None:
    office.add(office.anna, appointment(days("2026-11-25", "2026-11-26")))
    (found,) = seen(office, office.ben)
    assert (found.all_day, found.start_day, found.end_day) == (True, "2026-11-25", "2026-11-26")


def test_a_changed_occurrence_shows_its_own_words(office: Office) -> None:
    changed = DAILY.model_copy(update={"overrides": {SECOND: Override(subject="Check-up")}})
    office.add(office.anna, changed, visibility="appointment", origin="andock")
    assert [found.title for found in seen(office, office.ben)][:2] == [
        "Dentist Dr Gray",
        "Check-up",
    ]


def test_an_occurrence_marked_private_there_hides_in_a_visible_series(office: Office) -> None:
    secret = Override(subject="Secret", sensitivity="private")
    item = DAILY.model_copy(update={"overrides": {SECOND: secret}})
    office.add(office.anna, item, visibility="appointment", origin="remote")
    kinds = [(found.kind, found.title) for found in seen(office, office.ben)]
    assert kinds[1] == ("block", "")
    assert seen(office, office.anna)[1].title == "Secret"


def test_a_meeting_of_someone_else_is_locked_but_can_become_visible(office: Office) -> None:
    theirs = DENTIST.model_copy(update={"editable": False})
    entry_id = office.add(office.anna, theirs, locked=True)
    show(office, entry_id)
    (found,) = seen(office, office.anna)
    assert found.own is not None
    assert (found.kind, found.own.locked, found.own.editable) == ("appointment", True, False)


def test_the_preview_is_what_colleagues_then_see(office: Office) -> None:
    entry_id = office.add(office.anna, DENTIST)
    promised = preview(DENTIST)
    show(office, entry_id)
    (found,) = seen(office, office.ben)
    assert (found.title, found.place) == (promised.subject, promised.location)


def test_a_visible_block_can_be_hidden_again(office: Office) -> None:
    entry_id = office.add(office.anna, DENTIST)
    show(office, entry_id)
    assert seen(office, office.ben)[0].title == "Dentist Dr Gray"
    hide(office, entry_id)
    assert seen(office, office.ben)[0].title == ""


def test_what_was_made_in_andock_is_not_offered_to_be_hidden(office: Office) -> None:
    office.add(office.anna, DENTIST, visibility="appointment", origin="andock")
    (found,) = seen(office, office.anna)
    assert found.own is not None
    assert not found.own.can_hide


def test_one_occurrence_of_a_series_can_be_shown_alone(office: Office) -> None:
    entry_id = office.add(office.anna, DAILY)
    show(office, entry_id, SECOND)
    assert [found.kind for found in seen(office, office.ben)] == [
        "block",
        "appointment",
        "block",
        "block",
    ]
    own = seen(office, office.anna)[1].own
    assert own is not None
    assert (own.shown, own.can_hide, own.editable) == (True, True, False)
    hide(office, entry_id, SECOND)
    assert {found.kind for found in seen(office, office.ben)} == {"block"}


def test_a_shown_occurrence_keeps_notes_and_attendees_sealed(office: Office) -> None:
    entry_id = office.add(office.anna, DAILY)
    show(office, entry_id, SECOND)
    with office.storage.read(SYSTEM) as session:
        documents = repr([row.document for row in session.scalars(select(ShownOccurrence))])
    assert "Dentist" in documents
    assert "X-ray" not in documents
    assert "Nina" not in documents


@pytest.mark.parametrize("mark", ["private", "confidential"])
def test_what_is_marked_private_is_shown_only_after_an_explicit_yes(
    office: Office, mark: str
) -> None:
    entry_id = office.add(office.anna, DENTIST.model_copy(update={"sensitivity": mark}))
    with pytest.raises(NeedsAgreement):
        show(office, entry_id)
    assert seen(office, office.ben)[0].title == ""
    show(office, entry_id, agreed=True)
    assert seen(office, office.ben)[0].title == "Dentist Dr Gray"


def test_a_series_with_one_private_occurrence_needs_that_yes_too() -> None:
    item = DAILY.model_copy(update={"overrides": {SECOND: Override(sensitivity="private")}})
    assert preview(item).marked == "private"
    assert preview(item, "2026-11-24T09:00:00").marked == ""


def test_an_occurrence_that_is_not_there_cannot_be_shown(office: Office) -> None:
    entry_id = office.add(office.anna, DAILY)
    with pytest.raises(NoSuchOccurrence):
        show(office, entry_id, "2026-12-24T09:00:00")


def test_converting_what_changed_meanwhile_fails(office: Office) -> None:
    entry_id = office.add(office.anna, DAILY)
    with office.storage.write(office.anna.scope) as session:
        entries = office.entries(session, office.anna)
        entry = entries.get(entry_id)
        assert entry is not None
        with pytest.raises(EntryChanged):
            convert.show(session, entries, entry, expected_version=5, original_start=SECOND)
