"""Fixtures: the rogue server with Mara's connection to it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from andock_sandbox import tls
from tests.hostile.scene import Scene


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> tls.Files:
    """The rogue server's certificate, from a CA that Mara's operator trusts."""
    return tls.ensure(tmp_path_factory.mktemp("hostile-tls"))


@pytest.fixture
def scene(sqlite_url: str, tmp_path: Path, files: tls.Files) -> Iterator[Scene]:
    """Mara and her connection, on SQLite: what arrives is the same on both databases."""
    with Scene.open(sqlite_url, tmp_path / "home", files) as opened:
        yield opened


@pytest.fixture
def anywhere(database_url: str, tmp_path: Path, files: tls.Files) -> Iterator[Scene]:
    """The same on both databases, for what a database may choke on."""
    with Scene.open(database_url, tmp_path / "home", files) as opened:
        yield opened
