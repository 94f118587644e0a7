"""Contacts and the one folder on the other side, both ways."""

import base64
from typing import Any

import pytest

from andock_core.contacts.store import Contacts
from andock_core.runs.held import held
from andock_core.storage import Contact as Row, Intent, JournalLine, Pair
from andock_sdk import Body, Contact, Patch, Person, Photo, PostalAddress
from tests.runs.stage import Stage, appointment
from tests.support.memory_plugin import MemoryConnector

PHOTO = Photo(media_type="image/png", data=base64.b64encode(b"\x89PNG one").decode())
OTHER_PHOTO = Photo(media_type="image/png", data=base64.b64encode(b"\x89PNG two").decode())

EVERYTHING = Contact(
    display_name="Dr. Mara Lindt",
    title="Dr.",
    given="Mara",
    middle="E.",
    surname="Lindt",
    suffix="jun.",
    nickname="Mari",
    company="Nordlicht",
    department="Einkauf",
    job_title="Leiterin",
    emails={
        "email1": Person(name="Mara", email="mara@nordlicht.example"),
        "email2": Person(email="mara@privat.example"),
        "email3": Person(email="m.lindt@verein.example"),
    },
    phones={"mobile": "+49 170 1234567", "business": "+49 30 111"},
    addresses={"business": PostalAddress(street="Weg 1", city="Berlin", postcode="10115")},
    birthday="1980-03-31",
    website="https://nordlicht.example",
    notes=Body(content="Mag Tee."),
    categories=("Kunde",),
    photo=PHOTO,
)


def person(name: str, email: str = "", **fields: Any) -> Contact:
    given, _, surname = name.partition(" ")
    emails = {"email1": Person(email=email)} if email else {}
    return Contact(display_name=name, given=given, surname=surname, **{"emails": emails, **fields})


def create(stage: Stage, item: Contact) -> str:
    with stage.writing(Contacts) as contacts:
        return str(contacts.create(item).id)


def edit(stage: Stage, contact_id: str, **fields: Any) -> None:
    with stage.writing(Contacts) as contacts:
        row = contacts.get(contact_id)
        item = contacts.document(row)
        values = {name: getattr(item, name) for name in Contact.model_fields}
        contacts.replace(row, Contact.model_validate({**values, **fields}), row.version)


def remove(stage: Stage, contact_id: str) -> None:
    with stage.writing(Contacts) as contacts:
        row = contacts.get(contact_id)
        contacts.delete(row, row.version)


def here(stage: Stage) -> dict[str, Contact]:
    with stage.writing(Contacts) as contacts:
        return {row.id: contacts.document(contacts.get(row.id)) for row in stage.rows(Row)}


def only(stage: Stage) -> Contact:
    (item,) = here(stage).values()
    return item


def there(stage: Stage, folder: str) -> list[Contact]:
    found = [remote.item for remote in stage.memory.items(folder).values()]
    assert all(isinstance(item, Contact) for item in found)
    return found  # type: ignore[return-value]


def known_as(item: Contact) -> Contact:
    """Without what the other side gives."""
    return item.model_copy(update={"uid": ""})


def quiet(stage: Stage) -> None:
    """A run that finds nothing to do."""
    stage.in_step()
    with stage.writing(Contacts):
        assert [row.state for row in stage.rows(Pair)] == ["ok"] * len(stage.rows(Pair))


def test_a_contact_goes_out_whole_and_stays_in_step(stage: Stage) -> None:
    folder = stage.add_contacts()
    create(stage, EVERYTHING)
    stage.run()
    assert [known_as(item) for item in there(stage, folder)] == [EVERYTHING]
    quiet(stage)


def test_a_contact_from_there_arrives_whole_as_ones_own(stage: Stage) -> None:
    folder = stage.add_contacts()
    ref = stage.memory.put(folder, EVERYTHING)
    stage.run()
    assert known_as(only(stage)) == EVERYTHING
    assert [row.origin for row in stage.rows(Row)] == ["remote"]
    (contact_id,) = here(stage)
    edit(stage, contact_id, phones={"mobile": "+49 170 7654321"})
    stage.run()
    item = stage.memory.items(folder)[ref].item
    assert isinstance(item, Contact)
    assert item.phones == {"mobile": "+49 170 7654321"}
    quiet(stage)


