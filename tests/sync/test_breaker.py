"""How many deletes pass, and which hold."""

import pytest

from andock_core.sync.breaker import allowed, holds


@pytest.mark.parametrize(
    ("pairs", "count"), [(0, 3), (10, 3), (15, 3), (20, 4), (100, 20), (250, 50), (9000, 50)]
)
def test_allowed(pairs: int, count: int) -> None:
    assert allowed(pairs) == count


@pytest.mark.parametrize(
    ("pairs", "recent", "planned", "held"),
    [(8, 0, 3, False), (8, 0, 4, True), (8, 3, 1, True), (8, 3, 0, False), (97, 3, 17, False)],
)
def test_holds(pairs: int, recent: int, planned: int, held: bool) -> None:
    assert holds(pairs, recent, planned) == held
