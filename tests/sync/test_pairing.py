"""Recognising at first sight what is there already."""

from typing import Any

from andock_core.sync.pairing import Unpaired, entry_of, next_operation_id, operation_id
from andock_core.sync.plan import Local
from andock_sdk import Contact, Person, Slot
from tests.sync.builders import item, local, series, slot

ENTRY, COLLECTION = "e" * 32, "c" * 32


def test_an_operation_id_names_its_entry_and_fits() -> None:
    made = operation_id(ENTRY, COLLECTION, 1)
    assert entry_of(made) == ENTRY
    assert len(made) <= 64


def test_a_second_try_has_the_same_operation_id_and_a_new_item_another() -> None:
    first = next_operation_id(ENTRY, COLLECTION, "")
    assert first == operation_id(ENTRY, COLLECTION, 1)
    assert next_operation_id(ENTRY, COLLECTION, first) == operation_id(ENTRY, COLLECTION, 2)
    assert next_operation_id(ENTRY, COLLECTION, "from elsewhere") == first


def test_a_foreign_operation_id_names_no_entry() -> None:
    assert entry_of("something-else") == entry_of("") == ""


def test_the_same_uid_in_the_same_slot_is_the_same() -> None:
    mine = local(item("old title", uid="u"))
    assert Unpaired([mine]).take(item("new title", uid="u")) is mine


def test_the_same_uid_at_another_time_is_not_enough() -> None:
    assert Unpaired([local(item(uid="u"))]).take(item(uid="u", when=slot(25))) is None


def test_equal_content_in_the_same_slot_is_the_same_and_taken_once() -> None:
    unpaired = Unpaired([local(item("Lunch"))])
    assert unpaired.take(item("Lunch", uid="u")) is not None
    assert unpaired.take(item("Lunch", uid="v")) is None


def test_other_uids_mean_other_items() -> None:
    assert Unpaired([local(item("Lunch", uid="a"))]).take(item("Lunch", uid="b")) is None


def test_a_single_entry_is_not_a_series() -> None:
    assert Unpaired([local(item())]).take(series()) is None


def test_the_same_moment_in_another_zone_is_the_same_slot() -> None:
    utc = Slot(
        start="2026-11-24T08:00:00", end="2026-11-24T09:00:00", start_zone="UTC", end_zone="UTC"
    )
    assert Unpaired([local(item("Lunch"))]).take(item("Lunch", when=utc)) is not None


def contact(name: str, email: str = "", **fields: Any) -> Contact:
    given, _, surname = name.partition(" ")
    emails = {"email1": Person(email=email)} if email else {}
    return Contact(given=given, surname=surname, **{"emails": emails, **fields})


def known(document: Contact) -> Local:
    return Local("e" * 32, "own", document, 1)


def test_an_address_in_common_makes_two_contacts_one_person() -> None:
    mine = known(contact("Mara Lindt", "mara@a.example"))
    assert Unpaired([mine]).take(contact("M. L.", "MARA@a.example ")) is mine


def test_a_name_alone_does_not() -> None:
    mine = known(contact("Mara Lindt", "mara@a.example"))
    assert Unpaired([mine]).take(contact("Mara Lindt", "mara@b.example")) is None


def test_a_name_and_a_number_do_however_it_is_written() -> None:
    mine = known(contact("Mara Lindt", phones={"mobile": "+49 170 1234567"}))
    assert Unpaired([mine]).take(contact("mara  lindt", phones={"home": "0170/1234567"})) is mine


def test_people_without_names_or_addresses_are_not_taken_for_each_other() -> None:
    mine = known(Contact(company="Nordlicht"))
    assert Unpaired([mine]).take(Contact(company="Nordlicht")) is None
