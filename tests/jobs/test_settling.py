"""What becomes of a connection after a run, by how the run ended."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from andock_core import notices
from andock_core.clock import now
from andock_core.connections import alarm
from andock_core.core import Core
from andock_core.jobs.due import next_slot, request_run
from andock_core.jobs.lease import Lease, acquire
from andock_core.jobs.settling import Ended, settle
from andock_core.storage import SYSTEM, Connection, Run, Scope
from andock_sdk import errors
from tests.jobs.conftest import AddConnection
from tests.jobs.test_lease import lapse, taken

Look = Callable[[str], Connection]
Queued = Callable[[str], list[list[str]]]
MINUTE = timedelta(minutes=1)


def minutes_to(moment: datetime | None) -> int:
    """How far away a moment is, in whole minutes."""
    assert moment is not None
    return round((moment - now()) / MINUTE)


def run(core: Core, connection: str, error: errors.AndockError | None) -> None:
    """A run that ends this way."""
    assert settle(core, taken(core, connection), Ended(error)) is not None


def test_after_a_good_run_the_next_is_at_the_regular_time(
    core: Core, connect: AddConnection, look: Look
) -> None:
    """And nothing is left of the lease."""
    connection = connect(failures=3, error="transient")
    run(core, connection, None)
    row = look(connection)
    assert row.next_due_at == next_slot(connection, 30, now())
    assert (row.state, row.error, row.failures) == ("active", "", 0)
    assert row.last_success_at is not None
    assert (row.lease_holder, row.lease_until, row.progress) == ("", None, None)


def test_a_write_whose_outcome_is_unknown_brings_the_next_run_sooner(
    core: Core, connect: AddConnection, look: Look
) -> None:
    """It can be settled then; the regular time may be half an hour away."""
    connection = connect(interval_minutes=1440)
    again_at = now() + 2 * MINUTE
    assert settle(core, taken(core, connection), Ended(again_at=again_at)) is not None
    assert minutes_to(look(connection).next_due_at) in (0, 1, 2)


def test_a_side_that_must_not_be_asked_often_is_not(
    core: Core, connect: AddConnection, look: Look
) -> None:
    """Neither by schedule nor after a failure; what the plugin asks for counts."""
    connection = connect(minimum_minutes=600)
    run(core, connection, errors.Transient())
    assert minutes_to(look(connection).next_due_at) in (599, 600)
    with core.storage.write(SYSTEM) as session:
        session.get_one(Connection, connection).next_due_at = now()
    run(core, connection, None)
    assert look(connection).next_due_at == next_slot(connection, 600, now())


def test_a_good_run_ends_the_need_for_attention(
    core: Core, connect: AddConnection, look: Look
) -> None:
    """The other side was mended without anybody reconnecting."""
    connection = connect(state="attention", error="sign_in.refused")
    run(core, connection, None)
    assert look(connection).state == "active"
    assert look(connection).error == ""


def test_what_the_member_can_mend_stops_until_they_do(
    core: Core, connect: AddConnection, look: Look
) -> None:
    """A wrong password is tried once: a second try could lock the account."""
    connection = connect()
    run(core, connection, errors.BadCredentials())
    row = look(connection)
    assert (row.state, row.error) == ("attention", "sign_in.refused")
    assert row.next_due_at is None
    assert row.last_success_at is None


def test_what_the_admin_can_mend_is_tried_again_in_half_an_hour(
    core: Core, connect: AddConnection, look: Look
) -> None:
    """Nobody tells Andock when the server's certificate is renewed."""
    connection = connect()
    run(core, connection, errors.AdminError("certificate.expired"))
    assert look(connection).state == "attention"
    assert minutes_to(look(connection).next_due_at) == 30


def test_a_throttled_connection_waits_as_long_as_it_was_told(
    core: Core, connect: AddConnection, look: Look
) -> None:
    """To the second."""
    connection = connect()
    until = (now() + 7 * MINUTE).replace(microsecond=0)
    run(core, connection, errors.Throttled(until))
    row = look(connection)
    assert row.next_due_at == until
    assert (row.state, row.error) == ("active", "throttled")


def test_nobody_can_pause_a_connection_for_ever(
    core: Core, connect: AddConnection, look: Look
) -> None:
    """A server that says "come back in a year" is asked again tomorrow."""
    connection = connect()
    run(core, connection, errors.Throttled(now() + timedelta(days=365)))
    assert minutes_to(look(connection).next_due_at) == 24 * 60


