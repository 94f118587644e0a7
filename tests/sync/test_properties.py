"""Whatever people do and whatever fails: both sides end equal, and nothing is lost or doubled.

The shipped planner and executor run over the store's port, against a model of the other side.
README.md explains; `make prove` plays far more of it; test_stories.py tells what was found.
"""

from hypothesis import given, settings, strategies as st

from tests.sync.checks import check

SEEDS = st.integers(min_value=0, max_value=2**32)


@given(SEEDS)
@settings(max_examples=900, deadline=None)
def test_both_sides_converge_and_nothing_is_lost(seed: int) -> None:
    check(seed)


@given(SEEDS)
@settings(max_examples=450, deadline=None)
def test_contacts_converge_number_by_number(seed: int) -> None:
    check(seed, "contacts")
