"""Pairing what one side had with what another has: whatever there is, nothing is taken twice."""

import random
from dataclasses import replace

from hypothesis import given, settings, strategies as st

from andock_core.moving.carrying import answers, default, offered
from andock_core.moving.pairing import Known, Place, pair_up, propose
from andock_core.sync.pairing import operation_id
from andock_sdk import (
    Answers,
    Appointment,
    Choice,
    Contact,
    Field,
    Form,
    Item,
    Person,
    RemoteItem,
    Slot,
    Text,
)

ENTRIES = [f"{number:032x}" for number in range(6)]
COLLECTION = "c" * 32


def appointment(hour: int, subject: str, uid: str = "") -> Appointment:
    """On one day, at a full hour."""
    day, zone = "2026-11-23", "Europe/Berlin"
    when = Slot(
        start=f"{day}T{hour:02}:00:00",
        end=f"{day}T{hour:02}:30:00",
        start_zone=zone,
        end_zone=zone,
    )
    return Appointment(when=when, subject=subject, uid=uid)


items = st.builds(
    appointment,
    st.sampled_from([8, 9, 10]),
    st.sampled_from(["A", "B"]),
    st.sampled_from(["", "u1", "u2", "u3"]),
)
operations = st.sampled_from(["", *(operation_id(entry, COLLECTION, 1) for entry in ENTRIES[:3])])


@st.composite
def olds(draw: st.DrawFn) -> list[Known]:
    """Up to six pairs of one collection."""
    drawn = draw(st.lists(st.tuples(items, operations), max_size=6))
    return [
        Known(f"p{number}", ENTRIES[number], operation, item)
        for number, (item, operation) in enumerate(drawn)
    ]


@st.composite
def news(draw: st.DrawFn) -> list[RemoteItem]:
    """Up to six items of the new side."""
    drawn = draw(st.lists(st.tuples(items, operations), max_size=6))
    return [
        RemoteItem(ref=f"r{number}", version="1", item=item, operation_id=operation)
        for number, (item, operation) in enumerate(drawn)
    ]


def moved(known: list[Known], *, uids: bool = True, ours: bool = True) -> list[RemoteItem]:
    """What a mailbox looks like that was moved whole, under other refs."""
    return [
        RemoteItem(
            ref=f"new-{one.pair_id}",
            version="1",
            item=one.item if uids else one.item.model_copy(update={"uid": ""}),
            operation_id=one.operation_id if ours else "",
        )
        for one in known
    ]


@given(olds(), news())
def test_each_is_taken_at_most_once_and_none_is_forgotten(
    known: list[Known], found: list[RemoteItem]
) -> None:
    done = pair_up(known, found)
    pairs, refs = [m.pair_id for m in done.matches], [m.ref for m in done.matches]
    assert sorted([*pairs, *done.only_old]) == sorted(one.pair_id for one in known)
    assert sorted([*refs, *done.only_new]) == sorted(one.ref for one in found)


@given(olds(), news(), st.randoms(use_true_random=False))
def test_the_order_in_which_they_come_changes_nothing(
    known: list[Known], found: list[RemoteItem], dice: random.Random
) -> None:
    first = pair_up(known, found)
    dice.shuffle(known)
    dice.shuffle(found)
    assert pair_up(known, found) == first


@given(olds(), st.booleans(), st.booleans())
def test_a_mailbox_that_was_moved_whole_leaves_nothing_over(
    known: list[Known], uids: bool, ours: bool
) -> None:
    """Also when the new side forgot the UIDs, or which entries are Andock's."""
    done = pair_up(known, moved(known, uids=uids, ours=ours))
    assert (done.only_old, done.only_new) == ((), ())


@given(olds(), st.booleans(), st.booleans())
def test_what_is_paired_is_the_same_entry(known: list[Known], uids: bool, ours: bool) -> None:
    """Title and time of both are the same, where each pair's own item is on the new side."""
    known = [replace(one, operation_id="") for one in known]
    there = moved(known, uids=uids, ours=ours)
    by_ref = {one.ref: one.item for one in there}
    by_id = {one.pair_id: one.item for one in known}
    for match in pair_up(known, there).matches:
        one, other = by_id[match.pair_id], by_ref[match.ref]
        assert isinstance(one, Appointment)
        assert isinstance(other, Appointment)
        assert (one.subject, one.when) == (other.subject, other.when)


@given(olds(), news())
def test_nothing_is_left_on_both_sides_that_has_a_sign_in_common(
    known: list[Known], found: list[RemoteItem]
) -> None:
    done = pair_up(known, found)
    left = {one.pair_id: one for one in known if one.pair_id in done.only_old}
    for remote in (one for one in found if one.ref in done.only_new):
        for one in left.values():
            assert not remote.item.uid or remote.item.uid != one.item.uid
            assert not remote.operation_id or remote.operation_id != one.operation_id


