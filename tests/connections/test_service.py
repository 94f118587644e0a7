"""What a member does with their connections, with a real plugin and real storage."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from andock_core import clock
from andock_core.connections import attempts, sealed, service, status
from andock_core.connections.errors import (
    AnswersRefused,
    NotFound,
    NotOffered,
    NotReady,
    TooMany,
)
from andock_core.jobs.queue import QueueDown
from andock_core.storage import SYSTEM, Attempt, Collection, Connection, Entry
from andock_sdk import Answers, Appointment, Slot
from tests.connections.world import ACCOUNT, GOOD, OTHER_ACCOUNT, WRONG, World
from tests.support.memory_plugin import SERVER, SLUG


def _count(world: World, table: type) -> int:
    with world.core.storage.read(SYSTEM) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def _appointment(subject: str) -> Appointment:
    day = clock.now().date().isoformat()
    zone = "Europe/Berlin"
    slot = Slot(start=f"{day}T09:00:00", end=f"{day}T10:00:00", start_zone=zone, end_zone=zone)
    return Appointment(when=slot, subject=subject)


# -- adding


def test_adding_twice_makes_one(world: World) -> None:
    """A double click on Add finds the connection that was begun."""
    first = service.add(world.core, world.anna, SLUG)
    assert service.add(world.core, world.anna, SLUG) == first
    assert world.row(first).state == "added"


def test_another_account_can_be_added_once_the_first_is_in(world: World) -> None:
    """A member may have several connections to one integration."""
    first = world.tested(world.anna).connection_id
    assert service.add(world.core, world.anna, SLUG) != first


def test_only_what_works_is_offered(world: World) -> None:
    """An unknown integration cannot be added."""
    with pytest.raises(NotOffered):
        service.add(world.core, world.anna, "nothing-of-that-name")


def test_there_is_an_end_to_adding(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A script gone wild is stopped."""
    monkeypatch.setattr(service, "MOST_CONNECTIONS", 1)
    world.tested(world.anna)
    with pytest.raises(TooMany):
        service.add(world.core, world.anna, SLUG)


# -- searching


def test_the_search_finds_the_server(world: World) -> None:
    """Its steps and the server it found are there for the page."""
    connection_id = service.add(world.core, world.anna, SLUG)
    attempt_id = service.start_search(world.core, world.anna, connection_id, GOOD)
    world.work()
    found = status.attempt(world.core, world.anna, attempt_id)
    assert (found.state, found.server) == ("done", SERVER)
    assert [(step.key, step.state) for step in found.steps] == [("ask", "done")]


def test_the_search_gets_no_password(world: World) -> None:
    """What was typed into the password field is not even kept for it."""
    connection_id = service.add(world.core, world.anna, SLUG)
    attempt_id = service.start_search(world.core, world.anna, connection_id, WRONG)
    with world.core.storage.read(SYSTEM) as session:
        row = session.get_one(Attempt, attempt_id)
        assert "password" not in sealed.open_sealed(world.core.vault, row, "draft")


def test_a_search_without_success_says_why(world: World) -> None:
    """The error is a key; its words stand in the listing."""
    connection_id = service.add(world.core, world.anna, SLUG)
    answers = {**GOOD, "user": "no-domain"}
    attempt_id = service.start_search(world.core, world.anna, connection_id, answers)
    world.work()
    found = status.attempt(world.core, world.anna, attempt_id)
    assert (found.state, found.error) == ("failed", "server.unknown")


# -- testing


def test_a_good_test_authorizes(world: World) -> None:
    """The grant is kept, sealed, with what the test learnt and whose account it is."""
    ended = world.tested(world.anna)
    row = world.row(ended.connection_id)
    grant = sealed.open_grant(world.core.vault, row)
    assert (ended.state, ended.error, ended.account) == ("done", "", GOOD["user"])
    assert (row.state, row.account_key) == ("authorized", GOOD["user"])
    assert grant is not None
    assert grant.facts == {"tested": "yes"}
    assert grant.secrets["password"] == "right"


def test_a_good_test_reads_the_choices_at_once(world: World) -> None:
    """The next page needs no second wait."""
    form = world.tested(world.anna).form
    assert form is not None
    (one,) = (field for field in form.fields if field.name == "calendar")
    assert [choice.value for choice in one.choices] == ["", *world.calendars]


