"""The stand-in Exchange as a process: `python -m andock_demo.sandbox_process HOME PORT`.

Fills the mailboxes when the data folder is new; afterwards they are as they were left.
"""

import signal
import sys
import threading
from pathlib import Path

from andock_demo.home import load_passwords
from andock_demo.mailboxes import fill_mailboxes
from andock_demo.settings import LOOPBACK, SANDBOX_NAME
from andock_sandbox import Sandbox
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
    server.start()
    ended.wait()
    server.stop()
    box.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
