"""Fixtures: the memory plugin's service in a file of the test's own."""

from pathlib import Path

import pytest

from tests.support.memory_plugin import FILE


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the service lies, and where the plugin looks for it."""
    path = tmp_path / "memory.sqlite"
    monkeypatch.setenv(FILE, str(path))
    return path