def test_a_wrong_password_changes_nothing(world: World) -> None:
    """The connection stays as it was, and the answers stay but for the password."""
    ended = world.tested(world.anna, WRONG)
    assert (ended.state, ended.error) == ("failed", "sign_in.refused")
    assert ended.answers == {"user": GOOD["user"], "server": SERVER}
    assert world.row(ended.connection_id).state == "added"
    assert world.row(ended.connection_id).grant is None


def test_a_wrong_password_rests_nowhere(world: World) -> None:
    """Once the attempt has begun, its draft has no password any more."""
    ended = world.tested(world.anna, WRONG)
    with world.core.storage.read(SYSTEM) as session:
        row = session.get_one(Attempt, ended.id)
        for column in ("draft", "steps", "result"):
            assert "wr0ng-secret" not in str(sealed.open_sealed(world.core.vault, row, column))


def test_a_double_click_signs_in_once(world: World) -> None:
    """While a test is queued or running, asking again gives the same one."""
    connection_id = service.add(world.core, world.anna, SLUG)
    first = service.start_test(world.core, world.anna, connection_id, GOOD)
    assert service.start_test(world.core, world.anna, connection_id, GOOD) == first
    assert len(world.jobs.jobs) == 1


def test_a_job_that_comes_twice_signs_in_once(world: World) -> None:
    """An attempt that has begun is not begun again, whatever the queue does."""
    ended = world.tested(world.anna, WRONG)
    world.memory.add_account(str(WRONG["user"]), str(WRONG["password"]))
    attempts.run(world.core, ended.id)
    assert status.attempt(world.core, world.anna, ended.id).state == "failed"


def test_jobs_carry_ids_only(world: World) -> None:
    """Nothing that was typed reaches Redis."""
    connection_id = service.add(world.core, world.anna, SLUG)
    attempt_id = service.start_test(world.core, world.anna, connection_id, GOOD)
    assert world.jobs.jobs == [("interactive", "test", (attempt_id,))]


def test_without_a_queue_nothing_is_left(world: World) -> None:
    """Redis away: the member is told, and no draft stays behind."""
    connection_id = service.add(world.core, world.anna, SLUG)
    world.jobs.down = True
    with pytest.raises(QueueDown):
        service.start_test(world.core, world.anna, connection_id, GOOD)
    assert _count(world, Attempt) == 0


def test_an_incomplete_form_is_refused_before_any_job(world: World) -> None:
    """The field is named."""
    connection_id = service.add(world.core, world.anna, SLUG)
    with pytest.raises(AnswersRefused) as refused:
        service.start_test(world.core, world.anna, connection_id, {"user": "anna"})
    assert refused.value.errors == {"password": "field.required"}
    assert world.jobs.jobs == []


def test_an_attempt_expires(world: World) -> None:
    """After an hour the draft is out of reach, before anybody has deleted it."""
    ended = world.tested(world.anna, WRONG)
    past = clock.now() - timedelta(seconds=1)
    with world.core.storage.write(SYSTEM) as session:
        session.execute(update(Attempt).values(expires_at=past))
    with pytest.raises(NotFound):
        status.attempt(world.core, world.anna, ended.id)


def test_a_worker_that_died_is_noticed(world: World) -> None:
    """The page stops waiting, and a new test can start."""
    connection_id = service.add(world.core, world.anna, SLUG)
    first = service.start_test(world.core, world.anna, connection_id, GOOD)
    long_ago = clock.now() - status.LOST_AFTER - timedelta(seconds=1)
    with world.core.storage.write(SYSTEM) as session:
        session.execute(update(Attempt).values(state="running", begun_at=long_ago))
    assert status.attempt(world.core, world.anna, first).error == "attempt.lost"
    assert service.start_test(world.core, world.anna, connection_id, GOOD) != first


def test_the_same_account_is_not_connected_twice(world: World) -> None:
    """A second connection to it is recognised and refused."""
    world.tested(world.anna)
    again = world.tested(world.anna)
    assert (again.state, again.error) == ("failed", "account.connected")
    assert world.row(again.connection_id).grant is None


# -- choosing