@pytest.mark.parametrize(
    "error",
    [
        errors.Transient(),
        errors.Throttled(),
        errors.PluginBug(),
        errors.CollectionGone(),
        errors.AndockError(),
    ],
)
def test_other_failures_wait_longer_each_time(
    core: Core, connect: AddConnection, look: Look, error: errors.AndockError
) -> None:
    """1, 2, 4 minutes; the connection stays active and shows why."""
    connection = connect()
    waits = []
    for _ in range(3):
        run(core, connection, error)
        waits.append(minutes_to(look(connection).next_due_at))
    assert waits == [1, 2, 4]
    assert (look(connection).state, look(connection).error) == ("active", error.key)


def test_a_request_during_the_run_is_followed_by_one_more(
    core: Core, member: Scope, connect: AddConnection, look: Look, queued: Queued
) -> None:
    """What was changed while the run was under way arrives as well. One more, not two."""
    connection = connect()
    lease = taken(core, connection)
    request_run(core, member, connection)
    request_run(core, member, connection)
    settle(core, lease, Ended())
    assert queued("interactive") == [[connection, "manual"]]
    again = acquire(core.storage, connection, "b", claimed_only=True)
    assert again is not None
    settle(core, again, Ended())
    assert len(queued("interactive")) == 1
    assert look(connection).next_due_at == next_slot(connection, 30, now())


def test_a_request_does_not_repeat_a_wrong_password(
    core: Core, member: Scope, connect: AddConnection, look: Look, queued: Queued
) -> None:
    """The run that was asked for would end the same way."""
    connection = connect()
    lease = taken(core, connection)
    request_run(core, member, connection)
    settle(core, lease, Ended(errors.BadCredentials()))
    assert queued("interactive") == []
    assert look(connection).requested_at is None


def test_attention_is_news_once(core: Core, connect: AddConnection) -> None:
    """Observers hear when it begins, not at each retry."""
    connection = connect()
    first = settle(core, taken(core, connection), Ended(errors.AdminError()))
    second = settle(core, taken(core, connection), Ended(errors.AdminError()))
    assert first is not None
    assert second is not None
    assert (first.alarmed, second.alarmed) == (True, False)
    assert first.facts.state == "attention"


def test_a_lost_lease_settles_nothing(core: Core, connect: AddConnection, look: Look) -> None:
    """The connection belongs to another run now."""
    connection = connect()
    slow = taken(core, connection)
    lapse(core, connection)
    successor = taken(core, connection, "b")
    assert settle(core, slow, Ended(errors.BadCredentials())) is None
    assert look(connection).state == "active"
    assert look(connection).lease_holder == successor.holder


def begin(core: Core, lease: Lease) -> None:
    """The row that a run keeps of itself."""
    with core.storage.write(lease.scope) as session:
        session.add(
            Run(
                tenant_id=lease.tenant_id,
                connection_id=lease.connection_id,
                trigger="manual",
                fence=lease.fence,
            )
        )


def test_a_run_that_broke_off_is_marked_failed(core: Core, connect: AddConnection) -> None:
    """With the error's key, if it did not get to it itself."""
    lease = taken(core, connect())
    begin(core, lease)
    settle(core, lease, Ended(errors.Transient()))
    with core.storage.read(SYSTEM) as session:
        ended = session.scalars(select(Run)).one()
        assert (ended.state, ended.error) == ("failed", "transient")


def test_the_member_is_told_at_once_and_once(
    core: Core, member: Scope, connect: AddConnection
) -> None:
    """A second try that fails the same way tells nothing new; another fault does."""
    connection = connect()
    for error in (errors.BadCredentials(), errors.BadCredentials(), errors.MemberError("a.b")):
        run(core, connection, error)
    told = notices.listed(core.storage, member)
    assert sorted((one.facts["error"], one.read) for one in told) == [
        ("a.b", False),
        ("sign_in.refused", True),
    ]
    assert [one.id for one in alarm.waiting(core.storage, member)] == [connection]


def test_what_works_again_needs_no_reading(
    core: Core, member: Scope, connect: AddConnection
) -> None:
    """Mended by another hand, while the notice was still new."""
    connection = connect()
    run(core, connection, errors.BadCredentials())
    assert notices.unread(core.storage, member) == 1
    run(core, connection, None)
    assert notices.unread(core.storage, member) == 0
    assert alarm.waiting(core.storage, member) == []


def test_members_are_not_told_what_others_have_to_mend(
    core: Core, member: Scope, connect: AddConnection
) -> None:
    """It is tried again by itself."""
    connection = connect()
    for error in (errors.AdminError(), errors.Transient(), errors.Throttled()):
        run(core, connection, error)
    assert notices.listed(core.storage, member) == []
    assert alarm.waiting(core.storage, member) == []
