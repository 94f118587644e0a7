"""Fixtures for tests against Exchange: ``pytest_plugins = ["andock_sandbox.pytest_plugin"]``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from .sandbox import Sandbox
from .server import SandboxServer


@pytest.fixture(scope="session")
def exchange_tls_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the CA that all servers of a run share."""
    return tmp_path_factory.mktemp("exchange-tls")


@pytest.fixture
def exchange_sandbox() -> Iterator[Sandbox]:
    """An empty sandbox in memory."""
    box = Sandbox()
    yield box
    box.close()


@pytest.fixture
def exchange_server(exchange_sandbox: Sandbox, exchange_tls_home: Path) -> Iterator[SandboxServer]:
    """A running server around ``exchange_sandbox``."""
    with SandboxServer(exchange_sandbox, tls_home=exchange_tls_home) as server:
        yield server
