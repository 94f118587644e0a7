"""Whatever people do and whatever fails: both sides end equal, and nothing is lost or doubled.

The shipped planner and executor run over the store's port, against a model of the other side.
README.md explains; `make prove` plays far more of it; test_stories.py tells what was found.
"""

from hypothesis import given, settings, strategies as st

from andock_core.proof.checks import check
from andock_core.proof.faults import Faults
from andock_core.proof.world import MANY, World
from tests.sync.builders import item, slot

SEEDS = st.integers(min_value=0, max_value=2**32)


@given(SEEDS)
@settings(max_examples=500, deadline=None)
def test_both_sides_converge_and_nothing_is_lost(seed: int) -> None:
    check(seed)


@given(SEEDS)
@settings(max_examples=250, deadline=None)
def test_contacts_converge_number_by_number(seed: int) -> None:
    check(seed, "contacts")


def test_no_schedule_empties_the_list_again_after_the_member_has_decided() -> None:
    world = World(0)
    for day in range(10, 10 + MANY):
        world.remote.put(item(f"Lunch {day}", when=slot(day)))
    world.run()
    world.faults = _EmptyList(world.random)
    world.run()
    assert {pair.state for pair in world.subject.pairs()} == {"held"}
    world.subject.release("breaker.here")
    world.faults = _EmptyList(world.random)
    world.run()
    assert len(world.subject.entries()) == MANY


class _EmptyList(Faults):
    """The first call meets an empty list, and nothing else fails."""

    def draw(self, place: str) -> str:
        """Once."""
        kind = "" if self.number else "empty list"
        self.fired[place, kind] += 1
        return kind
