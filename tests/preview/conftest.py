"""A core with one member, whose memory calendar is connected."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.runs.stage import Stage


@pytest.fixture
def stage(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    """On SQLite and on PostgreSQL."""
    with Stage.open(database_url, tmp_path, monkeypatch) as made:
        yield made


@pytest.fixture
def sqlite_stage(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Stage]:
    """For what does not depend on the database."""
    with Stage.open(sqlite_url, tmp_path, monkeypatch) as made:
        yield made
