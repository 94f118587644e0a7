"""Faults on demand: what should go wrong with the next requests.

Before anything is done: an HTTP status (``400 401 403 404 409 410 412 429 500 501 502 503 504``;
it may carry ``retry_after``), an EWS code that starts with ``Error`` (as a SOAP fault, or as
Graph's error; ErrorServerBusy may carry ``backoff_ms``), ``reset`` (the connection drops),
``login-page`` (HTML with status 200), ``wrong-xml`` (XML, but no SOAP).

After the effect: ``lost-answer`` (the connection drops before the answer), ``reset-mid-body`` (it
drops within the answer), ``truncated`` (half an answer, orderly ended), ``broken-xml`` (an answer
that no parser takes), ``slow`` (``seconds`` pass before the answer), ``drip`` (the answer comes
bit by bit, over ``seconds``); of Graph alone ``foreign-link`` (nextLink and deltaLink lead to
another host) and ``replayed`` (a list tells each of its lines twice).

An operation is one of EWS (``GetItem``), ``Autodiscover``, one of Graph (``event.create``), or
``Graph``: any of Graph's; ``Token`` and ``Authorize`` of the identity platform; or ``SignIn``: any
request before its credentials are looked at. ``*`` is any operation of EWS and Graph. The parts of
a $batch meet the statuses and codes that are planned for their own operation.
"""

from __future__ import annotations

import itertools
import threading
from dataclasses import dataclass, field

ANY = "*"
SIGN_IN, AUTODISCOVER, GRAPH = "SignIn", "Autodiscover", "Graph"
TOKEN, AUTHORIZE = "Token", "Authorize"
# What ``*`` does not mean.
_APART = frozenset({SIGN_IN, TOKEN, AUTHORIZE})
STATUSES = (
    *("400", "401", "403", "404", "409", "410", "412", "429"),
    *("500", "501", "502", "503", "504"),
)
BEFORE = (*STATUSES, "reset", "login-page", "wrong-xml")
ON_GRAPH = ("foreign-link", "replayed")
AFTER = ("lost-answer", "reset-mid-body", "truncated", "broken-xml", "slow", "drip", *ON_GRAPH)
KINDS = frozenset({*BEFORE, *AFTER})
_COUNTER = itertools.count(1)


@dataclass
class Fault:
    """One planned fault for an operation (``*``: any) of a mailbox (None: any), ``times`` often
    (None: until it is cleared). ``num`` names it when it is cleared alone."""

    operation: str
    kind: str
    mailbox: str | None = None
    times: int | None = 1
    backoff_ms: int | None = None
    retry_after: str | None = None
    seconds: float = 0.0
    num: int = field(default_factory=lambda: next(_COUNTER))

    @property
    def is_after(self) -> bool:
        """Whether the request is carried out all the same."""
        return self.kind in AFTER


class Faults:
    """The faults that wait for their request; thread-safe."""

    def __init__(self) -> None:
        self._planned: list[Fault] = []
        self._lock = threading.Lock()

    def add(self, fault: Fault) -> Fault:
        """Plan a fault. ValueError for an unknown kind, or a number that makes no sense."""
        if fault.kind not in KINDS and not fault.kind.startswith("Error"):
            raise ValueError(f"no such fault: {fault.kind}")
        if fault.times is not None and fault.times < 1:
            raise ValueError("a fault happens once or more often")
        if not 0 <= fault.seconds <= 3600:
            raise ValueError("seconds are between 0 and 3600")
        with self._lock:
            self._planned.append(fault)
        return fault

    @property
    def waiting(self) -> bool:
        """Whether any fault is planned."""
        return bool(self._planned)

    @property
    def planned(self) -> list[Fault]:
        """What waits, oldest first."""
        with self._lock:
            return list(self._planned)

    def take(
        self,
        operation: str,
        mailbox: str,
        *,
        also: str = "",
        kinds: tuple[str, ...] = (),
    ) -> Fault | None:
        """The fault that this request meets, counted down; None when it may go on. ``also`` is a
        wider name of the operation; ``kinds`` restricts to some, of the operation's own name."""
        with self._lock:
            for fault in self._planned:
                if not _meets(fault, operation, also, kinds):
                    continue
                if fault.mailbox is not None and fault.mailbox.casefold() != mailbox.casefold():
                    continue
                if fault.times is not None:
                    fault.times -= 1
                    if fault.times <= 0:
                        self._planned.remove(fault)
                return fault
        return None

    def clear(self, num: int | None = None) -> None:
        """Forget one planned fault, or all of them."""
        with self._lock:
            self._planned = [one for one in self._planned if num is not None and one.num != num]


def _meets(fault: Fault, operation: str, also: str, kinds: tuple[str, ...]) -> bool:
    if kinds:
        fits = fault.kind in kinds or fault.kind.startswith("Error")
        return fits and fault.operation == operation
    if fault.operation in (operation, also or operation):
        return True
    return fault.operation == ANY and operation not in _APART
