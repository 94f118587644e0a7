"""Fixtures for tests against Exchange: ``pytest_plugins = ["andock_sandbox.pytest_plugin"]`` in the
topmost conftest.py.

- ``exchange_sandbox``: an empty ``Sandbox`` in memory; fill it with ``add_mailbox``;
- ``exchange_server``: a running ``SandboxServer`` around it (``ews_url``, ``ca_file``);
- ``exchange_control``: its control page (``url``, ``token``);
- ``exchange_tls_home``: the folder of the CA that all servers of a run share. Override it to keep
  a CA from run to run.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from .control import ControlServer
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


@pytest.fixture
def exchange_control(exchange_server: SandboxServer) -> Iterator[ControlServer]:
    """The control page of ``exchange_server``."""
    with ControlServer(exchange_server) as control:
        yield control
