"""What misbehaves again and again while nobody waits for it is set aside, and let in again."""

import json
import os
import time
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select, update

from andock_core import clock
from andock_core.host import breaker, calls
from andock_core.host.catalog import Listed
from andock_core.jobs import due, own, tasks
from andock_core.storage import SYSTEM, PluginFault, PluginJob, WebhookCall
from andock_core.webhooks import addresses, intake
from andock_sdk import HookRequest
from andock_sdk.errors import PluginBug
from tests.authorizing.conftest import Place
from tests.support import redirect_plugin
from tests.support.redirect_plugin import CLIENT_STATE, OBSERVED, SLUG

NOWHERE = "/nowhere/at/all"
CHANGED = json.dumps({"clientState": CLIENT_STATE}).encode()


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Nothing here depends on the kind of database."""
    return sqlite_url


def listed(place: Place) -> Listed:
    """The plugin."""
    found = place.core.catalog.get(SLUG)
    assert found is not None
    return found


def aside(place: Place) -> list[str]:
    """Which calls of the plugin are not made any more."""
    return [one.call for one in breaker.set_aside(place.core.storage, [listed(place)])]


def run(place: Place, connection_id: str) -> list[str]:
    """A run, and what is queued once it has ended, which is thrown away."""
    due.request_run(place.core, place.world.anna, connection_id)
    _, task, ids = place.world.jobs.jobs.pop(0)
    getattr(tasks, task)(*ids)
    queued = [one[1] for one in place.world.jobs.jobs]
    place.world.jobs.jobs.clear()
    return queued


def tell(place: Place, connection_id: str, times: int = 1) -> None:
    """Let the plugin be told of runs."""
    ids = (connection_id, SLUG, "sync_finished", "t", SLUG, "active", '{"counts": {}}')
    for _ in range(times):
        tasks.observe(*ids)


def test_a_run_has_ended_before_anybody_is_told(place: Place) -> None:
    """In a job of its own: the run's job calls no observer, however long one would take."""
    connection_id = place.in_use(place.world.anna)
    before = place.told()
    assert run(place, connection_id) == ["observe"]
    row = place.world.row(connection_id)
    assert (row.lease_until, row.error) == (None, "")
    assert place.told() == before


