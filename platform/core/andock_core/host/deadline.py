"""Deadlines for plugins' code, by the process's alarm.

They work in a process's main thread only, which is where a work-horse runs its job. An alarm
cannot end code that never returns to Python; in a work-horse that overruns by `GRACE_SECONDS` the
process ends itself instead (`expendable`), and what it held is repaired as after a crash.
"""

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

AGAIN_SECONDS = 2
GRACE_SECONDS = 15

_expendable = False


class DeadlinePassed(BaseException):
    """Time is up. Not an Exception, so that a plugin's `except Exception` does not swallow it."""


def expendable() -> None:
    """From now on this process may be ended when a deadline is overrun: it is a work-horse."""
    global _expendable
    _expendable = True


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Raises DeadlinePassed in the block when it takes longer than `seconds`.

    Deadlines nest; the one that ends first counts. Raises RuntimeError outside the main thread.
    """
    require_main_thread()
    begun = time.monotonic()
    previous = signal.signal(signal.SIGALRM, _time_is_up)
    # Again and again: Python drops an exception that is raised while an object is being deleted.
    outer, again = signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN_SECONDS)
    if 0 < outer < seconds:  # the outer one ends first: leave it in charge
        signal.signal(signal.SIGALRM, previous)
        signal.setitimer(signal.ITIMER_REAL, outer, again)
        yield
        return
    last_resort = _last_resort(seconds + GRACE_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)
        last_resort.cancel()
        if outer:
            left = outer - (time.monotonic() - begun)
            signal.setitimer(signal.ITIMER_REAL, max(left, 0.001), again)


def require_main_thread() -> None:
    """Raises RuntimeError in other threads, such as those that serve pages."""
    if threading.current_thread() is not threading.main_thread():
        raise RuntimeError("plugins' code runs in a worker's main thread only")


def _time_is_up(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise DeadlinePassed


def _last_resort(seconds: float) -> threading.Timer:
    timer = threading.Timer(seconds, os.kill, (os.getpid(), signal.SIGKILL))
    timer.daemon = True
    if _expendable:
        timer.start()
    return timer
