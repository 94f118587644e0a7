"""Microsoft 365 beside Exchange: what lies below the server's other paths.

/v1.0/…                      Microsoft Graph (``graph``)
/TENANT/oauth2/v2.0/… etc.   the identity platform (``identity``)
"""

from __future__ import annotations

import json
import threading
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from .model import Json

JSON = "application/json; charset=utf-8"
GRAPH_VERSION = "v1.0"
# So many requests are remembered.
_KEPT = 20_000
_IDENTITY = frozenset({"oauth2", "v2.0", "discovery", "adminconsent"})


@dataclass(frozen=True)
class Request:
    """A request as a service sees it. ``path`` is as it was sent, ``headers`` have lower-case
    names, ``base`` is the address by which the client knows the server (without a path)."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes
    base: str

    @property
    def fields(self) -> dict[str, str]:
        """The query's fields and, of a form, those of the body."""
        found = dict(parse_qsl(self.query, keep_blank_values=True))
        if self.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
            text = self.body.decode("utf-8", "replace")
            found |= dict(parse_qsl(text, keep_blank_values=True))
        return found


@dataclass(frozen=True)
class Reply:
    """An answer: status, body, its type, further headers."""

    status: int
    body: bytes = b""
    content_type: str = JSON
    headers: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, status: int, content: Json, headers: tuple[tuple[str, str], ...] = ()) -> Reply:
        """An answer in JSON."""
        return cls(status, json.dumps(content, ensure_ascii=False).encode(), JSON, headers)


@dataclass
class Cloud:
    """How Microsoft's side behaves, to be changed at will.

    - ``https_only``: whether subscriptions on this machine must be https too;
    - ``validation_seconds``: how long a listener may take to repeat its validation token;
    - ``most_at_once``: how many requests of an app a mailbox serves at a time; more get 429.

    ``peak`` is the largest number that was ever on its way for one mailbox.
    """

    https_only: bool = False
    validation_seconds: float = 10.0
    most_at_once: int = 4
    peak: int = 0
    log: deque[Call] = field(default_factory=lambda: deque(maxlen=_KEPT))
    # What each calendarView/delta token has told (see ``graph.delta``).
    told: dict[str, dict[int, list[str]]] = field(default_factory=dict)
    _under_way: Counter[tuple[str, str]] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self, mailbox: str, client_id: str) -> bool:
        """Count a request in; False, and not counted, when there are too many already."""
        with self._lock:
            if self._under_way[mailbox, client_id] >= self.most_at_once:
                return False
            self._under_way[mailbox, client_id] += 1
            self.peak = max(self.peak, self._under_way[mailbox, client_id])
            return True

    def finish(self, mailbox: str, client_id: str) -> None:
        """A request is over."""
        with self._lock:
            self._under_way[mailbox, client_id] -= 1

    def count(self, operation: str = "") -> int:
        """How many requests of an operation (of any kind) there have been. The parts of a $batch
        count by their own operation, not as requests."""
        if operation:
            return sum(one.operation == operation for one in self.log)
        return sum(not one.in_batch for one in self.log)


@dataclass(frozen=True)
class Call:
    """A request to Graph that has been answered."""

    method: str
    url: str
    operation: str
    mailbox: str
    status: int
    in_batch: bool = False


def is_graph(path: str) -> bool:
    """Whether a path is one of Graph's."""
    return path == f"/{GRAPH_VERSION}" or path.startswith((f"/{GRAPH_VERSION}/", "/beta/"))


def is_identity(path: str) -> bool:
    """Whether a path is one of the identity platform's."""
    parts = path.split("/")
    return len(parts) > 2 and parts[2].lower() in _IDENTITY
