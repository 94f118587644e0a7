"""The command line: `python -m andock_demo [--end-with-parent]`."""

import os
import signal
import sys
from types import FrameType

from andock_demo import parent
from andock_demo.settings import CannotStart, read_settings
from andock_demo.supervisor import Supervisor

USAGE = 2
FAILED = 1


class EndRequested(BaseException):
    """Ctrl-C, a polite kill, or a closed terminal: unwinds whatever is under way."""


def main() -> int:
    """Start everything, keep it running, end everything; the process's exit code."""
    os.umask(0o077)  # whatever the parts write is this user's alone
    if "--end-with-parent" in sys.argv[1:]:
        parent.end_with_parent()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _end)
    supervisor: Supervisor | None = None
    try:
        supervisor = Supervisor(read_settings())
        supervisor.start()
        supervisor.watch()
    except CannotStart as problem:
        print(f"\n{problem}", file=sys.stderr, flush=True)
        return problem.exit_code
    except EndRequested:
        print("\nEnding ...", flush=True)
        return 0
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)  # ending takes seconds and is not interrupted
        if supervisor is not None:
            supervisor.stop()
    return FAILED


def _end(_number: int, _frame: FrameType | None) -> None:
    raise EndRequested


if __name__ == "__main__":
    sys.exit(main())