def test_one_uid_for_everything_ends_soon() -> None:
    """A hostile side may say so; the answer is none the less whole."""
    known = [Known(f"p{n}", "e", "", appointment(8, "A", "same")) for n in range(400)]
    found = [
        RemoteItem(ref=f"r{n}", version="1", item=appointment(8, "A", "same")) for n in range(300)
    ]
    done = pair_up(known, found)
    assert (len(done.matches), len(done.only_old), len(done.only_new)) == (300, 100, 0)


def test_of_several_with_one_uid_the_nearest_are_paired() -> None:
    """Two meetings with one UID stay apart by their time."""
    known = [
        Known("p1", "e1", "", appointment(8, "A", "u")),
        Known("p2", "e2", "", appointment(9, "A", "u")),
    ]
    found = [
        RemoteItem(ref="r1", version="1", item=appointment(9, "A", "u")),
        RemoteItem(ref="r2", version="1", item=appointment(8, "A", "u")),
    ]
    assert {m.pair_id: m.ref for m in pair_up(known, found).matches} == {"p1": "r2", "p2": "r1"}


def test_a_person_is_recognised_by_their_address() -> None:
    """Contacts have no UID everywhere."""
    known = [Known("p1", "e1", "", _mara("Mara", "one"))]
    found = [RemoteItem(ref="r1", version="1", item=_mara("Mara L.", "two"))]
    assert [m.by for m in pair_up(known, found).matches] == ["content"]


names = st.sampled_from(["Kalender", "kalender ", "Familie", "Arbeit", ""])
places = st.lists(st.tuples(names, st.booleans()), max_size=5)


@given(places, places)
@settings(max_examples=60)
def test_none_is_proposed_twice_and_only_what_is_offered(
    old: list[tuple[str, bool]], new: list[tuple[str, bool]]
) -> None:
    mine = [Place(f"o{n}", *each) for n, each in enumerate(old)]
    others = [Place(f"n{n}", *each) for n, each in enumerate(new)]
    found = propose(mine, {one.id: others for one in mine})
    assert len(set(found.values())) == len(found)
    assert set(found.values()) <= {place.id for place in others}


def test_names_come_before_defaults_and_what_is_alone_is_left_for_the_last() -> None:
    mine = [Place("one", "Calendar", default=True), Place("family", "Familie")]
    others = [Place("x", "Familie"), Place("y", "Kalender", default=True)]
    assert propose(mine, {"one": others, "family": others}) == {"family": "x", "one": "y"}


def test_answers_go_to_the_fields_of_the_same_name() -> None:
    """With the collections replaced; what nothing takes over from is left out."""
    form = _form("new-a", "new-b")
    settings_then: Answers = {
        "on": True,
        "calendar": "old-a",
        "imports": ["old-b", "old-c"],
        "other": "x",
    }
    taken = {"old-a": "new-a", "old-b": "new-b"}
    assert answers(form, settings_then, taken) == {
        "on": True,
        "calendar": "new-a",
        "imports": ["new-b"],
        "extra": False,
    }


def test_what_was_never_asked_chooses_no_collection() -> None:
    """The form's own proposal would begin to synchronise something that nobody wanted."""
    form = _form("new-a", "new-b")
    assert answers(form, {"imports": ["old-b"]}, {"old-b": "new-b"})["calendar"] == ""
    assert default(form, {"imports": ["old-b"]}, "old-b") == ""


def test_only_what_every_field_allows_is_offered() -> None:
    """A read-only calendar may be imported, and cannot be the one."""
    form = _form("new-a", "new-b", read_only="new-b")
    assert [c.value for c in offered(form, {"calendar": "old"}, "old")] == ["new-a"]
    assert [c.value for c in offered(form, {"imports": ["old"]}, "old")] == ["new-a", "new-b"]
    assert offered(form, {}, "old") == ()


def _mara(name: str, uid: str) -> Item:
    return Contact(
        display_name=name, uid=uid, emails={"email1": Person(name=name, email="mara@example.test")}
    )


def _form(*refs: str, read_only: str = "") -> Form:
    said = Text(en="-", de="-")
    choices = [Choice(value=ref, label=said) for ref in refs]
    ones = [Choice(value=ref, label=said, disabled=ref == read_only) for ref in refs]
    nothing = Choice(value="", label=said)
    return Form(
        fields=(
            Field(name="on", label=said, kind="switch", required=False, value=False),
            Field(
                name="calendar",
                label=said,
                kind="choice",
                required=False,
                value=refs[0],
                choices=(nothing, *ones),
            ),
            Field(
                name="imports",
                label=said,
                kind="choices",
                required=False,
                value=(),
                choices=tuple(choices),
            ),
            Field(name="extra", label=said, kind="switch", required=False, value=False),
        )
    )
