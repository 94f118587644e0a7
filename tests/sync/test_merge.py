"""The three-way merge."""

from typing import Any, Literal

import pytest

from andock_core.sync.documents import Base, dump, light, load, load_base
from andock_core.sync.merge import Lost, adopt, merge
from andock_sdk import Appointment, Attendee, Contact, Override, Person, Photo
from tests.sync.builders import item, series, slot

KEY, OTHER = "2026-11-24T09:00:00", "2026-12-01T09:00:00"


def merged(
    base: Appointment,
    here: Appointment,
    there: Appointment,
    winner: Literal["theirs", "ours"] = "theirs",
) -> Any:
    return merge(Base(base), here, Base(base), there, winner)


def test_different_fields_merge() -> None:
    result = merged(item("a"), item("b"), item("a", location="Room 4"))
    assert result.here == result.there == item("b", location="Room 4")
    assert result.here_fields == {"location"}
    assert result.there_fields == {"subject"}
    assert result.lost == ()


@pytest.mark.parametrize(("winner", "kept", "lost"), [("theirs", "c", "b"), ("ours", "b", "c")])
def test_the_same_field_has_a_winner(
    winner: Literal["theirs", "ours"], kept: str, lost: str
) -> None:
    result = merged(item("a"), item("b"), item("c"), winner)
    assert result.here.subject == result.there.subject == kept
    assert [one.value for one in result.lost] == [lost]


def test_the_same_edit_on_both_sides_is_no_conflict() -> None:
    result = merged(item("a"), item("b"), item("b"))
    assert (result.here_fields, result.there_fields, result.lost) == (frozenset(), frozenset(), ())


def test_spellings_that_nobody_changed_stay_apart() -> None:
    mine, yours = item("a", location="x"), item("a", location="x ")
    result = merge(Base(mine), mine, Base(yours), yours, "theirs")
    assert (result.here, result.there) == (mine, yours)


def test_when_is_one_field() -> None:
    result = merged(item(when=slot(24, 9)), item(when=slot(25, 9)), item(when=slot(24, 9, 2)))
    assert result.here.when == slot(24, 9, 2)
    assert result.lost == (Lost("when", "here", slot(25, 9)),)


def test_a_series_pattern_is_one_field() -> None:
    here = series(when=slot(25), recurrence="FREQ=WEEKLY;COUNT=8")
    there = series(recurrence="FREQ=WEEKLY;COUNT=4")
    result = merged(series(), here, there)
    assert (result.here.when, result.here.recurrence) == (slot(24), "FREQ=WEEKLY;COUNT=4")
    assert {one.field for one in result.lost} == {"when", "recurrence"}


def test_overrides_merge_by_occurrence_and_field() -> None:
    base = series(overrides={KEY: Override(subject="x")})
    here = series(overrides={KEY: Override(subject="x", location="here")})
    there = series(overrides={KEY: Override(subject="y"), OTHER: Override(busy="free")})
    result = merged(base, here, there)
    assert result.here.overrides == {
        KEY: Override(subject="y", location="here"),
        OTHER: Override(busy="free"),
    }
    assert result.there.overrides == result.here.overrides
    assert result.there_fields == {"overrides"}


def test_an_override_taken_back_on_one_side_goes() -> None:
    base = series(overrides={KEY: Override(subject="x")})
    result = merged(base, base, series())
    assert result.here.overrides == {}


def test_the_same_field_of_an_occurrence_has_a_winner() -> None:
    result = merged(
        series(),
        series(overrides={KEY: Override(subject="mine")}),
        series(overrides={KEY: Override(subject="yours")}),
    )
    assert result.here.overrides[KEY].subject == "yours"
    assert result.lost == (Lost(f"overrides/{KEY}/subject", "here", "mine"),)


def test_cancellations_are_sets() -> None:
    result = merged(
        series(cancellations=(KEY,)),
        series(cancellations=(KEY, OTHER)),
        series(cancellations=()),
    )
    assert result.here.cancellations == result.there.cancellations == (OTHER,)


@pytest.mark.parametrize("cancelled", ["here", "there"])
def test_an_edited_occurrence_beats_a_cancelled_one(cancelled: str) -> None:
    edited = series(overrides={KEY: Override(subject="still on")})
    gone = series(cancellations=(KEY,))
    here, there = (gone, edited) if cancelled == "here" else (edited, gone)
    result = merged(series(), here, there)
    for side in (result.here, result.there):
        assert side.cancellations == ()
        assert side.overrides[KEY].subject == "still on"
    assert [one.side for one in result.lost] == [cancelled]


