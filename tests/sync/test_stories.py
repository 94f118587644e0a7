"""Bugs that schedules found, each told as a short story."""

from dataclasses import replace

import pytest

from andock_core.proof.remote import Nature
from andock_core.proof.values import values, with_value
from andock_core.sync import execute, plan as planning
from andock_core.sync.plan import Action, Policy
from andock_sdk import Appointment, Contact, Override
from tests.sync.builders import item, series, slot
from tests.sync.stage import Stage, dies, unknown

SECOND = "2026-12-01T09:00:00"
FOURTH = "2026-12-15T09:00:00"


def test_a_create_that_appears_late_is_not_made_twice() -> None:
    stage = Stage()
    stage.here(item("Jour fixe"))
    stage.at = {"create.before": lambda: "late"}
    stage.run()
    stage.run(1)  # nothing is there yet
    stage.run(1)
    assert len(stage.remote.items) == len(stage.items()) == 1


def test_an_item_under_a_new_ref_stays_the_entry_that_it_was() -> None:
    stage = Stage()
    ref = stage.remote.put(item("Lunch"))
    stage.run()
    (entry,) = stage.memory.entries()
    stage.memory.convert(entry.entry_id)
    held = stage.remote.items[ref].item
    stage.remote.remove(ref)
    stage.remote.put(held, keep_uid=True)
    stage.run()
    assert [(one.entry_id, one.kind) for one in stage.memory.entries()] == [
        (entry.entry_id, "converted")
    ]


def test_an_item_under_a_new_ref_that_was_edited_here_is_not_made_twice() -> None:
    stage = Stage()
    entry = stage.here(item("Lunch"))
    stage.run()
    (ref,) = stage.remote.items
    held = stage.remote.items[ref]
    stage.remote.remove(ref)
    stage.remote.put(held.item, keep_uid=True)
    stage.memory.edit(entry, item("Dinner"))
    stage.run()
    assert [one.item.model_copy(update={"uid": ""}) for one in stage.remote.items.values()] == [
        item("Dinner")
    ]


def test_deleting_here_what_moved_there_deletes_it_there() -> None:
    stage = Stage()
    entry = stage.here(item("Lunch"))
    stage.run()
    (ref,) = stage.remote.items
    held = stage.remote.items[ref]
    stage.remote.remove(ref)
    stage.remote.put(held.item, keep_uid=True)
    stage.memory.delete(entry)
    stage.run()
    assert stage.remote.items == {}
    assert stage.items() == []


def test_a_copy_whose_original_goes_is_a_block_of_its_own() -> None:
    stage = Stage()
    stage.here(item("Lunch"))
    stage.run()
    (ref,) = stage.remote.items
    stage.remote.put(item("Copy"), stage.remote.items[ref].operation_id)
    stage.remote.remove(ref)
    stage.run()
    assert [one.kind for one in stage.memory.entries()] == ["block"]


def test_an_item_whose_create_was_recovered_is_told_from_its_copy() -> None:
    stage = Stage()
    stage.here(item("Lunch"))
    stage.at = {"create.after": dies}
    stage.run()
    stage.at = {"changes.before": dies}
    stage.run()  # it is found again, and the run dies before it is read
    (ref,) = stage.remote.items
    stage.remote.put(item("Copy"), stage.remote.items[ref].operation_id)
    stage.remote.remove(ref)
    stage.run()
    assert [one.kind for one in stage.memory.entries()] == ["block"]


def test_what_cannot_be_read_yet_may_be_what_vanished() -> None:
    stage = Stage()
    ref = stage.remote.put(item("Lunch"))
    stage.run()
    (entry,) = stage.memory.entries()
    held = stage.remote.items[ref].item
    stage.remote.remove(ref)
    stage.remote.put(held, keep_uid=True)
    stage.at = {"read.before": lambda: "unreadable"}
    stage.run()
    stage.run()
    assert [one.entry_id for one in stage.memory.entries()] == [entry.entry_id]


