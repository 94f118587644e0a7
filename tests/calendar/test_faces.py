"""What a process remembers of entries: for their owner alone, and never another state of them."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from andock_core.accounts import MemberInfo
from andock_core.calendar.entries import document_of
from andock_core.calendar.faces import LARGEST, Face, Faces, Key, face_of
from andock_core.calendar.viewing import Seen, spans_between
from andock_core.storage import SYSTEM, Entry
from andock_core.storage.tables import Span
from andock_core.vault import Label, Vault
from andock_sdk import Override
from tests.calendar.builders import Office, appointment, at

BEGIN, END = datetime(2026, 11, 23, tzinfo=UTC), datetime(2026, 11, 30, tzinfo=UTC)
DENTIST = appointment(at("2026-11-24 09:00"), subject="Dentist", location="Hafenstraße 9")


@pytest.fixture
def opens(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of all entries whose seal was opened."""
    opened: list[str] = []
    really = Vault.open

    def counted(self: Vault, label: Label, sealed: bytes) -> bytes:
        opened.append(label.id)
        return really(self, label, sealed)

    monkeypatch.setattr(Vault, "open", counted)
    return opened


def seen(office: Office, viewer: MemberInfo, faces: Faces, owner: str = "anna") -> list[Seen]:
    with office.storage.read(viewer.scope) as session:
        return spans_between(session, office.vault, viewer, BEGIN, END, [owner], faces)


def key(entry_id: str, owner: str = "anna") -> Key:
    return Key("t1", owner, entry_id, 1, "then")


def face(title: str) -> Face:
    return face_of({"subject": title})


def test_a_seal_is_opened_once_for_the_same_state(office: Office, opens: list[str]) -> None:
    entry_id, faces = office.add(office.anna, DENTIST), Faces()
    first, again = seen(office, office.anna, faces), seen(office, office.anna, faces)
    assert first == again
    assert again[0].title == "Dentist"
    assert opens == [entry_id]


def test_another_version_is_opened_anew(office: Office) -> None:
    entry_id, faces = office.add(office.anna, DENTIST), Faces()
    seen(office, office.anna, faces)
    with office.storage.write(office.anna.scope) as session:
        entries = office.entries(session, office.anna)
        entry = entries.get(entry_id)
        assert entry is not None
        moved = DENTIST.model_copy(update={"subject": "Surgeon"})
        entries.replace(entry, moved, expected_version=entry.version)
    assert [found.title for found in seen(office, office.anna, faces)] == ["Surgeon"]


def test_the_same_version_written_at_another_time_is_opened_anew(office: Office) -> None:
    faces = Faces()
    for title in ("Dentist", "Surgeon"):
        item = DENTIST.model_copy(update={"subject": title})
        office.add(office.anna, item, entry_id="e" * 32)
        assert [found.title for found in seen(office, office.anna, faces)] == [title]
        with office.storage.write(office.anna.scope) as session:
            entries = office.entries(session, office.anna)
            entry = entries.get("e" * 32)
            assert entry is not None
            entries.delete(entry, expected_version=1)


def test_a_colleague_gets_nothing_of_a_block_that_its_owner_just_saw(
    office: Office, opens: list[str]
) -> None:
    office.add(office.anna, DENTIST)
    faces = Faces()
    seen(office, office.anna, faces)
    (found,) = seen(office, office.ben, faces)
    assert (found.kind, found.title, found.place, found.own) == ("block", "", "", None)
    assert len(opens) == 1


def test_a_colleagues_view_is_not_kept(office: Office) -> None:
    office.add(office.anna, DENTIST, visibility="appointment", origin="andock")
    faces = Faces()
    assert seen(office, office.ben, faces)[0].title == "Dentist"
    assert len(faces) == 0


def test_another_tenant_gets_nothing_though_the_owner_just_saw_it(office: Office) -> None:
    office.add(office.anna, DENTIST)
    office.add(office.anna, DENTIST, visibility="appointment", origin="andock")
    faces = Faces()
    assert len(seen(office, office.anna, faces)) == 2
    assert seen(office, office.zoe, faces) == []


def test_a_select_of_columns_is_scoped_to_the_tenant(office: Office) -> None:
    office.add(office.anna, DENTIST)
    statement = select(Entry.id, Span.start_at).join(Entry, Entry.id == Span.entry_id)
    with office.storage.read(office.zoe.scope) as session:
        assert session.execute(statement).all() == []
    with office.storage.read(office.ben.scope) as session:
        assert len(session.execute(statement).all()) == 1


def test_the_key_of_another_owner_finds_nothing() -> None:
    faces = Faces()
    faces.keep({key("e1"): face("Dentist")})
    assert faces.known([key("e1")])["e1"].title == "Dentist"
    assert faces.known([key("e1", "ben")]) == {}
    assert faces.known([key("e1")._replace(tenant_id="t2")]) == {}


def test_the_face_unused_for_longest_goes_first() -> None:
    faces = Faces(2)
    faces.keep({key("e1"): face("1"), key("e2"): face("2")})
    faces.known([key("e1")])
    faces.keep({key("e3"): face("3")})
    assert set(faces.known([key("e1"), key("e2"), key("e3")])) == {"e1", "e3"}


def test_a_giant_face_is_not_kept() -> None:
    faces = Faces()
    faces.keep({key("e1"): face("x" * (LARGEST + 1))})
    assert len(faces) == 0


def test_a_face_says_what_the_document_says(office: Office) -> None:
    override = Override(subject="Check-up", sensitivity="private")
    daily = {"recurrence": "FREQ=DAILY;COUNT=4", "overrides": {"2026-11-25T09:00:00": override}}
    entry_id = office.add(office.anna, DENTIST.model_copy(update=daily))
    with office.storage.read(SYSTEM) as session:
        entry = session.get(Entry, entry_id)
        assert entry is not None
        item = document_of(office.vault, entry)
    found = face_of(item.model_dump(mode="json"))
    assert found.words("2026-11-24T09:00:00") == ("Dentist", "Hafenstraße 9")
    assert found.words("2026-11-25T09:00:00") == ("Check-up", "Hafenstraße 9")
    assert found.hides("2026-11-25T09:00:00")
    assert not found.hides("2026-11-24T09:00:00")
    assert (found.repeats, found.editable, found.attendees) == (True, True, 0)
