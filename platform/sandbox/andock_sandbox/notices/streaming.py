"""Hanging connections: what GetStreamingEvents says, bit by bit."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

from ..model import Event
from .hub import Hub, Subscription

# Exchange sends a sign of life about every 45 seconds (a part of a minute here).
_HEARTBEAT = 0.75
_MOST = 100


@dataclass(frozen=True)
class Part:
    """One message of the stream: its status (``OK``, ``Closed``), an error's code with the ids it
    is about, events by subscription."""

    status: str
    error: str = ""
    ids: tuple[str, ...] = ()
    events: tuple[tuple[Subscription, list[tuple[int, Event]]], ...] = ()


def stream(hub: Hub, held: list[Subscription], minutes: int) -> Iterator[Part]:
    """Everything that happens to some subscriptions, until ``minutes`` have passed.

    A second connection for a subscription ends the first one with
    ErrorNewEventStreamConnectionOpened; more than three for a mailbox are refused.
    """
    if not held or not hub.open_stream(held[0].state):
        yield Part("Closed", "ErrorExceededConnectionCount")
        return
    try:
        yield from _until(hub, held, minutes)
    finally:
        hub.close_stream(held[0].state)


def _until(hub: Hub, held: list[Subscription], minutes: int) -> Iterator[Part]:
    mine = object()
    end = time.monotonic() + minutes * hub.minute
    with hub.changed:
        for one in held:
            one.connection = mine
        hub.changed.notify_all()
    yield Part("OK")
    while not hub.closed:
        part = _next(hub, held, mine, end)
        with hub.changed:
            for one in held:
                hub.prolong(one)
        yield part
        if part.status == "Closed":
            return


def _next(hub: Hub, held: list[Subscription], mine: object, end: float) -> Part:
    beat = min(end, time.monotonic() + _HEARTBEAT * hub.minute)
    with hub.changed:
        while True:
            gone = [one for one in held if one.ended]
            if gone:
                return Part("Closed", gone[0].ended, tuple(one.id for one in gone))
            taken = [one for one in held if one.connection is not mine]
            if taken:
                code = "ErrorNewEventStreamConnectionOpened"
                return Part("Closed", code, tuple(one.id for one in taken))
            found = tuple((one, one.since(one.sent, _MOST)) for one in held)
            found = tuple((one, events) for one, events in found if events)
            if found:
                for one, events in found:
                    one.sent = events[-1][0]
                return Part("OK", events=found)
            left = beat - time.monotonic()
            if left <= 0 or hub.closed:
                return Part("Closed" if beat == end or hub.closed else "OK")
            hub.changed.wait(left)