def test_saving_puts_the_choice_into_effect(world: World) -> None:
    """Collections with their roles, an active connection, and its first run."""
    connection_id = world.in_use(world.anna)
    shown = status.details(world.core, world.anna, connection_id)
    assert [(each.name, each.role) for each in shown.chosen] == [
        ("Kalender", "one"),
        ("Familie", "import"),
    ]
    assert shown.card.state == "active"
    assert shown.last_run is not None
    assert (shown.last_run.trigger, shown.last_run.state) == ("first", "done")


def test_only_real_choices_count(world: World) -> None:
    """An answer that the form does not offer is refused."""
    connection_id = world.tested(world.anna).connection_id
    made_up: Answers = {"calendar": "cal-of-somebody-else", "imports": []}
    with pytest.raises(AnswersRefused) as refused:
        service.save_settings(world.core, world.anna, connection_id, made_up)
    assert refused.value.errors == {"calendar": "field.not_offered"}


def test_nothing_is_no_choice(world: World) -> None:
    """A connection that synchronises nothing is not saved."""
    connection_id = world.tested(world.anna).connection_id
    assert world.saved(world.anna, connection_id, "").error == "choice.empty"
    assert world.row(connection_id).state == "authorized"


def test_choices_come_before_saving(world: World) -> None:
    """Without a fresh form there is nothing to check answers against."""
    connection_id = service.add(world.core, world.anna, SLUG)
    with pytest.raises(NotReady):
        service.save_settings(world.core, world.anna, connection_id, {"calendar": "x"})
    with pytest.raises(NotReady):
        service.start_choices(world.core, world.anna, connection_id)


def test_the_one_calendar_is_held_once(world: World) -> None:
    """A second connection may import, not hold it too."""
    world.in_use(world.anna)
    second = world.tested(world.anna, {**GOOD, "user": OTHER_ACCOUNT})
    assert second.form is not None
    one = second.form.fields[1].choices[1].value
    assert world.saved(world.anna, second.connection_id, one).error == "calendar.taken"
    assert world.saved(world.anna, second.connection_id, "", one).error == ""


def test_a_colleague_has_their_own_one(world: World) -> None:
    """The role is per member."""
    world.in_use(world.anna)
    other = world.tested(world.ben, {**GOOD, "user": OTHER_ACCOUNT})
    assert other.form is not None
    one = other.form.fields[1].choices[1].value
    assert world.saved(world.ben, other.connection_id, one).error == ""


def test_a_choice_can_change(world: World) -> None:
    """What is no longer chosen is let go of; the new role counts from the next run."""
    connection_id = world.in_use(world.anna)
    service.start_choices(world.core, world.anna, connection_id)
    world.work()
    assert world.saved(world.anna, connection_id, "", world.calendars[1]).error == ""
    shown = status.details(world.core, world.anna, connection_id)
    assert [(each.name, each.role) for each in shown.chosen] == [("Familie", "import")]


def test_the_present_choice_is_proposed_again(world: World) -> None:
    """Reading the choices anew hands the settings to the plugin."""
    connection_id = world.in_use(world.anna)
    attempt_id = service.start_choices(world.core, world.anna, connection_id)
    world.work()
    form = status.attempt(world.core, world.anna, attempt_id).form
    assert form is not None
    chosen = {field.name: field.value for field in form.fields}
    assert (chosen["calendar"], chosen["imports"]) == (world.calendars[0], (world.calendars[1],))


def test_choices_are_read_live_from_the_other_side(sqlite_world: World) -> None:
    """What came there since is offered, and what went is not."""
    world = sqlite_world
    tested = world.tested(world.anna)
    world.memory.drop_calendar(world.calendars[1])
    fresh = world.memory.add_calendar(ACCOUNT, "Verein")
    attempt_id = service.start_choices(world.core, world.anna, tested.connection_id)
    world.work()
    form = status.attempt(world.core, world.anna, attempt_id).form
    assert form is not None
    offered = {choice.value: choice.label.en for field in form.fields for choice in field.choices}
    assert offered[fresh] == "Verein"
    assert world.calendars[1] not in offered


# -- reconnecting


