"""The planner's decisions, as a table: what is there, and what is then to be done."""

from dataclasses import replace

import pytest

from andock_core.sync.plan import Agreed, Arrival, Kind, Local, Policy, Role, plan
from andock_sdk import Attendee, Body, Contact, Override, Person, RemoteItem
from tests.sync.builders import IMPORT, ONE, agreed, item, local, remote, series, slot

A, B, C = item("a"), item("b"), item("c")
GUEST = (Attendee(person=Person(email="guest@example.test")),)
LOCKED = item("a", editable=False)
PRIVATE = item("a", sensitivity="private")


@pytest.mark.parametrize(
    ("here", "there", "base", "policy", "verb", "reason"),
    [
        # new on one side
        (None, None, None, ONE, "nothing", "gone on both sides"),
        (local(A), None, None, ONE, "create_there", "new here"),
        (local(A), None, None, IMPORT, "nothing", "own entries go to the one calendar"),
        (local(A, "converted"), None, None, ONE, "nothing", "stays here"),
        (local(A, "block"), None, None, ONE, "nothing", "stays here"),
        (None, remote(A), None, ONE, "create_here", "new there"),
        (None, remote(A), None, IMPORT, "create_here", "new there"),
        # in step
        (local(A), remote(A), agreed(A), ONE, "nothing", "in step"),
        (local(A, version=2), remote(A), agreed(A), ONE, "agree", ""),
        (local(A), remote(A, "v2"), agreed(A), ONE, "agree", ""),
        (local(B), remote(C), agreed(B, C), ONE, "nothing", "in step"),
        # changed on one side
        (local(B), remote(A), agreed(A), ONE, "update_there", "changed here"),
        (local(A), remote(B), agreed(A), ONE, "update_here", "changed there"),
        (local(B, "converted"), remote(A), agreed(A, None, "converted"), IMPORT,
         "update_there", "changed here"),
        # changed on both
        (local(B), remote(B), agreed(A), ONE, "agree", ""),
        (local(B), remote(C), agreed(A), ONE, "update_here", "changed there"),
        (local(B), remote(C), agreed(A), Policy("one", "ours"), "update_there", "changed here"),
        # deleted on one side
        (None, remote(A), agreed(A), ONE, "delete_there", "deleted here"),
        (local(A), None, agreed(A), ONE, "delete_here", "deleted there"),
        (None, None, agreed(A), ONE, "forget", "gone on both sides"),
        # an edit beats a delete
        (None, remote(B), agreed(A), ONE, "create_here", "edit beats delete"),
        (local(B), None, agreed(A), ONE, "create_there", "edit beats delete"),
        # blocks are read-only
        (local(B, "block"), remote(A), agreed(A, None, "block"), ONE, "agree", ""),
        (local(A, "block"), remote(B), agreed(A, None, "block"), ONE, "update_here", ""),
        (None, remote(A), agreed(A, None, "block"), ONE, "create_here", "read-only here"),
        (local(B, "block"), None, agreed(A, None, "block"), ONE, "delete_here", ""),
        # what someone else organises is locked
        (local(B, "converted"), remote(LOCKED), agreed(LOCKED, None, "converted"), ONE,
         "update_here", ""),
        (None, remote(LOCKED), agreed(LOCKED, None, "converted"), ONE,
         "create_here", "read-only here"),
        (local(B, "converted"), None, agreed(LOCKED, None, "converted"), ONE, "delete_here", ""),
        # own entries rest where the calendar is merely imported
        (local(B), remote(A), agreed(A), IMPORT, "nothing", "own entries go to the one calendar"),
        (None, remote(A), agreed(A), IMPORT, "nothing", "own entries go to the one calendar"),
        (local(A), None, agreed(A), IMPORT, "nothing", "own entries go to the one calendar"),
    ],
)  # fmt: skip
def test_table(
    here: Local | None,
    there: RemoteItem | None,
    base: Agreed | None,
    policy: Policy,
    verb: str,
    reason: str,
) -> None:
    if here and base and here.item != base.base_local.item:
        here = replace(here, version=2)  # an edit raises the version
    action = plan(here, there, base, policy)
    assert action.verb == verb
    assert reason in ("", action.reason)


