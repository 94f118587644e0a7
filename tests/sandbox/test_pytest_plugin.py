"""The fixtures for others' tests."""

from andock_sandbox import Sandbox
from andock_sandbox.control import ControlServer
from andock_sandbox.pytest_plugin import (
    exchange_control,
    exchange_sandbox,
    exchange_server,
    exchange_tls_home,
)
from andock_sandbox.server import SandboxServer
from tests.sandbox.client import Client

__all__ = ["exchange_control", "exchange_sandbox", "exchange_server", "exchange_tls_home"]


def test_the_fixtures_give_a_running_server(
    exchange_server: SandboxServer, exchange_sandbox: Sandbox
) -> None:
    """Around the sandbox that the test fills."""
    exchange_sandbox.add_mailbox("eva@x.test", "pw")
    assert Client(exchange_server, "eva@x.test", "pw").find("").codes == ["NoError"]


def test_the_control_page_is_one_of_them(
    exchange_control: ControlServer, exchange_server: SandboxServer
) -> None:
    """Beside the server that the test asks."""
    assert exchange_control.sandbox_server is exchange_server
    assert exchange_control.port
