"""The harness is awake: each seeded bug is caught within a few thousand schedules."""

import pytest

from tests.sync.mutants import MUTANTS
from tests.sync.mutation import hunt

SOON, LATE = 300, 6_000
SHY = {
    "a half-applied merge counts as agreed",
    "edits of occurrences that went are not told",
    "the delete breaker never holds",
    "deletes do not wait for what is unread",
    "a run goes on without its lease",
}


@pytest.mark.parametrize("name", sorted(MUTANTS.keys() - SHY))
def test_a_seeded_bug_is_caught_soon(name: str) -> None:
    assert hunt(name, SOON), "nobody noticed"


@pytest.mark.more
@pytest.mark.parametrize("name", sorted(SHY))
def test_a_seeded_bug_that_shows_seldom_is_caught(name: str) -> None:
    assert hunt(name, LATE), "nobody noticed"
