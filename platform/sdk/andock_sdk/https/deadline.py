"""A deadline for whole requests: whatever drips is cut off when time is up."""

import threading
from collections.abc import Callable
from math import inf
from time import monotonic


class Deadline:
    """Calls `cut`, from a thread of its own, when the time of what is under way is up.

    The thread sleeps on from one request to the next instead of being begun for each, and ends by
    itself once nothing is under way any more.
    """

    def __init__(self, cut: Callable[[], None]) -> None:
        self._cut = cut
        self._state = threading.Condition()
        self._ends: float | None = None
        self._wakes = inf
        self._thread: threading.Thread | None = None
        self._late = False

    @property
    def is_late(self) -> bool:
        """Whether what is under way, or just ended, was cut off."""
        return self._late

    def begin(self, ends: float) -> None:
        """Something is under way, until `ends` (monotonic)."""
        with self._state:
            self._ends, self._late = ends, False
            if self._thread is None:
                self._thread = threading.Thread(target=self._watch, daemon=True)
                self._wakes = ends
                self._thread.start()
            elif ends < self._wakes:
                self._state.notify()

    def end(self) -> None:
        """It has ended. Nothing is cut off from now on."""
        with self._state:
            self._ends = None

    def close(self) -> None:
        """Let the thread end."""
        with self._state:
            self._ends = None
            self._wakes = -inf
            self._state.notify()

    def _watch(self) -> None:
        with self._state:
            while self._ends is not None:
                left = self._ends - monotonic()
                if left <= 0:
                    self._late, self._ends = True, None
                    self._cut()
                    break
                self._wakes = self._ends
                self._state.wait(left)
            self._thread = None
