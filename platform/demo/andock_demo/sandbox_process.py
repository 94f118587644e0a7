"""The stand-in as a process: `python -m andock_demo.sandbox_process HOME PORT CALLBACK`.

Fills the mailboxes when the data folder is new; afterwards they are as they were left.
"""

import json
import signal
import sys
import threading
from pathlib import Path
from urllib.parse import quote

from andock_demo.home import load_passwords, write_private
from andock_demo.mailboxes import fill_mailboxes
from andock_demo.settings import CONTROL, LOOPBACK, SANDBOX_NAME
from andock_sandbox import Sandbox, microsoft
from andock_sandbox.control import ControlServer
from andock_sandbox.server import SandboxServer

FILLED = "filled"
ANDOCK = "Andock"


def main(home: Path, port: int, callback: str) -> None:
    """Serve until told to end. `callback` is where Andock has people sent back to."""
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: ended.set())
    folder = home / "sandbox"
    folder.mkdir(mode=0o700, exist_ok=True)
    box = Sandbox(folder / "data")
    filled = folder / FILLED
    fill_mailboxes(box, load_passwords(home), with_entries=not filled.exists())
    filled.touch()
    server = SandboxServer(
        box,
        host=LOOPBACK,
        port=port,
        tls_home=folder / "tls",
        names=(SANDBOX_NAME, LOOPBACK),
    )
    control = _control(server, folder / CONTROL, callback)
    server.start()
    ended.wait()
    control.stop()
    server.stop()
    box.close()


def _control(server: SandboxServer, told: Path, callback: str) -> ControlServer:
    """The control page, on the next port when that is free; `told` keeps its token and says where
    it is."""
    kept = json.loads(told.read_text())["token"] if told.exists() else ""
    names = (SANDBOX_NAME,)
    try:
        control = ControlServer(server, LOOPBACK, server.port + 1, token=kept, names=names).start()
    except (OSError, OverflowError):
        control = ControlServer(server, LOOPBACK, 0, token=kept, names=names).start()
    query = f"?token={control.token}"
    pages = {
        mailbox.email: f"{control.url}mailbox/{quote(mailbox.email, safe='@')}{query}"
        for mailbox in server.box.mailboxes
    }
    found = {
        "control": control.url_with_token,
        "token": control.token,
        "pages": pages,
        "microsoft": microsoft.info(server),
        "registration": _register(server, callback),
    }
    write_private(told, found)
    return control


def _register(server: SandboxServer, callback: str) -> dict[str, str]:
    """Andock's own registration with the stand-in's sign-in, as the operator would type it in."""
    directory = server.box.directory
    known = next((app for app in directory.apps.values() if app.name == ANDOCK), None)
    app = known or directory.register(ANDOCK, [callback])
    if app.redirect_uris != [callback]:
        secret = next(iter(app.secrets))
        app = directory.register(ANDOCK, [callback], client_id=app.client_id, secret=secret)
    return {
        "client_id": app.client_id,
        "client_secret": next(iter(app.secrets)),
        "cloud": "other",
        "authority": server.cloud_url,
        "graph": server.graph_url.removesuffix("/v1.0"),
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
