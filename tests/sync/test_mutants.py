"""The harness is awake: each seeded bug is caught within a few thousand schedules."""

import pytest

from tests.sync.mutants import MUTANTS, switched_on
from tests.sync.test_properties import check

SCHEDULES = 8_000


@pytest.mark.parametrize("name", MUTANTS)
def test_a_seeded_bug_is_caught(name: str) -> None:
    with switched_on(name):
        assert any(_fails(seed) for seed in range(SCHEDULES)), "nobody noticed"


def _fails(seed: int) -> bool:
    try:
        check(seed)
    except Exception:
        return True
    return False