@pytest.mark.parametrize(
    ("arrival", "verb"),
    [("new", "create_here"), ("ours", "nothing"), ("twin", "note"), ("outside", "note")],
)
def test_what_is_unpaired_arrives_only_when_it_is_new(arrival: Arrival, verb: str) -> None:
    assert plan(None, remote(A), None, ONE, arrival).verb == verb


def test_what_arrives_is_a_block_unless_the_member_wished_otherwise() -> None:
    visible = Policy("one", new_visible=True)
    assert plan(None, remote(A), None, ONE).kind == "block"
    assert plan(None, remote(A), None, visible).kind == "converted"
    assert plan(None, remote(PRIVATE), None, visible).kind == "block"
    assert plan(None, remote(A), None, Policy("import", new_visible=True)).kind == "block"


def test_a_newly_private_item_becomes_a_block_and_edits_are_not_lost() -> None:
    action = plan(local(item("a", location="x"), "converted"), remote(PRIVATE), agreed(A), ONE)
    assert (action.verb, action.kind) == ("update_both", "block")
    assert action.fields == {"location"}


def test_what_was_private_when_it_was_converted_stays_visible() -> None:
    base = agreed(PRIVATE, None, "converted")
    assert plan(local(PRIVATE, "converted"), remote(PRIVATE), base, ONE).verb == "nothing"


def test_a_private_occurrence_hides_the_series() -> None:
    key = series().when.start
    marked = series(overrides={key: Override(sensitivity="confidential")})
    action = plan(local(series(), "converted"), remote(marked), agreed(series()), ONE)
    assert (action.verb, action.kind) == ("update_here", "block")


@pytest.mark.parametrize("here", [local(item("b", attendees=GUEST)), None])
def test_what_would_mail_is_held(here: Local | None) -> None:
    base = agreed(item("a", attendees=GUEST))
    loud = Policy("one", silent=False)
    assert plan(here, remote(item("a", attendees=GUEST)), base, loud).verb == "hold"


def test_nothing_is_held_when_the_member_invites() -> None:
    base = agreed(item("a", attendees=GUEST))
    inviting = Policy("one", silent=False, invite=True)
    action = plan(
        local(item("b", attendees=GUEST)), remote(item("a", attendees=GUEST)), base, inviting
    )
    assert action.verb == "update_there"


IN, OUT = Policy("one", direction="in"), Policy("one", direction="out")


@pytest.mark.parametrize(
    ("here", "there", "base", "policy", "verb"),
    [
        (local(A), None, None, IN, "nothing"),
        (local(B, version=2), remote(A), agreed(A), IN, "agree"),
        (local(A), remote(B), agreed(A), IN, "update_here"),
        (None, remote(A), agreed(A), IN, "note"),
        (local(A), None, agreed(A), IN, "delete_here"),
        (local(B), None, agreed(A), IN, "nothing"),
        (None, remote(A), None, OUT, "nothing"),
        (local(A), remote(B), agreed(A), OUT, "nothing"),
        (local(B), remote(A), agreed(A), OUT, "update_there"),
        (None, remote(A), agreed(A), OUT, "delete_there"),
        (None, remote(B), agreed(A), OUT, "note"),
        (local(A), None, agreed(A), OUT, "nothing"),
        (local(B), None, agreed(A), OUT, "create_there"),
    ],
)  # fmt: skip
def test_one_direction(
    here: Local | None,
    there: RemoteItem | None,
    base: Agreed | None,
    policy: Policy,
    verb: str,
) -> None:
    assert plan(here, there, base, policy).verb == verb


def test_what_is_marked_private_becomes_a_block_in_any_direction() -> None:
    action = plan(local(A, "converted"), remote(PRIVATE), agreed(A, kind="converted"), OUT)
    assert (action.verb, action.kind) == ("update_here", "block")


