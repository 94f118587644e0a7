"""The command line: ``andock-sandbox --home DIR --port N --mailbox EMAIL:PASSWORD …``."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from pathlib import Path

from .sandbox import Sandbox
from .server import SandboxServer
from .service import VERSIONS


def _parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="andock-sandbox", description=__doc__)
    made.add_argument("--home", type=Path, default=Path("sandbox"), help="folder of the state")
    made.add_argument("--host", default="127.0.0.1")
    made.add_argument("--port", type=int, default=8443)
    made.add_argument("--version", default="2019", choices=sorted(VERSIONS))
    made.add_argument("--auth", default="basic,ntlm", help="schemes to offer, by commas")
    made.add_argument("--name", action="append", default=[], help="further host name (repeatable)")
    made.add_argument(
        "--mailbox",
        action="append",
        default=[],
        metavar="EMAIL:PASSWORD[:NAME[:LOGIN]]",
        help="a mailbox (repeatable)",
    )
    return made


def _add_mailboxes(box: Sandbox, specs: list[str]) -> None:
    for spec in specs:
        parts = spec.split(":", 3)
        if len(parts) < 2:
            raise ValueError(f"{spec}: not EMAIL:PASSWORD[:NAME[:LOGIN]]")
        email, password, name, login = [*parts, "", ""][:4]
        box.add_mailbox(email, password, name=name, login=login)
        # What the command line says is valid, whatever was before.
        if box.mailbox(email).password != password:
            box.mailbox(email).set_password(password)


def main(arguments: list[str] | None = None) -> int:
    """Serve until SIGTERM or SIGINT. 0 after a clean end, 2 when it could not begin."""
    given = _parser().parse_args(arguments)
    box = Sandbox(given.home)
    try:
        _add_mailboxes(box, given.mailbox)
        server = SandboxServer(
            box,
            given.host,
            given.port,
            tls_home=given.home / "tls",
            names=tuple(given.name),
            version=given.version,
            auth=tuple(given.auth.split(",")),
        )
        server.start()
    except ValueError as error:
        sys.stderr.write(f"andock-sandbox: {error}\n")
        return 2
    except OSError as error:
        sys.stderr.write(
            f"andock-sandbox: cannot listen on {given.host}:{given.port}: {error.strerror}."
            " Choose another --port.\n"
        )
        return 2
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    sys.stdout.write(f"EWS {server.ews_url}\nCA  {server.ca_file.resolve()}\n")
    for mailbox in box.mailboxes:
        sys.stdout.write(f"    {mailbox.email}  ({mailbox.login})\n")
    sys.stdout.flush()
    ended.wait()
    server.stop()
    box.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