def test_what_lost_within_a_dictionary_is_told_after_a_crash() -> None:
    stage = Stage(kind="contacts")
    ref = stage.remote.put(Contact(nickname="Mara"))
    stage.run()
    (entry,) = stage.memory.entries()
    mine = with_value(with_value(entry.item, "phones/mobile", "mine"), "phones/home", "new")
    stage.memory.edit(entry.entry_id, mine)
    stage.remote.edit(ref, with_value(stage.remote.items[ref].item, "phones/mobile", "theirs"))
    stage.at = {"update.after": dies}
    stage.run()
    stage.run()
    told = [lost.value for line in stage.memory.journal() for lost in line.lost]
    assert told == ["mine"]
    (contact,) = stage.items()
    assert isinstance(contact, Contact)
    assert contact.phones == {"home": "new", "mobile": "theirs"}


def test_deleting_what_was_made_visible_before_a_run_saw_it_deletes_it_there() -> None:
    stage = Stage()
    stage.remote.put(item("Lunch"))
    stage.run()
    (entry,) = stage.memory.entries()
    stage.memory.convert(entry.entry_id)
    stage.memory.delete(entry.entry_id)
    stage.run()
    assert stage.remote.items == {}


def test_what_would_mail_waits_and_what_came_does_not() -> None:
    stage = Stage(Policy("one", new_visible=True, silent=False), nature=Nature(loud=True))
    ref = stage.remote.put(with_value(item("Review"), "attendees/a", "Ada"))
    stage.run()
    (entry,) = stage.memory.entries()
    stage.memory.edit(entry.entry_id, with_value(entry.item, "subject", "mine"))
    stage.remote.edit(ref, with_value(stage.remote.items[ref].item, "location", "theirs"))
    stage.run()
    (held,) = stage.memory.entries()
    assert [getattr(held.item, name) for name in ("subject", "location")] == ["mine", "theirs"]
    assert [pair.state for pair in stage.memory.pairs()] == ["held"]
    assert stage.remote.outbox == []
    stage.memory.release("mail.would")
    stage.run()
    assert stage.remote.items[ref].item == held.item
    assert stage.remote.outbox == ["mail"]


def test_a_block_at_once_also_when_a_change_waits_and_the_change_is_told() -> None:
    stage = Stage(Policy("one", new_visible=True, silent=False), nature=Nature(loud=True))
    ref = stage.remote.put(with_value(item("Review"), "attendees/a", "Ada"))
    stage.run()
    (entry,) = stage.memory.entries()
    stage.memory.edit(entry.entry_id, with_value(entry.item, "subject", "mine"))
    there = stage.remote.items[ref].item
    stage.remote.edit(ref, there.model_copy(update={"sensitivity": "private"}))
    stage.run()
    (block,) = stage.memory.entries()
    assert (block.kind, block.item) == ("block", stage.remote.items[ref].item)
    told = [lost.value for line in stage.memory.journal() for lost in line.lost]
    assert told == ["mine"]


def test_an_occurrence_keeps_its_edit_when_the_series_is_moved_on_the_other_side() -> None:
    stage = Stage()
    entry = stage.here(series())
    stage.run()
    (ref,) = stage.remote.items
    stage.memory.edit(entry, series(overrides={SECOND: Override(subject="mine")}))
    moved = stage.remote.items[ref].item.model_copy(update={"when": slot(25, 11)})
    stage.remote.edit(ref, moved)
    stage.run()
    (document,) = stage.items()
    assert values(document) == values(stage.remote.items[ref].item)
    assert getattr(document, "overrides") == {"2026-12-02T11:00:00": Override(subject="mine")}  # noqa: B009


def test_a_moved_series_keeps_its_exceptions_on_a_server_that_drops_them() -> None:
    stage = Stage(nature=Nature(drops_exceptions=True))
    entry = stage.here(series(overrides={SECOND: Override(subject="mine")}))
    stage.run()
    stage.memory.edit(
        entry,
        series(recurrence="FREQ=WEEKLY;COUNT=9", overrides={SECOND: Override(subject="mine")}),
    )
    stage.run()
    (held,) = stage.remote.items.values()
    assert getattr(held.item, "overrides") == {SECOND: Override(subject="mine")}  # noqa: B009


