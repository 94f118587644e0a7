"""Notifications: who has subscribed to what, what happened since, and telling it.

Subscriptions live in memory alone, as on a real Client Access server: a restart loses them.
"""

from __future__ import annotations

from .hub import KINDS, PULL, PUSH, STREAMING, Hub, Subscription
from .push import Pusher
from .streaming import Part, stream

__all__ = [
    "KINDS",
    "PULL",
    "PUSH",
    "STREAMING",
    "Hub",
    "Part",
    "Pusher",
    "Subscription",
    "stream",
]
