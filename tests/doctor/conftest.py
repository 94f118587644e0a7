"""The clinic, on SQLite: what is particular to a database is tried with the tables of trust."""

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