def test_edits_of_different_numbers_on_both_sides_are_both_kept(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    folder = stage.add_contacts()
    contact_id = create(stage, EVERYTHING)
    stage.run()
    (ref,) = stage.memory.items(folder)
    edit(stage, contact_id, phones={**EVERYTHING.phones, "home": "+49 30 222"})
    stage.memory.edit(ref, phones={**EVERYTHING.phones, "mobile": "+49 170 99"})
    stage.run()
    wanted = {"business": "+49 30 111", "home": "+49 30 222", "mobile": "+49 170 99"}
    assert only(stage).phones == wanted
    assert there(stage, folder)[0].phones == wanted
    quiet(stage)


def test_the_same_number_edited_on_both_sides_is_told(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    stage.add_contacts()
    contact_id = create(stage, EVERYTHING)
    stage.run()
    (pair,) = stage.rows(Pair)
    edit(stage, contact_id, phones={"mobile": "mine", "business": "+49 30 111"})
    stage.memory.edit(pair.ref, phones={"mobile": "theirs", "business": "+49 30 111"})
    stage.run()
    assert only(stage).phones["mobile"] == "theirs"
    lost = [one for line in stage.rows(JournalLine) for one in stage.journal(line)["lost"]]
    assert lost == [{"field": "phones/mobile", "side": "here", "value": "mine"}]


def test_a_new_photo_travels_and_an_unchanged_one_does_not(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    folder = stage.add_contacts()
    contact_id = create(stage, EVERYTHING)
    stage.run()
    edit(stage, contact_id, nickname="Marlene")
    stage.run()
    assert there(stage, folder)[0].photo == PHOTO
    edit(stage, contact_id, photo=OTHER_PHOTO)
    stage.run()
    assert there(stage, folder)[0].photo == OTHER_PHOTO
    (ref,) = stage.memory.items(folder)
    stage.memory.edit(ref, photo=PHOTO)
    stage.run()
    assert only(stage).photo == PHOTO
    quiet(stage)


def test_bases_keep_no_photo(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    stage.add_contacts()
    big = Photo(media_type="image/jpeg", data=base64.b64encode(b"\xff\xd8" * 50_000).decode())
    create(stage, EVERYTHING.model_copy(update={"photo": big}))
    stage.run()
    (pair,) = stage.rows(Pair)
    assert len(pair.base_local) + len(pair.base_remote) < 10_000
    quiet(stage)


def test_the_same_person_on_both_sides_is_recognised(stage: Stage) -> None:
    folder = stage.add_contacts()
    create(stage, person("Mara Lindt", "mara@nordlicht.example", nickname="Mari"))
    create(stage, person("Jo Berg", company="Fjord", phones={"mobile": "0170 1234567"}))
    create(stage, person("Kim Ost"))
    stage.memory.put(folder, person("M. Lindt", "MARA@nordlicht.example", job_title="Leiterin"))
    stage.memory.put(folder, person("Jo Berg", phones={"business": "+49 170 1234567"}))
    stage.memory.put(folder, person("Kim Ost", "another@kim.example"))
    stage.run()
    assert sorted(item.display_name for item in here(stage).values()) == [
        "Jo Berg",
        "Kim Ost",
        "Kim Ost",
        "M. Lindt",
    ]
    mara = next(item for item in there(stage, folder) if item.surname == "Lindt")
    assert (mara.nickname, mara.job_title) == ("Mari", "Leiterin")
    quiet(stage)


def test_a_contact_deleted_on_one_side_goes_on_the_other(stage: Stage) -> None:
    folder = stage.add_contacts()
    first, _ = create(stage, person("Mara Lindt")), create(stage, person("Jo Berg"))
    stage.run()
    remove(stage, first)
    stage.run()
    assert [item.display_name for item in there(stage, folder)] == ["Jo Berg"]
    (ref,) = stage.memory.items(folder)
    stage.memory.remove(ref)
    stage.run()
    assert here(stage) == {}


def test_an_edit_beats_a_delete(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    folder = stage.add_contacts()
    contact_id = create(stage, person("Mara Lindt"))
    stage.run()
    (ref,) = stage.memory.items(folder)
    stage.memory.edit(ref, company="Nordlicht")
    remove(stage, contact_id)
    stage.run()
    assert only(stage).company == "Nordlicht"
    quiet(stage)


def test_many_deletes_wait_for_the_member(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    folder = stage.add_contacts()
    for number in range(6):
        create(stage, person(f"Person {number}", f"p{number}@a.example"))
    stage.run()
    for ref in stage.memory.items(folder):
        stage.memory.remove(ref)
    assert stage.run().state == "held"
    assert len(here(stage)) == 6
    with stage.core.storage.read(stage.scope) as session:
        assert held(session, stage.connection_id) == {"here": 6}


def test_a_create_whose_answer_was_lost_is_found_again(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    folder = stage.add_contacts()
    create(stage, EVERYTHING)
    stage.memory.fail("create", "lost")
    stage.run()
    assert len(stage.rows(Intent)) == 1
    stage.retry()
    assert len(there(stage, folder)) == 1
    assert len(here(stage)) == 1
    quiet(stage)


def test_a_write_against_a_newer_version_merges_instead(
    sqlite_stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = sqlite_stage
    folder = stage.add_contacts()
    contact_id = create(stage, EVERYTHING)
    stage.run()
    edit(stage, contact_id, nickname="Marlene")
    update = MemoryConnector.update

    def edited_meanwhile(self: Any, collection: str, ref: str, patch: Patch, seen: str) -> Any:
        monkeypatch.setattr(MemoryConnector, "update", update)
        stage.memory.edit(ref, company="Fjord")
        return update(self, collection, ref, patch, seen)

    monkeypatch.setattr(MemoryConnector, "update", edited_meanwhile)
    stage.run()
    assert (only(stage).nickname, only(stage).company) == ("Marlene", "Fjord")
    (item,) = there(stage, folder)
    assert (item.nickname, item.company) == ("Marlene", "Fjord")


def test_an_appointment_in_a_folder_of_contacts_is_left_alone(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    folder = stage.add_contacts()
    stage.memory.put(folder, appointment("Not a person"))
    stage.run()
    assert here(stage) == {}
    assert stage.subjects() == []


def test_a_photo_that_never_followed_its_new_contact_is_sent_later(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    folder = stage.add_contacts()
    contact_id = create(stage, person("Mara Lindt", photo=PHOTO))
    stage.memory.fail("create", "lost")
    stage.run()
    (ref,) = stage.memory.items(folder)
    stage.memory.edit(ref, photo=None)
    stage.run()
    stage.run()
    assert here(stage)[contact_id].photo == PHOTO
    (remote,) = there(stage, folder)
    assert remote.photo == PHOTO