def test_an_observer_that_hangs_is_set_aside(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """After that nothing is queued for it, and its integration's runs go on."""
    connection_id = place.in_use(place.world.anna)
    monkeypatch.setattr(calls, "OBSERVER_SECONDS", 0.05)
    monkeypatch.setattr(redirect_plugin, "observed", lambda *_, **__: time.sleep(30))
    tell(place, connection_id, breaker.MOST)
    (only,) = breaker.set_aside(place.core.storage, [listed(place)])
    assert (only.call, only.error) == (breaker.OBSERVERS, "plugin.hanging")
    assert run(place, connection_id) == []
    assert place.world.row(connection_id).error == ""
    monkeypatch.setattr(redirect_plugin, "observed", _fails)
    tell(place, connection_id)  # one that was queued before that


def _fails(*_: Any, **__: Any) -> None:
    raise AssertionError("called all the same")


def test_a_call_that_goes_well_ends_the_row(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only faults in a row count."""
    told = os.environ[OBSERVED]
    for fine in (False, False, True, False, False):
        monkeypatch.setenv(OBSERVED, told if fine else NOWHERE)
        tell(place, "c")
    assert aside(place) == []


def let_in(place: Place) -> None:
    """As the command does."""
    plugin = listed(place)
    found = breaker.let_in(place.core.storage, plugin.distribution, plugin.name)
    assert found == [breaker.OBSERVERS]


def new_version(place: Place) -> None:
    """As after `pip install --upgrade`."""
    newer = replace(listed(place), version="2.0")
    place.core.catalog = type("Other", (), {"get": lambda *_: newer})()


@pytest.mark.parametrize(
    "chance", [let_in, new_version, lambda place: breaker.start_afresh(place.core.storage)]
)
def test_it_gets_a_fresh_chance(place: Place, monkeypatch: pytest.MonkeyPatch, chance: Any) -> None:
    """By hand, with another version, and when a worker starts."""
    told = os.environ[OBSERVED]
    monkeypatch.setenv(OBSERVED, NOWHERE)
    tell(place, "c", breaker.MOST)
    assert aside(place) == [breaker.OBSERVERS]
    chance(place)
    monkeypatch.setenv(OBSERVED, told)
    tell(place, "c")
    assert [one["hook"] for one in place.told()] == ["sync_finished"]


def test_after_a_day_it_is_tried_again(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """One more fault sets it aside for another."""
    told = os.environ[OBSERVED]
    monkeypatch.setenv(OBSERVED, NOWHERE)
    tell(place, "c", breaker.MOST)
    for _ in range(2):
        with place.core.storage.write(SYSTEM) as session:
            earlier = clock.now() - breaker.AGAIN
            session.execute(update(PluginFault).values(set_aside_at=earlier))
        assert aside(place) == []
        tell(place, "c")
        assert aside(place) == ([] if place.told() else [breaker.OBSERVERS])
        monkeypatch.setenv(OBSERVED, told)
    assert place.told()


def test_a_worker_that_lost_its_work_horse_counts_that(place: Place) -> None:
    """A plugin that does not even return to Python is killed with the process it is in."""
    ids = ("c", SLUG, "sync_finished", "t", SLUG, "active", "{}")
    for _ in range(breaker.MOST):
        tasks.died("observe", ids)
    assert aside(place) == [breaker.OBSERVERS]


def test_a_job_that_fails_again_and_again_is_called_no_more(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever connection it is about; its other jobs, and the runs, go on."""
    place.made(place.world.anna)
    monkeypatch.setattr(redirect_plugin, "renew", _raises)
    for _ in range(breaker.MOST + 1):
        with place.core.storage.write(SYSTEM) as session:
            session.execute(update(PluginJob).values(next_due_at=clock.now()))
        own.dispatch(place.core, clock.now())
        place.work()
    assert aside(place) == ["job renew"]
    with place.core.storage.read(place.world.anna) as session:
        (row,) = session.scalars(select(PluginJob).where(PluginJob.name == "renew"))
        assert row.error == "plugin.set_aside"


def _raises(*_: Any) -> None:
    raise RuntimeError


def test_a_job_whose_work_horse_died_is_over(place: Place) -> None:
    """It does not look as if it went on, and is counted."""
    place.made(place.world.anna)
    own.dispatch(place.core, clock.now())
    (_, _, ids) = place.world.jobs.jobs[0]
    assert own._take_up(place.core.storage, ids[0])
    tasks.died("own_job", ids)
    with place.core.storage.read(SYSTEM) as session:
        row = session.get_one(PluginJob, ids[0])
        assert (row.error, row.running_until) == ("plugin.hanging", None)


def test_calls_from_outside_to_a_plugin_that_breaks_on_them_become_a_run(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the calls would have told, the run finds."""
    connection_id = place.made(place.world.anna)
    url = addresses.url(place.core, place.world.anna, connection_id, SLUG, "changes")
    place.world.jobs.jobs.clear()
    for body in (*[b"no json"] * breaker.MOST, CHANGED):
        assert place.world.row(connection_id).next_due_at > clock.now() + due.SETTLES * 2
        _call(place, url, body)
    assert aside(place) == [breaker.WEBHOOK]
    assert place.world.row(connection_id).next_due_at < clock.now() + due.SETTLES * 2
    with place.core.storage.read(SYSTEM) as session:
        assert session.scalars(select(WebhookCall)).all() == []


def _call(place: Place, url: str, body: bytes) -> None:
    """A call from outside, worked off."""
    address = addresses.of_token(place.core, SLUG, url.rpartition("/")[2])
    assert address is not None
    said = HookRequest(name="changes", method="POST", body=body, received_at=clock.now())
    assert intake.take_in(place.core, address, said)
    place.work()


def test_a_call_whose_work_horse_died_is_counted(place: Place) -> None:
    """Handed on again without end it would kill one after the other."""
    connection_id = place.made(place.world.anna)
    url = addresses.url(place.core, place.world.anna, connection_id, SLUG, "changes")
    address = addresses.of_token(place.core, SLUG, url.rpartition("/")[2])
    assert address is not None
    for _ in range(breaker.MOST):
        said = HookRequest(name="changes", method="POST", received_at=clock.now())
        intake.take_in(place.core, address, said)
        (_, _, ids) = place.world.jobs.jobs.pop()
        tasks.died("webhook", ids)
    assert aside(place) == [breaker.WEBHOOK]


def test_what_is_not_the_plugins_fault_does_not_count(place: Place) -> None:
    """The other side may be away for days."""
    connection_id = place.made(place.world.anna)
    url = addresses.url(place.core, place.world.anna, connection_id, SLUG, "changes")
    for _ in range(breaker.MOST):
        _call(place, url, b'{"fault": "transient"}')
    assert aside(place) == []


def test_a_check_is_never_set_aside(place: Place) -> None:
    """A person asked for it, and one member's odd server is not everybody's."""
    for _ in range(breaker.MOST + 1):
        with pytest.raises(PluginBug, match=r"plugin\.bug"):
            calls.Hooks(place.core).call(SLUG, "authorize", context=None, answers={})
    assert aside(place) == []