def invited(**answers: str) -> Appointment:
    people = (
        Attendee(person=Person(email=f"{name}@example.test"), answer=answer)  # type: ignore[arg-type]
        for name, answer in answers.items()
    )
    return item(attendees=tuple(people))


def test_attendees_merge_one_by_one_whatever_their_order() -> None:
    base = invited(ada="none", bob="none")
    here = invited(ada="none", bob="none", cleo="none")
    there = invited(bob="declined", ada="none")
    result = merged(base, here, there)
    wanted = {
        "ada@example.test": "none",
        "bob@example.test": "declined",
        "cleo@example.test": "none",
    }
    for side in (result.here, result.there):
        assert {one.person.email: one.answer for one in side.attendees} == wanted
    assert result.lost == ()


def test_attendees_in_another_order_are_nothing_new() -> None:
    result = merged(
        invited(ada="none", bob="none"),
        invited(ada="none", bob="none"),
        invited(bob="none", ada="none"),
    )
    assert (result.here_fields, result.there_fields) == (frozenset(), frozenset())


@pytest.mark.parametrize("moved", ["here", "there"])
def test_exceptions_go_along_with_the_series(moved: str) -> None:
    base = series(overrides={KEY: Override(subject="x")}, cancellations=(OTHER,))
    edited = series(overrides={KEY: Override(subject="y")}, cancellations=(OTHER,))
    later = series(
        when=slot(25, 11),
        overrides={"2026-11-25T11:00:00": Override(subject="x")},
        cancellations=("2026-12-02T11:00:00",),
    )
    result = merged(base, later, edited) if moved == "here" else merged(base, edited, later)
    for side in (result.here, result.there):
        assert side.when == slot(25, 11)
        assert side.overrides == {"2026-11-25T11:00:00": Override(subject="y")}
        assert side.cancellations == ("2026-12-02T11:00:00",)
    assert result.lost == ()


def test_an_edit_of_an_occurrence_that_went_with_the_pattern_is_told() -> None:
    last = "2027-01-12T09:00:00"
    here = series(overrides={last: Override(subject="mine")})
    result = merged(series(), here, series(recurrence="FREQ=WEEKLY;COUNT=2"))
    assert result.here.overrides == result.there.overrides == {}
    assert result.lost == (Lost(f"overrides/{last}/subject", "here", "mine"),)


def test_a_new_pattern_is_written_together_with_the_exceptions() -> None:
    base = series(overrides={KEY: Override(subject="x")})
    here = series(recurrence="FREQ=WEEKLY;COUNT=9", overrides={KEY: Override(subject="x")})
    assert merged(base, here, base).there_fields == {"recurrence", "overrides"}


def test_identity_comes_from_there_and_is_never_written() -> None:
    boss = Person(email="boss@example.test")
    result = merged(item(), item(uid="mine"), item(uid="theirs", organizer=boss))
    assert (result.here.uid, result.here.organizer) == ("theirs", boss)
    assert result.there_fields == frozenset()


def test_a_base_survives_json_and_knows_what_it_lacks() -> None:
    document = dump(series(overrides={KEY: Override(subject="x")}, cancellations=(OTHER,)))
    assert dump(load(document)) == document
    del document["location"]
    document["invented_later"] = 1
    assert load_base(document).lacking == {"location"}


def test_a_contacts_numbers_merge_one_by_one() -> None:
    base = Contact(phones={"home": "1", "mobile": "2"})
    here = Contact(phones={"home": "1", "mobile": "2", "car": "3"})
    there = Contact(phones={"mobile": "4"})
    result = merge(Base(base), here, Base(base), there, "theirs")
    assert result.here == result.there == Contact(phones={"mobile": "4", "car": "3"})
    assert result.lost == ()


def test_contacts_at_first_sight_keep_what_either_side_knows() -> None:
    here = Contact(surname="Lindt", phones={"home": "1"}, company="Fjord")
    there = Contact(surname="Lindt", phones={"mobile": "2"}, company="Nordlicht", uid="u")
    result = adopt(here, there, "theirs")
    assert (
        result.here
        == result.there
        == there.model_copy(update={"phones": {"home": "1", "mobile": "2"}})
    )
    assert result.lost == (Lost("company", "here", "Fjord"),)


def test_a_photo_is_compared_by_its_content() -> None:
    photo = Photo(media_type="image/png", data="QUJD")
    base = Base(light(Contact(photo=photo)))
    assert base.changes(Contact(photo=photo)) == frozenset()
    assert base.changes(Contact(photo=photo.model_copy(update={"data": "QUJE"}))) == {"photo"}


def test_a_contact_is_told_from_an_appointment_when_it_is_read_again() -> None:
    for document in (Contact(surname="Lindt"), item("a")):
        assert load(dump(document)) == document
