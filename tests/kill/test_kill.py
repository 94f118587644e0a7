"""A small share of `make kill`, which README.md in this folder describes."""

from pathlib import Path

import pytest

from tests.kill.play import play

pytestmark = pytest.mark.more


@pytest.mark.timeout(240)
def test_killed_workers_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    outcome = play(
        "sqlite", f"sqlite:///{tmp_path / 'andock.db'}", tmp_path, kills=10, people=5, seed=1
    )
    assert len(outcome.kills) == 10
    verdict = outcome.verdict
    faults = (verdict.duplicates, verdict.lost, verdict.unequal, verdict.unsettled, verdict.slow)
    assert (faults, verdict.mails) == (([], [], [], [], []), 0)
