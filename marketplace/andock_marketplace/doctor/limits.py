"""Slows down whoever tries links that are none, per address and process."""

import threading
import time
from collections import OrderedDict

SECONDS = 600.0
MOST_MISSES = 20
MOST_KEPT = 5000


class Misses:
    """Counts misses per caller over ten minutes. A link's secret cannot be guessed; this keeps
    trying from costing anything."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._found: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def too_many(self, caller: str) -> bool:
        """Whether the caller has to wait."""
        with self._lock:
            since, count = self._found.get(caller, (0.0, 0))
            return count >= MOST_MISSES and time.monotonic() - since < SECONDS

    def add(self, caller: str) -> None:
        """One more miss."""
        with self._lock:
            moment = time.monotonic()
            since, count = self._found.pop(caller, (moment, 0))
            if moment - since >= SECONDS:
                since, count = moment, 0
            self._found[caller] = (since, count + 1)
            while len(self._found) > MOST_KEPT:
                self._found.popitem(last=False)
