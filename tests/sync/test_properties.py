"""Whatever people do and whatever fails: both sides end equal, and nothing is lost or doubled.

The shipped planner and executor run over the store's port, against a model of the other side.
"""

from collections import Counter
from copy import deepcopy

import pytest
from hypothesis import given, settings, strategies as st

from andock_sdk.connector import CollectionKind
from tests.sync.model_world import World, tag, value_of

SEEDS = st.integers(min_value=0, max_value=2**32)


def check(seed: int, kind: CollectionKind = "calendar") -> World:
    """Play a schedule and check all that must hold afterwards."""
    world = World(seed, kind)
    world.play()
    here, there = Counter(map(tag, world.here())), Counter(map(tag, world.there()))
    assert max(here.values(), default=1) == max(there.values(), default=1) == 1, "duplicates"
    expected = {t for t in here | there if t not in world.deleted}
    made = {f"tag-{number}" for number in range(1, world._tags + 1)}
    assert made - world.deleted == expected, "lost items"
    assert world.lost_edits() == set(), "lost edits"
    in_step(world)
    before = deepcopy(world.store.state)
    world.remote.writes.clear()
    world.run()
    assert world.remote.writes == [], "a third run still writes"
    before.cursor = world.store.state.cursor
    assert world.store.state == before, "a third run still changes something"
    assert world.store.state.intents == {}
    return world


def in_step(world: World) -> None:
    """Every pair holds the same on both sides; own entries are out, and only where they belong."""
    state = world.store.state
    for pair in state.pairs.values():
        mine, yours = state.entries[pair.entry_id].item, world.remote.items[pair.ref].item
        fields = world.fields
        assert [value_of(mine, n) for n in fields] == [value_of(yours, n) for n in fields]
    assert {pair.ref for pair in state.pairs.values()} == set(world.remote.items)
    paired = {pair.entry_id for pair in state.pairs.values()}
    unpaired = {key for key, entry in state.entries.items() if key not in paired}
    if world.policy.role == "one":
        assert unpaired == set()
    else:
        assert all(state.entries[key].kind == "own" for key in unpaired)


@given(SEEDS)
@settings(max_examples=400, deadline=None)
def test_both_sides_converge_and_nothing_is_lost(seed: int) -> None:
    check(seed)


@given(SEEDS)
@settings(max_examples=200, deadline=None)
def test_contacts_converge_number_by_number(seed: int) -> None:
    check(seed, "contacts")


@pytest.mark.parametrize("seed", [21, 1219, 5233, 5238, 6470, 6885, 7641, 9121, 29488, 30394])
def test_schedules_that_once_failed(seed: int) -> None:
    check(seed)
