"""A plugin's own jobs: claimed by SQL, run in a worker, shown, never piled up."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from andock_core import clock
from andock_core.connections import sealed, service
from andock_core.jobs import own
from andock_core.jobs.queue import QueueDown
from andock_core.storage import SYSTEM, Connection, PluginJob
from tests.authorizing.conftest import Place
from tests.support.redirect_plugin import IDENTITY, SLUG


def rows(place: Place) -> dict[str, PluginJob]:
    """The jobs' rows by name."""
    with place.core.storage.read(SYSTEM) as session:
        found = {row.name: row for row in session.scalars(select(PluginJob))}
        session.expunge_all()
        return found


def make(place: Place, **values: Any) -> None:
    """Change the rows."""
    with place.core.storage.write(SYSTEM) as session:
        session.execute(update(PluginJob).values(**values))


def test_a_connections_job_runs_once_it_is_in_use(place: Place) -> None:
    """Right away the first time, then after its interval."""
    connection_id = place.in_use(place.world.anna)
    assert set(rows(place)) == {"renew"}
    before = clock.now()
    assert own.dispatch(place.core, before) == 1
    place.work()
    assert {"job": "renew"} in place.told()
    row = rows(place)["renew"]
    assert (row.connection_id, row.error) == (connection_id, "")
    assert row.next_due_at >= before + timedelta(minutes=60)
    assert own.dispatch(place.core, clock.now()) == 0


def test_an_installations_job_runs_once_for_all(place: Place) -> None:
    """Also without any connection, and with the operator's settings."""
    own.declare(place.core)
    own.declare(place.core)
    assert own.dispatch(place.core, clock.now()) == 1
    place.work()
    assert place.told() == [{"job": "sweep", "client": "andock"}]


def test_missed_runs_are_not_piled_up(place: Place) -> None:
    """After a week of standing still there is one run."""
    own.declare(place.core)
    make(place, next_due_at=clock.now() - timedelta(days=7))
    assert own.dispatch(place.core, clock.now()) == 1
    place.work()
    assert own.dispatch(place.core, clock.now()) == 0
    assert rows(place)["sweep"].next_due_at > clock.now() + timedelta(minutes=1400)


def test_two_dispatchers_queue_a_job_once(place: Place) -> None:
    """And a job that was queued twice runs once."""
    own.declare(place.core)
    moment = clock.now()
    assert own.dispatch(place.core, moment) + own.dispatch(place.core, moment) == 1
    place.world.jobs.jobs *= 2
    place.work()
    assert len(place.told()) == 1


def test_a_queue_that_is_down_loses_no_job(place: Place) -> None:
    """The next dispatcher that reaches it queues the job."""
    own.declare(place.core)
    place.world.jobs.down = True
    with pytest.raises(QueueDown):
        own.dispatch(place.core, clock.now())
    place.world.jobs.down = False
    assert own.dispatch(place.core, clock.now()) == 1


def test_what_was_lost_with_its_queue_is_queued_again(place: Place) -> None:
    """Once it must be lost."""
    own.declare(place.core)
    own.dispatch(place.core, clock.now())
    place.world.jobs.jobs.clear()
    assert own.dispatch(place.core, clock.now()) == 0
    assert own.dispatch(place.core, clock.now() + own.LOST + timedelta(seconds=1)) == 1


def test_a_failing_job_is_shown_and_tried_again_at_its_next_time(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What went wrong otherwise is a fault of the plugin, and harms nobody."""
    connection_id = place.made(place.world.anna)
    monkeypatch.delenv(IDENTITY)
    own.dispatch(place.core, clock.now())
    place.work()
    row = rows(place)["renew"]
    assert (row.error, row.failures) == ("plugin.bug", 1)
    assert row.next_due_at > clock.now()
    assert place.world.row(connection_id).state == "active"
    with place.core.storage.read(place.world.anna) as session:
        assert [job.error for job in own.of_connection(session, connection_id)] == ["plugin.bug"]
    with place.core.storage.read(place.world.zoe) as session:
        assert own.of_connection(session, connection_id) == []


def test_a_job_that_meets_a_refused_sign_in_makes_the_connection_need_attention(
    place: Place,
) -> None:
    """As a run would; then the job rests, and the observers are told."""
    connection_id = place.made(place.world.anna)
    place.identity.refreshing.clear()
    own.dispatch(place.core, clock.now())
    place.work()
    row = place.world.row(connection_id)
    assert (row.state, row.error, row.next_due_at) == ("attention", "token.refused", None)
    assert place.told()[-1]["hook"] == "connection_needs_attention"
    make(place, next_due_at=clock.now())
    assert own.dispatch(place.core, clock.now()) == 0


def test_a_jobs_notes_and_token_are_kept_beside_those_of_a_run(place: Place) -> None:
    """Both have taken notes; neither loses the other's."""
    connection_id = place.made(place.world.anna)
    with place.core.storage.write(SYSTEM) as session:
        row = session.get_one(Connection, connection_id)
        row.notebook = sealed.seal(place.core.vault, row, "notebook", {"of the run": 1})
    own.dispatch(place.core, clock.now())
    place.work()
    notes = sealed.open_sealed(place.core.vault, place.world.row(connection_id), "notebook")
    assert notes["of the run"] == 1
    assert notes["hook"].startswith(f"http://127.0.0.1:8600/hooks/{SLUG}/")


def test_a_disconnected_connection_has_no_jobs(place: Place) -> None:
    """The row goes with it."""
    connection_id = place.made(place.world.anna)
    service.disconnect(place.core, place.world.anna, connection_id, keep_entries=True)
    assert "renew" not in rows(place)


def test_jobs_that_a_plugin_no_longer_has_are_forgotten(place: Place) -> None:
    """When a worker starts with its new version."""
    place.made(place.world.anna)
    own.declare(place.core)
    listed = place.core.catalog.get(SLUG)
    assert listed is not None
    without = replace(listed, jobs=())
    place.core.catalog = type("Other", (), {"healthy": lambda self: [without]})()
    own.declare(place.core)
    assert rows(place) == {}


def test_observers_are_told_of_everything(place: Place) -> None:
    """Added, run, needs attention, removed: ids and state, never content."""
    from andock_core.jobs import due

    connection_id = place.in_use(place.world.anna)
    place.identity.refreshing.clear()
    due.request_run(place.core, place.world.anna, connection_id)
    place.work()
    service.disconnect(place.core, place.world.anna, connection_id, keep_entries=True)
    place.work()
    told = place.told()
    assert [(one["hook"], one["state"]) for one in told] == [
        ("connection_added", "active"),
        ("sync_finished", "active"),
        ("connection_needs_attention", "attention"),
        ("connection_removed", "removed"),
    ]
    assert {one["connection_id"] for one in told} == {connection_id}
    assert told[2]["error"] == "token.refused"
    assert set(told[0]) == {"hook", "connection_id", "tenant_id", "integration", "state"}


def test_an_observer_that_fails_harms_nobody(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """The run before it is well, and so is the connection."""
    monkeypatch.setenv("ANDOCK_OBSERVED", "/nowhere/at/all")
    connection_id = place.in_use(place.world.anna)
    row = place.world.row(connection_id)
    assert (row.state, row.error) == ("active", "")
    assert row.last_success_at is not None