def test_a_server_that_suddenly_lists_nothing_deletes_nothing() -> None:
    stage = Stage()
    for number in range(6):
        stage.remote.put(item(f"entry {number}", when=slot(24, 9 + number)))
    stage.run()
    stage.remote.lose_cursors()
    stage.remote.blank = True
    stage.run()
    assert len(stage.items()) == 6
    assert {pair.state for pair in stage.memory.pairs()} == {"held"}


def test_an_error_that_nobody_foresaw_is_one_items_trouble(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plan = planning.plan

    def stumbles(*asked: object, **more: object) -> Action:
        if getattr(getattr(asked[1], "item", None), "subject", "") == "odd":
            raise ZeroDivisionError
        return plan(*asked, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(execute, "plan", stumbles)
    stage = Stage()
    for subject in ("fine", "odd", "fine too"):
        stage.remote.put(item(subject))
    stage.run()
    assert len(stage.items()) == 2
    assert [type(error) for error in stage.unforeseen] == [ZeroDivisionError]


def test_a_connector_that_stumbles_over_one_item_reads_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stage = Stage()
    odd = stage.remote.put(item("odd"))
    stage.remote.put(item("fine"))
    read = stage.remote.read

    def stumbles(collection: str, refs: list[str]) -> object:
        if odd in refs:
            raise ZeroDivisionError
        return read(collection, refs)

    monkeypatch.setattr(stage.remote, "read", stumbles)
    stage.run()
    assert [getattr(one, "subject") for one in stage.items()] == ["fine"]  # noqa: B009


def test_nothing_goes_out_when_all_shall_come_in() -> None:
    stage = Stage(Policy("one", new_visible=True, direction="in"))
    ref = stage.remote.put(item("Lunch"))
    stage.here(item("mine"))
    stage.run()
    lunch = next(one for one in stage.memory.entries() if one.kind == "converted")
    stage.memory.edit(lunch.entry_id, with_value(lunch.item, "subject", "Dinner"))
    stage.remote.edit(ref, with_value(stage.remote.items[ref].item, "location", "Room 4"))
    stage.run()
    stage.run()
    assert stage.remote.writes == []
    after = next(one for one in stage.memory.entries() if one.kind == "converted").item
    assert [getattr(after, name) for name in ("subject", "location")] == ["Dinner", "Room 4"]


def test_nothing_comes_in_when_all_shall_go_out() -> None:
    stage = Stage(Policy("one", direction="out"))
    entry = stage.here(item("mine"))
    stage.remote.put(item("theirs"))
    stage.run()
    (ref,) = (ref for ref, held in stage.remote.items.items() if held.operation_id)
    stage.remote.edit(ref, with_value(stage.remote.items[ref].item, "location", "theirs"))
    stage.memory.edit(entry, item("still mine"))
    stage.run()
    assert stage.items() == [item("still mine")]
    there = stage.remote.items[ref].item
    assert [getattr(there, name) for name in ("subject", "location")] == ["still mine", "theirs"]


@pytest.mark.parametrize("fails", [dies, unknown])
def test_a_create_whose_answer_was_lost_is_found_again(fails: object) -> None:
    stage = Stage()
    stage.here(item("Jour fixe"))
    stage.at = {"create.after": fails}  # type: ignore[dict-item]
    stage.run()
    stage.run()
    stage.run()
    assert len(stage.remote.items) == 1
    assert stage.memory.open_intents() == 0


def test_exceptions_that_never_followed_their_new_series_are_sent_later() -> None:
    """They go by calls of their own: what never came must not pass for taken away there."""
    stage = Stage()
    whole = series(
        overrides={SECOND: Override(subject="Planung"), FOURTH: Override(location="Raum 2")},
        cancellations=("2026-12-08T09:00:00", "2026-12-22T09:00:00"),
    )
    stage.here(whole)

    def stops_halfway() -> str:
        (ref,) = stage.remote.items
        some = {
            "overrides": {SECOND: Override(subject="Planung", location="Raum 9")},
            "cancellations": whole.cancellations[:1],
        }
        stage.remote.edit(ref, whole.model_copy(update=some))
        return unknown()

    stage.at = {"create.after": stops_halfway}
    for _ in range(3):
        stage.run()
    (here,), (there,) = stage.items(), stage.remote.items.values()
    for held in (here, there.item):
        assert isinstance(held, Appointment)
        assert held.cancellations == whole.cancellations
        assert held.overrides == {
            SECOND: Override(subject="Planung", location="Raum 9"),  # what somebody added there
            FOURTH: Override(location="Raum 2"),
        }


def test_a_shorter_series_that_waited_and_lost_ends_in_step() -> None:
    stage = Stage(Policy("one", new_visible=True, silent=False), nature=Nature(loud=True))
    last = "2026-12-15T09:00:00"
    whole = series(recurrence="FREQ=WEEKLY;COUNT=4", overrides={last: Override(location="there")})
    ref = stage.remote.put(with_value(whole, "attendees/a", "Ada"))
    stage.run()
    (entry,) = stage.memory.entries()
    shorter = {"recurrence": "FREQ=WEEKLY;COUNT=3", "overrides": {}}
    stage.memory.edit(entry.entry_id, entry.item.model_copy(update=shorter))
    stage.run()
    stage.remote.edit(ref, with_value(stage.remote.items[ref].item, "when", "2026-11-25T11:00:00"))
    stage.run()
    stage.memory.release("mail.would")
    stage.run()
    (after,) = stage.items()
    assert values(after) == values(stage.remote.items[ref].item)


def test_what_came_while_nothing_may_come_in_and_a_mail_waits_is_not_overwritten_later() -> None:
    policy = Policy("one", silent=False, direction="out")
    stage = Stage(policy, nature=Nature(loud=True))
    entry = stage.here(item("Review"))
    stage.run()
    (ref,) = stage.remote.items
    invited = with_value(item("Review"), "attendees/a", "Ada")
    stage.memory.edit(entry, invited)
    stage.remote.edit(ref, with_value(stage.remote.items[ref].item, "subject", "theirs"))
    stage.run()  # nobody is told, and nothing comes in
    stage.memory.edit(entry, with_value(invited, "subject", "mine"))
    stage.memory.release("mail.would")
    stage.run()
    assert values(stage.remote.items[ref].item)["subject"] == "theirs"
    assert values(stage.remote.items[ref].item)["attendees/a"] == "Ada"


@pytest.mark.parametrize("decided", ["release", "restore"])
def test_what_the_member_decided_about_is_first_looked_for_under_a_new_ref(decided: str) -> None:
    stage = Stage(Policy("one", new_visible=True))
    for day in range(20, 26):
        stage.remote.put(item(f"Lunch {day}", when=slot(day)))
    stage.run()
    entries = stage.memory.entries()
    stage.remote.blank = True  # a moment in which the server lists nothing
    stage.remote.lose_cursors()
    stage.run()
    assert {pair.state for pair in stage.memory.pairs()} == {"held"}
    stage.remote.lose_cursors()
    stage.at = {"commit.before": dies}  # what vanished stays announced, before what comes next
    stage.run()
    stage.remote.blank = False
    stage.remote.lose_cursors()
    for ref, held in list(stage.remote.items.items()):
        stage.remote.remove(ref)
        stage.remote.put(held.item, keep_uid=True)
    stage.memory.edit(entries[0].entry_id, item("Dinner", when=slot(20)))
    pairs = stage.memory.state.pairs
    pairs.update({key: replace(pair, state=decided, error="") for key, pair in pairs.items()})
    stage.run()
    assert {one.entry_id for one in stage.memory.entries()} == {one.entry_id for one in entries}
    assert len(stage.remote.items) == len(entries)
