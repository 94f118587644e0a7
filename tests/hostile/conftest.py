"""Fixtures: the rogue server with Mara's connection to it."""

import shutil
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
    """Mara and her connection, on SQLite."""
    with Scene.open(sqlite_url, tmp_path / "home", files) as opened:
        yield opened


@pytest.fixture
def anywhere(database_url: str, tmp_path: Path, files: tls.Files) -> Iterator[Scene]:
    """The same on both databases, for what a database may choke on."""
    with Scene.open(database_url, tmp_path / "home", files) as opened:
        yield opened


@pytest.fixture(scope="module")
def lasting(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, files: tls.Files
) -> Iterator[Scene]:
    """One scene for a whole table: whatever it has suffered, it goes on."""
    home = tmp_path_factory.mktemp("lasting")
    shutil.copyfile(sqlite_template, home / "andock.db")
    with Scene.open(f"sqlite:///{home / 'andock.db'}", home, files) as opened:
        yield opened
