"""Faults on demand: what should go wrong with the next requests.

Kinds: an HTTP status (``401 403 500 502 503``), an EWS code that starts with ``Error`` (as a SOAP
fault; ErrorServerBusy may carry ``backoff_ms``), ``lost-answer`` (the effect is done, the
connection drops before the answer), ``reset`` (the connection drops before the effect),
``truncated`` (half an answer), ``login-page`` (HTML with status 200), ``slow`` (``seconds`` pass
before the answer).

An operation is one of EWS (``GetItem``), ``Autodiscover``, or ``SignIn``: any request before its
credentials are looked at.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

ANY = "*"
SIGN_IN, AUTODISCOVER = "SignIn", "Autodiscover"
KINDS = frozenset(
    {"401", "403", "500", "502", "503", "lost-answer", "reset", "truncated", "login-page", "slow"}
)


@dataclass
class Fault:
    """One planned fault for an operation (``*``: any) of a mailbox (None: any), ``times`` often."""

    operation: str
    kind: str
    mailbox: str | None = None
    times: int = 1
    backoff_ms: int | None = None
    retry_after: str | None = None
    seconds: float = 0.0


class Faults:
    """The faults that wait for their request; thread-safe."""

    def __init__(self) -> None:
        self._planned: list[Fault] = []
        self._lock = threading.Lock()

    def add(self, fault: Fault) -> None:
        """Plan a fault. ValueError for an unknown kind."""
        if fault.kind not in KINDS and not fault.kind.startswith("Error"):
            raise ValueError(f"no such fault: {fault.kind}")
        with self._lock:
            self._planned.append(fault)

    @property
    def waiting(self) -> bool:
        """Whether any fault is planned."""
        return bool(self._planned)

    def take(self, operation: str, mailbox: str) -> Fault | None:
        """The fault that this request meets, counted down; None when it may go on."""
        with self._lock:
            for fault in self._planned:
                if fault.operation != operation and (
                    fault.operation != ANY or operation == SIGN_IN
                ):
                    continue
                if fault.mailbox not in (None, mailbox):
                    continue
                fault.times -= 1
                if fault.times <= 0:
                    self._planned.remove(fault)
                return fault
        return None

    def clear(self) -> None:
        """Forget all planned faults."""
        with self._lock:
            self._planned.clear()
