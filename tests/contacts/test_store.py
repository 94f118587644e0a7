"""Contacts as rows: kept whole, in order, found again, deleted and brought back."""

from datetime import timedelta

import pytest

from andock_core.clock import now
from andock_core.contacts import sharing, undo, viewing
from andock_core.contacts.naming import place_of
from andock_core.contacts.store import ContactChanged, Contacts
from tests.calendar.builders import Office
from tests.contacts.people import add, everything, person


def names(office: Office, who: str = "anna", **how: str) -> list[str]:
    viewer = getattr(office, who)
    with office.storage.read(viewer.scope) as session:
        found = viewing.listed(session, viewer, **how)  # type: ignore[arg-type]
    return [line.document["display_name"] for line in found.lines]


def test_a_contact_is_kept_with_all_its_fields(office: Office) -> None:
    contact_id = add(office, office.anna, everything())
    with office.storage.read(office.anna.scope) as session:
        contacts = Contacts(session, "t1", "anna")
        row = contacts.get(contact_id)
        assert row is not None
        assert contacts.document(row) == everything()
        assert "photo" not in row.document


def test_a_write_on_an_old_version_is_refused(office: Office) -> None:
    contact_id = add(office, office.anna, person("Mara"))
    with office.storage.write(office.anna.scope) as session:
        contacts = Contacts(session, "t1", "anna")
        row = contacts.get(contact_id)
        assert row is not None
        assert contacts.replace(row, person("Marla"), 1).version == 2
        with pytest.raises(ContactChanged):
            contacts.replace(row, person("Nobody"), 1)
        with pytest.raises(ContactChanged):
            contacts.delete(row, 1)
    assert names(office) == ["Marla"]


def test_the_list_is_sorted_by_surname_in_letters(office: Office) -> None:
    for item in (
        person("Zoe", "Adler"),
        person("Änne", "Öztürk"),
        person("Bo", "Ohm"),
        person("3M"),
        person("Юрий", "Левин"),
        person("", company="Zorn AG", display_name=""),
    ):
        add(office, office.anna, item)
    assert names(office)[:3] == ["3M", "Zoe Adler", "Bo Ohm"]
    with office.storage.read(office.anna.scope) as session:
        groups = viewing.letters(session, office.anna)
    assert groups == {"#": 1, "A": 1, "O": 2, "Z": 1, "Л": 1}
    assert names(office, letter="O")[:2] == ["Bo Ohm", "Änne Öztürk"]


def test_pages_of_the_list_leave_nobody_out(office: Office) -> None:
    for number in range(25):
        add(office, office.anna, person(f"P{number}", "Same" if number % 2 else "Other"))
    found: list[str] = []
    after = ""
    with office.storage.read(office.anna.scope) as session:
        for _ in range(10):
            part = viewing.listed(session, office.anna, after=after, limit=7)
            found += [line.id for line in part.lines]
            after = part.next
            if not after:
                break
    assert len(found) == len(set(found)) == 25


@pytest.mark.parametrize(
    "after", ["x", "!!", "e30", "WzEsMiwzXQ", "WyJBIiwiYlx1MDAwMCIsImMiXQ", "ÿ"]
)
def test_a_nonsense_place_begins_at_the_beginning(office: Office, after: str) -> None:
    add(office, office.anna, person("Mara"))
    assert names(office, after=after) == ["Mara"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("müller", True),
        ("MULLER", True),
        ("mull än", True),
        ("eva müller", False),
        ("hafen gmbh", True),
        ("mara@example", True),
        ("0151 234", True),
        ("+49151234", True),
        ("(0151)", True),
        ("99", False),
        ("100%", False),
        ("_", False),
        ("\x00", True),
        ("   ", True),
        ("--", False),
    ],
)
def test_the_search_finds_words_in_every_spelling(office: Office, query: str, found: bool) -> None:
    item = person(
        "Änne", "Müller", company="Hafen GmbH", email="mara@example.com", mobile="+49 151 2345678"
    )
    add(office, office.anna, item)
    assert bool(names(office, query=query)) is found


def test_what_has_no_letter_at_all_has_a_place(office: Office) -> None:
    place = place_of(person("!!!", "…"))
    assert place.letter == "#"
    assert place.sort_name


def test_a_deleted_contact_leaves_the_pages_but_not_the_sync(office: Office) -> None:
    contact_id = add(office, office.anna, person("Mara"))
    with office.storage.write(office.anna.scope) as session:
        undo.take_away(session, "anna", contact_id, 1, now())
    assert names(office) == []
    undo.purge(office.storage, now())
    with office.storage.read(office.anna.scope) as session:
        assert viewing.seen(session, office.anna, contact_id) is None
        assert viewing.letters(session, office.anna) == {}
        assert Contacts(session, "t1", "anna").get(contact_id) is not None


def test_a_delete_is_taken_back_with_everything(office: Office) -> None:
    contact_id = add(office, office.anna, everything())
    with office.storage.write(office.anna.scope) as session:
        sharing.share(session, "anna", contact_id, ["ben"])
        undo.take_away(session, "anna", contact_id, 1, now())
    assert names(office, "ben") == []
    with office.storage.write(office.anna.scope) as session:
        assert undo.bring_back(session, "anna", contact_id, now())
    assert names(office, "ben") == [everything().display_name]


def test_a_delete_is_final_after_its_time(office: Office) -> None:
    contact_id = add(office, office.anna, person("Mara"))
    late = now() + undo.UNDO_FOR
    with office.storage.write(office.anna.scope) as session:
        undo.take_away(session, "anna", contact_id, 1, now())
        assert not undo.bring_back(session, "anna", contact_id, late + timedelta(seconds=1))
    undo.purge(office.storage, late + timedelta(seconds=1))
    with office.storage.read(office.anna.scope) as session:
        assert Contacts(session, "t1", "anna").get(contact_id) is None


def test_an_edit_from_the_other_side_beats_a_delete(office: Office) -> None:
    contact_id = add(office, office.anna, person("Mara"))
    with office.storage.write(office.anna.scope) as session:
        undo.take_away(session, "anna", contact_id, 1, now())
        contacts = Contacts(session, "t1", "anna")
        row = contacts.get(contact_id)
        assert row is not None
        contacts.replace(row, person("Marla"), 1)
    assert names(office) == ["Marla"]


def test_nobody_deletes_or_brings_back_what_is_another_s(office: Office) -> None:
    contact_id = add(office, office.anna, person("Mara"))
    with office.storage.write(office.ben.scope) as session, pytest.raises(ContactChanged):
        undo.take_away(session, "ben", contact_id, 1, now())
    assert names(office) == ["Mara"]
