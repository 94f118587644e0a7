"""The subscriptions of all mailboxes and the events that wait in them."""

from __future__ import annotations

import base64
import binascii
import secrets
import struct
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from ..errors import EwsError
from ..model import Event
from ..state import MailboxState

PULL, PUSH, STREAMING = "Pull", "Push", "Streaming"
KINDS = frozenset(
    f"{kind}Event"
    for kind in ("Copied", "Created", "Deleted", "Modified", "Moved", "NewMail", "FreeBusyChanged")
)
# So many events wait in a subscription; the oldest are then lost, and its watermarks with them.
_KEPT = 5000
_MOST_PER_MAILBOX = 5000
# A streaming subscription that nobody listens to lives this long (minutes).
STREAM_LIFE = 30
# So many hanging connections may a mailbox have (the default throttling policy on premises).
MOST_STREAMS = 3
_MARK = struct.Struct(">8sQ")


@dataclass
class Subscription:
    """What one client wants to hear of. ``folders`` None means the whole mailbox; ``minutes`` is
    the timeout of a pull subscription or the status frequency of a push subscription.

    ``events`` are (number, event); ``sent`` is the number that a streaming or push client was
    told last.
    """

    id: str
    state: MailboxState
    kind: str
    folders: frozenset[int] | None
    types: frozenset[str]
    minutes: int
    url: str = ""
    caller_data: str = ""
    expires: float = 0.0
    last: int = 0
    sent: int = 0
    ended: str = ""
    connection: object = None
    key: bytes = field(default_factory=lambda: secrets.token_bytes(8))
    events: deque[tuple[int, Event]] = field(default_factory=lambda: deque(maxlen=_KEPT))

    def watermark(self, number: int) -> str:
        """The opaque mark of the place after an event."""
        return base64.b64encode(_MARK.pack(self.key, number)).decode()

    def place(self, watermark: str) -> int:
        """The number that a watermark stands for. EwsError ErrorInvalidWatermark."""
        try:
            key, number = _MARK.unpack(base64.b64decode(watermark, validate=True))
        except (binascii.Error, ValueError, struct.error) as error:
            raise EwsError("ErrorInvalidWatermark") from error
        oldest = self.events[0][0] - 1 if self.events else self.last
        if key != self.key or not oldest <= number <= self.last:
            raise EwsError("ErrorInvalidWatermark")
        return int(number)

    def since(self, number: int, most: int) -> list[tuple[int, Event]]:
        """At most so many events after a number."""
        return [entry for entry in self.events if entry[0] > number][:most]

    def wants(self, event: Event) -> bool:
        """Whether the client asked for such an event in one of these folders."""
        if f"{event.kind}Event" not in self.types:
            return False
        if self.folders is None:
            return True
        touched = {event.parent, event.old_parent}
        if event.is_folder:
            touched.add(event.num)
        return bool(touched & self.folders)


class Hub:
    """All subscriptions; thread-safe. ``minute`` is how many seconds a minute of timeouts lasts,
    so that tests need not wait."""

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.minute = 60.0
        self.closed = False
        self._held: dict[str, Subscription] = {}
        self._streams: list[MailboxState] = []
        self._on_push: Callable[[Subscription], None] | None = None

    def on_push(self, start: Callable[[Subscription], None]) -> None:
        """Who is called with each new push subscription."""
        self._on_push = start

    def subscribe(
        self,
        state: MailboxState,
        kind: str,
        folders: frozenset[int] | None,
        types: frozenset[str],
        minutes: int = STREAM_LIFE,
        url: str = "",
        caller_data: str = "",
    ) -> Subscription:
        """A new subscription from now on. EwsError ErrorExceededSubscriptionCount."""
        raw = b"\x0b\x00\x00\x00ex01" + secrets.token_bytes(24)
        made = Subscription(
            base64.b64encode(raw).decode(), state, kind, folders, types, minutes, url, caller_data
        )
        with self.changed:
            self._sweep()
            if sum(held.state is state for held in self._held.values()) >= _MOST_PER_MAILBOX:
                raise EwsError("ErrorExceededSubscriptionCount")
            self.prolong(made)
            self._held[made.id] = made
            # A mailbox that nobody listens to tells nothing: events cost time.
            state.on_event = self.notify
        if kind == PUSH and self._on_push is not None:
            self._on_push(made)
        return made

    def prolong(self, held: Subscription) -> None:
        """The client was heard of: the time until the subscription ends begins anew."""
        # Push subscriptions end when their listener fails, not by the clock.
        life = held.minutes * self.minute if held.kind != PUSH else float("inf")
        held.expires = time.monotonic() + life

    def all(self) -> list[Subscription]:
        """The subscriptions that there are."""
        with self.changed:
            return list(self._held.values())

    def find(self, state: MailboxState, known: str) -> Subscription:
        """A living subscription of a mailbox. EwsError: not found, expired, someone else's."""
        with self.changed:
            held = self._held.get(known)
            if held is None:
                raise EwsError("ErrorSubscriptionNotFound")
            if held.state is not state:
                raise EwsError("ErrorSubscriptionAccessDenied")
            if held.expires < time.monotonic():
                del self._held[known]
                raise EwsError("ErrorExpiredSubscription")
            return held

    def end(self, held: Subscription, code: str = "ErrorSubscriptionUnsubscribed") -> None:
        """Take a subscription out; whoever waits on it learns why."""
        with self.changed:
            held.ended = code
            self._held.pop(held.id, None)
            if not any(other.state is held.state for other in self._held.values()):
                held.state.on_event = None
            self.changed.notify_all()

    def open_stream(self, state: MailboxState) -> bool:
        """Count in a hanging connection; False when the mailbox has too many already."""
        with self.changed:
            if sum(other is state for other in self._streams) >= MOST_STREAMS:
                return False
            self._streams.append(state)
            return True

    def close_stream(self, state: MailboxState) -> None:
        """A hanging connection is over."""
        with self.changed:
            self._streams.remove(state)

    def lose_all(self) -> None:
        """Forget every subscription, as a server does that restarts or fails over."""
        with self.changed:
            for held in list(self._held.values()):
                held.ended = "ErrorSubscriptionNotFound"
                held.state.on_event = None
            self._held.clear()
            self.changed.notify_all()

    def notify(self, state: MailboxState, event: Event) -> None:
        """Something happened in a mailbox: note it for whoever asked."""
        with self.changed:
            for held in self._held.values():
                if held.state is state and held.wants(event):
                    held.last += 1
                    held.events.append((held.last, event))
            self.changed.notify_all()

    def close(self) -> None:
        """End all waiting."""
        with self.changed:
            self.closed = True
        self.lose_all()

    def _sweep(self) -> None:
        now = time.monotonic()
        # A day after its end nobody asks for a subscription any more.
        self._held = {
            key: held for key, held in self._held.items() if held.expires > now - 1440 * self.minute
        }
