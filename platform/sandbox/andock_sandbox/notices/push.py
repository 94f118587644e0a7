"""Push notifications: calling the client back.

A call that is not answered with OK is repeated after 30, 60, 120 … seconds; when the wait would
exceed the subscription's status frequency, the subscription ends.
Source: Microsoft, web service reference, StatusFrequency.
"""

from __future__ import annotations

import ssl
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable

from lxml import etree

from ..errors import EwsError
from ..model import Event
from ..soap import MESSAGES, TYPES, add, child, envelope, local, parse, parts
from ..values import text_of
from .hub import Hub, Subscription
from .writing import write

_MOST = 100
_TIMEOUT = 10


class Pusher:
    """Calls the listeners of push subscriptions, each from a thread of its own.

    ``tls`` is what https listeners are judged by (None: the system's authorities). ``on_call``
    may be set to see each call and its answer.
    """

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self.tls: ssl.SSLContext | None = None
        self.on_call: Callable[[bytes, bytes], None] | None = None
        hub.on_push(self._begin)

    def _begin(self, held: Subscription) -> None:
        threading.Thread(target=self._serve, args=(held,), name="push", daemon=True).start()

    def _serve(self, held: Subscription) -> None:
        first = True
        while True:
            if not first and not self._wait(held):
                return
            first = False
            events = held.since(held.sent, _MOST)
            if not self._deliver(held, self._message(held, events)):
                self._hub.end(held)
                return
            if events:
                held.sent = events[-1][0]

    def _wait(self, held: Subscription) -> bool:
        """Wait for an event or for the time of the next status; whether to go on."""
        due = time.monotonic() + held.minutes * self._hub.minute
        with self._hub.changed:
            while not held.ended and not held.since(held.sent, 1):
                left = due - time.monotonic()
                if left <= 0:
                    break
                self._hub.changed.wait(left)
            return not held.ended

    def _message(self, held: Subscription, events: list[tuple[int, Event]]) -> bytes:
        root = etree.Element(f"{{{MESSAGES}}}SendNotification", nsmap={"m": MESSAGES, "t": TYPES})
        messages = add(root, "m:ResponseMessages")
        message = add(messages, "m:SendNotificationResponseMessage", ResponseClass="Success")
        add(message, "m:ResponseCode", "NoError")
        write(message, held, held.sent, events)
        return envelope({}, root)

    def _deliver(self, held: Subscription, body: bytes) -> bool:
        """Call until the listener says OK. False: it unsubscribes, or does not answer."""
        wait, limit = 0.5 * self._hub.minute, held.minutes * self._hub.minute
        while not held.ended:
            status = self._call(held.url, body)
            if status:
                return status == "OK"
            if wait > limit:
                return False
            with self._hub.changed:
                self._hub.changed.wait_for(lambda: bool(held.ended), wait)
            wait *= 2
        return False

    def _call(self, url: str, body: bytes) -> str:
        """The listener's SubscriptionStatus; empty when it gave none."""
        headers = {
            "Content-Type": "text/xml; charset=utf-8",
            "SOAPAction": f'"{MESSAGES}/SendNotification"',
        }
        request = urllib.request.Request(url, body, headers)  # noqa: S310  checked on Subscribe
        try:
            with urllib.request.urlopen(request, timeout=_TIMEOUT, context=self.tls) as answer:  # noqa: S310
                given: bytes = answer.read(1 << 20)
        except (OSError, urllib.error.URLError, ValueError):
            return ""
        if self.on_call is not None:
            self.on_call(body, given)
        try:
            _, result = parts(parse(given))
        except EwsError:
            return ""
        if local(result) != "SendNotificationResult" or child(result, "SubscriptionStatus") is None:
            return ""
        return text_of(result, "SubscriptionStatus").strip()