def test_a_create_that_would_mail_is_held() -> None:
    assert (
        plan(local(item(attendees=GUEST)), None, None, Policy("one", silent=False)).verb == "hold"
    )


def test_found_on_both_sides_one_wins_and_the_loser_is_told() -> None:
    mine, yours = item("same", location="here"), item("same", location="there", uid="u")
    action = plan(local(mine), remote(yours), None, ONE)
    assert action.verb == "update_here"
    assert action.here == yours
    assert [(lost.field, lost.value) for lost in action.lost] == [("location", "here")]
    ours = plan(local(mine), remote(yours), None, Policy("one", "ours"))
    assert ours.verb == "update_both"
    assert ours.fields == {"location"}


def test_a_field_that_an_old_base_lacks_is_adopted_and_never_written() -> None:
    base = agreed(A, None, "own", frozenset({"location"}))
    action = plan(local(A), remote(item("a", location="Room 4")), base, ONE)
    assert action.verb == "update_here"
    assert action.fields == frozenset()
    assert action.here == item("a", location="Room 4")


@pytest.mark.parametrize(
    ("version", "html", "verb"),
    [
        ("", "<p>Bring the<br>plans</p>", "agree"),
        ("", "<p>Bring nothing</p>", "update_here"),
        ("v1", "<p>Bring the<br>plans</p>", "update_here"),
    ],
    ids=["never read", "other words", "read before"],
)
@pytest.mark.parametrize("kind", ["own", "block"])
def test_the_same_notes_in_another_form_are_no_change_where_a_side_was_never_read(
    version: str, html: str, verb: str, kind: Kind
) -> None:
    """After a move: EWS gave text, Graph gives HTML."""
    mine = item(body=Body(content="Bring the\nplans"))
    theirs = remote(item(body=Body(kind="html", content=html)), "v2")
    before = replace(agreed(mine, kind=kind), remote_version=version)
    action = plan(local(mine, kind), theirs, before, ONE)
    assert (action.verb, action.fields) == (verb, frozenset())
    assert action.there == theirs.item
    assert (action.here == mine) == (verb == "agree")


def test_the_notes_of_an_exception_and_of_a_contact_may_have_another_form_too() -> None:
    key = "2026-12-01T09:00:00"
    text, html = Body(content="Bring plans"), Body(kind="html", content="<p>Bring plans</p>")
    pairs = (
        (
            series(overrides={key: Override(body=text)}),
            series(overrides={key: Override(body=html)}),
        ),
        (Contact(display_name="Mara", notes=html), Contact(display_name="Mara", notes=text)),
    )
    for mine, theirs in pairs:
        before = replace(agreed(mine), remote_version="")  # type: ignore[arg-type]
        found = RemoteItem(ref="ref", version="v2", item=theirs)
        assert plan(Local("e" * 32, "own", mine, 1), found, before, ONE).verb == "agree"


def test_only_changed_fields_are_written() -> None:
    moved = item("a", when=slot(25))
    action = plan(
        local(moved), remote(item("a", location="kept")), agreed(A, item("a", location="kept")), ONE
    )
    assert action.fields == {"when"}


def test_a_contact_from_there_is_ones_own() -> None:
    found = plan(None, RemoteItem(ref="r", version="v", item=Contact(given="Mara")), None, ONE)
    assert (found.verb, found.kind) == ("create_here", "own")


def test_what_lies_in_a_calendar_for_planning_stays_there() -> None:
    assert plan(None, remote(item()), None, Policy("planning")).verb == "nothing"


def test_a_planned_entry_goes_wherever_it_is_held() -> None:
    roles: tuple[Role, ...] = ("one", "import", "planning")
    for role in roles:
        found = plan(local(item(), "planned"), None, None, Policy(role))
        assert found.verb == "create_there"


def test_a_planned_entry_marked_private_there_stays_what_it_is() -> None:
    there = remote(item(sensitivity="private"), "v2")
    found = plan(local(item(), "planned"), there, agreed(item(), kind="planned"), ONE)
    assert (found.verb, found.kind) == ("update_here", "planned")
