"""Nothing runs before the member agreed to exactly what it would do."""

from typing import Any

import pytest
from sqlalchemy import select, update

from andock_core import clock
from andock_core.connections import agreeing, service
from andock_core.connections.errors import AnswersRefused, NotReady, PreviewStale, ToConfirm
from andock_core.jobs import claims, lease
from andock_core.storage import SYSTEM, Attempt, Connection, Run
from andock_sdk import Answers
from tests.connections.world import World
from tests.runs.stage import appointment

FORM: dict[str, Any] = {
    "direction": "both",
    "winner": "theirs",
    "months_back": "3",
    "months_ahead": "24",
    "invitations": False,
    "new_visible": False,
}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """On SQLite; what depends on the database is told apart."""
    return sqlite_url


@pytest.fixture
def used(world: World) -> str:
    """A connection that has run."""
    return world.in_use(world.anna)


def prefer(world: World, connection_id: str, **changed: Any) -> bool:
    """Anna saves her settings."""
    return agreeing.save_preferences(world.core, world.anna, connection_id, {**FORM, **changed})


def seen(world: World, connection_id: str) -> agreeing.PreviewStatus:
    """The newest preview, worked off."""
    world.work()
    found = agreeing.preview(world.core, world.anna, connection_id)
    assert found is not None
    return found


def runs(world: World) -> int:
    """How many runs there were."""
    with world.core.storage.read(SYSTEM) as session:
        return len(session.scalars(select(Run.id)).all())


def due(world: World) -> list[claims.Claim]:
    """What a dispatcher would queue, everything being overdue."""
    with world.core.storage.write(SYSTEM) as session:
        session.execute(update(Connection).values(next_due_at=clock.now()))
    return claims.claim_due(world.core.storage, clock.now())


def test_the_first_run_waits_for_the_yes(world: World) -> None:
    """Neither a click nor the dispatcher starts it."""
    connection_id = world.tested(world.anna).connection_id
    chosen: Answers = {"calendar": world.calendars[0], "imports": []}
    service.save_settings(world.core, world.anna, connection_id, chosen)
    world.work()
    with pytest.raises(ToConfirm):
        service.request_sync(world.core, world.anna, connection_id)
    assert due(world) == []
    assert lease.acquire(world.core.storage, connection_id, "somebody") is None
    assert runs(world) == 0
    world.agreed(world.anna, connection_id)
    assert runs(world) == 1
    assert len(due(world)) == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"direction": "in"},
        {"months_back": "12"},
        pytest.param({"months_ahead": "1"}, marks=pytest.mark.more),
        pytest.param({"invitations": True}, marks=pytest.mark.more),
        pytest.param({"new_visible": True}, marks=pytest.mark.more),
    ],
    ids=["direction", "back", "ahead", "invitations", "new visible"],
)
def test_what_changes_what_is_synchronised_is_looked_at_first(
    world: World, used: str, changed: dict[str, Any]
) -> None:
    """A run that was asked for before is called off."""
    service.request_sync(world.core, world.anna, used)
    assert prefer(world, used, **changed)
    assert seen(world, used).state == "done"
    assert runs(world) == 1
    assert due(world) == []


def test_who_wins_needs_no_look(world: World, used: str) -> None:
    """What is synchronised is the same."""
    assert not prefer(world, used, winner="ours")
    assert len(due(world)) == 1


def test_back_to_what_was_agreed_needs_no_look(world: World, used: str) -> None:
    """The digest is that of what was confirmed."""
    assert prefer(world, used, direction="out")
    assert not prefer(world, used)
    assert len(due(world)) == 1


def test_the_same_choice_once_more_needs_no_look(world: World, used: str) -> None:
    """Also after a run let go of a calendar that was chosen before."""
    world.saved(world.anna, used, world.calendars[0])
    assert runs(world) == 2
    chosen: Answers = {"calendar": world.calendars[0], "imports": []}
    service.save_settings(world.core, world.anna, used, chosen)
    world.work()
    assert runs(world) == 3


def test_a_stale_preview_cannot_be_agreed_to(world: World, used: str) -> None:
    """It is bound to the settings that it was made for."""
    prefer(world, used, direction="in")
    old = seen(world, used)
    prefer(world, used, direction="out")
    for digest in (old.digest, "", "made up"):
        with pytest.raises(PreviewStale):
            agreeing.confirm(world.core, world.anna, used, digest)
    assert seen(world, used).digest != old.digest
    assert runs(world) == 1


def test_what_nobody_looked_at_cannot_be_agreed_to(world: World, used: str) -> None:
    """Not before the preview is done, not after its hour, not when it failed."""
    prefer(world, used, direction="in")
    waiting = agreeing.preview(world.core, world.anna, used)
    assert waiting is not None
    with pytest.raises(PreviewStale):
        agreeing.confirm(world.core, world.anna, used, waiting.digest)
    world.memory.fail("changes", "before")
    failed = seen(world, used)
    assert (failed.state, failed.error) == ("failed", "transient")
    with pytest.raises(PreviewStale):
        agreeing.confirm(world.core, world.anna, used, failed.digest)
    agreeing.start_preview(world.core, world.anna, used)
    digest = seen(world, used).digest
    with world.core.storage.write(SYSTEM) as session:
        session.execute(update(Attempt).values(expires_at=clock.now()))
    with pytest.raises(PreviewStale):
        agreeing.confirm(world.core, world.anna, used, digest)


def test_a_double_click_agrees_once(world: World, used: str) -> None:
    """One run."""
    prefer(world, used, direction="in")
    digest = seen(world, used).digest
    agreeing.confirm(world.core, world.anna, used, digest)
    agreeing.confirm(world.core, world.anna, used, digest)
    world.work()
    assert runs(world) == 2


def test_a_run_under_way_ends_when_other_settings_are_saved(world: World, used: str) -> None:
    """It holds no lease any more, so it commits nothing."""
    held = lease.acquire(world.core.storage, used, "a run")
    assert held is not None
    prefer(world, used, direction="in")
    with pytest.raises(lease.LeaseLost):
        lease.renew(world.core.storage, held)
    row = world.row(used)
    assert (row.progress, row.queued_at) == (None, None)


def test_what_a_preview_found_is_sealed(world: World, used: str) -> None:
    """Titles stand nowhere in the clear."""
    world.memory.put(world.calendars[0], appointment("Therapy on Tuesday"))
    prefer(world, used, months_back="6")
    forecast = seen(world, used).forecast
    assert forecast is not None
    assert [each.title for each in forecast.examples("comes")] == ["Therapy on Tuesday"]
    with world.core.storage.read(SYSTEM) as session:
        rows = session.scalars(select(Attempt)).all()
        assert all(b"Therapy" not in (row.result or b"") for row in rows)


def test_settings_that_make_no_sense_are_refused_by_field(world: World, used: str) -> None:
    """Nothing is kept."""
    with pytest.raises(AnswersRefused) as refused:
        prefer(world, used, direction="sideways", months_back="0", months_ahead="many")
    assert refused.value.errors == {
        "direction": "field.not_offered",
        "months_back": "field.range",
        "months_ahead": "field.number",
    }
    assert world.row(used).preferences is None


def test_settings_wait_for_a_choice(world: World) -> None:
    """There is nothing to keep in step yet."""
    connection_id = world.tested(world.anna).connection_id
    with pytest.raises(NotReady):
        prefer(world, connection_id)
