"""The stand-in Exchange as a process: `python -m andock_demo.sandbox_process HOME PORT`.

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


def main(home: Path, port: int) -> None:
    """Serve until told to end."""
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
    control = _control(server, folder / CONTROL)
    server.start()
    ended.wait()
    control.stop()
    server.stop()
    box.close()


def _control(server: SandboxServer, told: Path) -> ControlServer:
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
    }
    write_private(told, found)
    return control


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
