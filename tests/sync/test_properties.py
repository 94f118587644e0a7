"""Whatever people do and whatever fails: both sides end equal, and nothing is lost or doubled.

The shipped planner and executor run over the store's port, against a model of the other side.
README.md explains; `make prove` plays far more of it.
"""

import pytest
from hypothesis import given, settings, strategies as st

from andock_sdk.connector import CollectionKind
from tests.sync.checks import check
from tests.sync.regressions import CALENDAR, CONTACTS

SEEDS = st.integers(min_value=0, max_value=2**32)


@given(SEEDS)
@settings(max_examples=900, deadline=None)
def test_both_sides_converge_and_nothing_is_lost(seed: int) -> None:
    check(seed)


@given(SEEDS)
@settings(max_examples=450, deadline=None)
def test_contacts_converge_number_by_number(seed: int) -> None:
    check(seed, "contacts")


@pytest.mark.parametrize(
    ("kind", "seed"),
    [
        *(pytest.param("calendar", seed, id=name) for name, seed in CALENDAR.items()),
        *(pytest.param("contacts", seed, id=name) for name, seed in CONTACTS.items()),
    ],
)
def test_schedules_that_once_failed(kind: CollectionKind, seed: int) -> None:
    check(seed, kind)
