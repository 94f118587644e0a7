"""A stand-in for Exchange and Microsoft 365: EWS, Autodiscover, Graph and sign-in over https, until
Ctrl-C.

The first start makes a certificate authority; trust its ca.pem in the client under test. Without
--state everything is gone at the end."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import threading
from pathlib import Path

from . import microsoft
from .auth import SCHEMES
from .control import ControlServer
from .model import Json
from .sandbox import Sandbox
from .server import CERTIFICATES, SandboxServer
from .service import VERSIONS

_AUTODISCOVER = "autodiscover/autodiscover.xml"
_EXAMPLE = "Example: andock-sandbox --port 8443 --mailbox anna@example.test:secret --info box.json"


def _parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="andock-sandbox",
        description=__doc__,
        epilog=_EXAMPLE,
    )
    made.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    made.add_argument("--port", type=int, default=8443, help="port of EWS (8443; 0: a free one)")
    made.add_argument(
        "--control-port",
        type=int,
        default=0,
        metavar="PORT",
        help="port of the control page (0: a free one)",
    )
    made.add_argument(
        "--version",
        default="2019",
        choices=sorted(VERSIONS),
        help="which Exchange it answers as (2019, which is also SE)",
    )
    made.add_argument(
        "--auth", default="basic,ntlm", help=f"sign-in to offer, by commas: {', '.join(SCHEMES)}"
    )
    made.add_argument(
        "--extended-protection", action="store_true", help="NTLM must be bound to the TLS channel"
    )
    made.add_argument(
        "--certificate", default="good", choices=CERTIFICATES, help="what it shows (good)"
    )
    made.add_argument(
        "--certificates",
        type=Path,
        default=Path("andock-sandbox-certificates"),
        metavar="DIR",
        help="folder of the CA and the certificates, made when missing",
    )
    made.add_argument(
        "--name",
        action="append",
        default=[],
        metavar="HOST",
        help="a further host name for the certificate (repeatable); Autodiscover tells the first",
    )
    made.add_argument(
        "--mailbox",
        action="append",
        default=[],
        metavar="EMAIL:PASSWORD[:NAME[:LOGIN]]",
        help="a mailbox (repeatable)",
    )
    made.add_argument("--state", type=Path, metavar="FILE", help="keep everything in this file")
    made.add_argument(
        "--info",
        type=Path,
        metavar="FILE",
        help="write addresses, CA, mailboxes and the control page's token to this file, as JSON",
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


def _info(server: SandboxServer, control: ControlServer) -> Json:
    return {
        "version": server.version_name,
        "ews_url": server.ews_url,
        "autodiscover_url": server.ews_url.replace(
            "EWS/Exchange.asmx", "autodiscover/autodiscover.xml"
        ),
        "ca_file": str(server.ca_file.resolve()),
        "microsoft": microsoft.info(server),
        "control_url": control.url,
        "control_token": control.token,
        "mailboxes": [
            {
                "email": one.email,
                "password": one.password,
                "login": one.login,
                "name": one.name,
                "page": f"{control.url}mailbox/{one.email}",
            }
            for one in server.box.mailboxes
        ],
    }


def _write_private(path: Path, content: Json) -> None:
    """Write JSON for this user's eyes alone, so that no reader sees half of it."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(content, file, indent=2)
        file.write("\n")
    draft.replace(path)


def _print(info: Json, control: ControlServer) -> None:
    lines = [
        f"EWS      {info['ews_url']}",
        f"Graph    {info['microsoft']['graph_url']}",
        f"Sign-in  {info['microsoft']['authority']}",
        f"CA       {info['ca_file']}",
        f"Control  {control.url_with_token}",
        *(f"    {one['email']}  ({one['login']})" for one in info["mailboxes"]),
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


def main(arguments: list[str] | None = None) -> int:
    """Serve until SIGTERM or SIGINT. 0 after a clean end, 2 when it could not begin."""
    given = _parser().parse_args(arguments)
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    try:
        box = Sandbox(state=given.state)
        _add_mailboxes(box, given.mailbox)
        server = SandboxServer(
            box,
            given.host,
            given.port,
            tls_home=given.certificates,
            names=tuple(given.name),
            version=given.version,
            auth=tuple(given.auth.split(",")),
            certificate=given.certificate,
            extended_protection=given.extended_protection,
        )
        control = ControlServer(server, given.host, given.control_port, names=tuple(given.name))
    except (ValueError, OSError) as error:
        sys.stderr.write(f"andock-sandbox: {error}\n")
        return 2
    for part, port in ((server, given.port), (control, given.control_port)):
        try:
            part.start()
        except (OSError, OverflowError) as error:
            why = getattr(error, "strerror", None) or error
            sys.stderr.write(
                f"andock-sandbox: cannot listen on {given.host}:{port}: {why}."
                " Choose another port.\n"
            )
            return 2
    info = _info(server, control)
    if given.info is not None:
        _write_private(given.info, info)
    _print(info, control)
    ended.wait()
    control.stop()
    server.stop()
    box.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
