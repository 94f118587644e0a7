"""Outlives the supervisor by a moment: ends the run's processes when the supervisor is killed.

    python -m andock_demo.guardian MARK

Waits until its standard input closes, which happens however the supervisor ends, then sweeps.
After an orderly end there is nothing left to sweep.
"""

import signal
import sys

from andock_demo.processes import end, of_run

GRACE_SECONDS = 2.0
ROUNDS = 5


def main(mark: str) -> None:
    """Wait for the end of the supervisor, then leave none of its processes behind."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # what ends the supervisor must not end its guardian
    sys.stdin.buffer.read()
    for _ in range(ROUNDS):  # a process may have been just about to start another
        left = of_run(mark)
        if not left:
            return
        end(left, GRACE_SECONDS)


if __name__ == "__main__":
    main(sys.argv[1])
