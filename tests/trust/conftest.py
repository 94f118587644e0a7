"""The clinic, on SQLite, and once on both kinds of database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.doctor.clinic import Clinic, clinic as opened
from tests.support.memory_plugin import FILE


@pytest.fixture
def clinic(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Clinic]:
    """People, a sandbox that nobody trusts, and jobs that wait."""
    monkeypatch.setenv(FILE, str(tmp_path / "memory.db"))
    with opened(sqlite_url, tmp_path) as made:
        yield made


@pytest.fixture
def both(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Clinic]:
    """The same on either database."""
    monkeypatch.setenv(FILE, str(tmp_path / "memory.db"))
    with opened(database_url, tmp_path) as made:
        yield made