def test_a_new_password_mends_the_connection(world: World) -> None:
    """Same connection, same calendars, no more attention, and a run at once."""
    connection_id = world.in_use(world.anna)
    world.memory.add_account(str(GOOD["user"]), "changed")
    service.request_sync(world.core, world.anna, connection_id)
    world.work()
    assert world.row(connection_id).state == "attention"
    ended = world.tested(world.anna, {**GOOD, "password": "changed"}, connection_id)
    row = world.row(connection_id)
    assert ended.error == ""
    assert (row.state, row.error) == ("active", "")
    assert status.details(world.core, world.anna, connection_id).chosen != ()
    assert row.last_success_at > row.created_at


def test_another_account_is_refused(world: World) -> None:
    """A connection in use keeps its account, and nothing has changed."""
    connection_id = world.in_use(world.anna)
    before = world.row(connection_id).grant
    ended = world.tested(world.anna, {**GOOD, "user": OTHER_ACCOUNT}, connection_id)
    assert (ended.state, ended.error) == ("failed", "account.other")
    assert world.row(connection_id).grant == before
    assert world.row(connection_id).account_label == GOOD["user"]


def test_a_failed_reconnect_changes_nothing(world: World) -> None:
    """The old grant goes on working."""
    connection_id = world.in_use(world.anna)
    world.tested(world.anna, WRONG, connection_id)
    service.request_sync(world.core, world.anna, connection_id)
    world.work()
    assert world.row(connection_id).state == "active"


# -- disconnecting


@pytest.mark.parametrize(("keep", "left"), [(True, 1), (False, 0)])
def test_disconnecting_asks_what_becomes_of_entries(world: World, keep: bool, left: int) -> None:
    """Imported entries stay or go; grant, drafts and calendars are gone either way."""
    world.memory.put(world.calendars[1], _appointment("Zahnarzt"))
    connection_id = world.in_use(world.anna)
    assert _count(world, Entry) == 1
    service.disconnect(world.core, world.anna, connection_id, keep_entries=keep)
    assert _count(world, Entry) == left
    assert [_count(world, table) for table in (Connection, Attempt, Collection)] == [0, 0, 0]


def test_a_test_that_ends_after_the_disconnect_leaves_nothing(world: World) -> None:
    """Its connection is gone, and so is its result."""
    connection_id = service.add(world.core, world.anna, SLUG)
    attempt_id = service.start_test(world.core, world.anna, connection_id, GOOD)
    service.disconnect(world.core, world.anna, connection_id, keep_entries=True)
    world.work()
    with pytest.raises(NotFound):
        status.attempt(world.core, world.anna, attempt_id)


# -- whose


def test_only_the_owner_sees_a_connection(world: World) -> None:
    """For a colleague and for another company it does not exist, whatever they ask for."""
    connection_id = world.in_use(world.anna)
    attempt_id = service.start_choices(world.core, world.anna, connection_id)
    core = world.core
    for scope in (world.ben, world.zoe):
        assert status.cards(core, scope) == []
        with pytest.raises(NotFound):
            status.details(core, scope, connection_id)
        with pytest.raises(NotFound):
            status.attempt(core, scope, attempt_id)
        with pytest.raises(NotFound):
            status.latest(core, scope, connection_id, "test")
        with pytest.raises(NotFound):
            service.start_test(core, scope, connection_id, GOOD)
        with pytest.raises(NotFound):
            service.start_search(core, scope, connection_id, GOOD)
        with pytest.raises(NotFound):
            service.start_choices(core, scope, connection_id)
        with pytest.raises(NotFound):
            service.save_settings(core, scope, connection_id, {})
        with pytest.raises(NotFound):
            service.request_sync(core, scope, connection_id)
        with pytest.raises(NotFound):
            service.disconnect(core, scope, connection_id, keep_entries=False)
    assert len(status.cards(core, world.anna)) == 1


def test_a_card_tells_how_a_connection_is(world: World) -> None:
    """What the sync card shows."""
    connection_id = world.in_use(world.anna)
    (card,) = status.cards(world.core, world.anna)
    assert (card.id, card.integration, card.state, card.error) == (
        connection_id,
        SLUG,
        "active",
        "",
    )
    assert card.title.de == "Gedächtniskalender"
    assert card.last_success_at is not None
    assert card.next_due_at is not None
    assert card.progress is None
