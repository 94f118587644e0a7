"""What the operator may set for `make run`, and what that means for the parts it starts."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from andock_core.embedded import Valkey, valkey_in

# The demo runs from the source tree: app.py and worker.py lie at its root.
ROOT = Path(__file__).resolve().parents[3]
LOOPBACK = "127.0.0.1"
SANDBOX_NAME = "localhost"
CONTROL = "control.json"  # where the stand-in's control page is
HIGHEST_PORT = 65535


class CannotStart(Exception):
    """The demo cannot run. The message is for the person at the terminal and says what helps."""

    def __init__(self, message: str, exit_code: int = 2) -> None:
        super().__init__(message)
        self.exit_code = exit_code


@dataclass(frozen=True)
class DemoSettings:
    """Where the demo keeps its data and listens. No `redis_url`: it starts a Valkey of its own."""

    home: Path
    port: int
    sandbox_port: int
    database_url: str
    redis_url: str | None

    @property
    def web_url(self) -> str:
        """The address of the site."""
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def sandbox_server(self) -> str:
        """What a person types as the name of the Exchange server."""
        return f"{SANDBOX_NAME}:{self.sandbox_port}"

    @property
    def log_folder(self) -> Path:
        """Each part writes a file here."""
        return self.home / "log"

    @property
    def sandbox_home(self) -> Path:
        """The stand-in Exchange keeps its mailboxes and certificates here."""
        return self.home / "sandbox"

    @property
    def control_file(self) -> Path:
        """Where the stand-in says how its control page is reached."""
        return self.sandbox_home / CONTROL

    @property
    def ca_file(self) -> Path:
        """The certificate of the authority that vouches for the stand-in alone."""
        return self.sandbox_home / "tls" / "ca.pem"

    def valkey(self) -> Valkey:
        """The embedded server of this data folder."""
        return valkey_in(self.home)

    def child_environment(self, domains: list[str]) -> dict[str, str]:
        """Environment of the parts: the person's own, and the settings of the core.

        What the person set for servers of their own counts as well. Besides the stand-in no
        loopback address may be called, and its authority is trusted for what Andock calls, not by
        the machine. `domains` are the ones that it answers for.
        """
        allowed = f"{self.sandbox_server},{LOOPBACK}:{self.sandbox_port}"
        servers = ",".join(f"{domain}={self.sandbox_server}" for domain in domains)
        return {
            **os.environ,
            "PYTHONUNBUFFERED": "1",
            "ANDOCK_DEVELOPER": os.environ.get("ANDOCK_DEVELOPER", "1"),
            "ANDOCK_HOME": str(self.home),
            "ANDOCK_BASE_URL": self.web_url,
            "DATABASE_URL": self.database_url,
            "REDIS_URL": self.redis_url or self.valkey().url,
            "ANDOCK_CA_FILE": _besides("ANDOCK_CA_FILE", str(self.ca_file)),
            "ANDOCK_EGRESS_ALLOW": _besides("ANDOCK_EGRESS_ALLOW", allowed),
            "ANDOCK_SERVERS": _besides("ANDOCK_SERVERS", servers),
        }


def read_settings() -> DemoSettings:
    """Settings from the environment. Raises CannotStart for a port that is none."""
    home = Path(os.environ.get("ANDOCK_HOME") or ROOT / "var").expanduser().resolve()
    return DemoSettings(
        home=home,
        port=_port("ANDOCK_PORT", 8600),
        sandbox_port=_port("ANDOCK_SANDBOX_PORT", 8643),
        database_url=os.environ.get("DATABASE_URL") or f"sqlite:///{home / 'andock.db'}",
        redis_url=os.environ.get("REDIS_URL") or None,
    )


def _besides(name: str, ours: str) -> str:
    """A comma-separated setting: what the person gave, and ours, which counts last."""
    given = os.environ.get(name, "")
    return f"{given},{ours}" if given else ours


def _port(name: str, default: int) -> int:
    value = os.environ.get(name) or str(default)
    if not value.isdecimal() or not 0 < int(value) <= HIGHEST_PORT:
        raise CannotStart(f"{name} is {value!r}. It must be a port number, such as {default}.")
    return int(value)


def python(*arguments: str) -> list[str]:
    """A command line that runs this environment's Python."""
    return [sys.executable, *arguments]
