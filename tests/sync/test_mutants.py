"""The harness is awake: each seeded bug is caught within a few thousand schedules."""

import pytest

from tests.sync.mutants import MUTANTS
from tests.sync.mutation import hunt

SCHEDULES = 3_000


@pytest.mark.parametrize("name", MUTANTS)
def test_a_seeded_bug_is_caught(name: str) -> None:
    assert hunt(name, SCHEDULES), "nobody noticed"
