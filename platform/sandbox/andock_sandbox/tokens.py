"""Access tokens as a directory service would issue them: opaque, for one mailbox, for a while.

They are kept in memory alone: a sandbox that is started anew knows none of them any more.
"""

from __future__ import annotations

import secrets
import threading
import time

from .state import MailboxState


class Tokens:
    """The tokens in circulation; thread-safe."""

    def __init__(self) -> None:
        self._held: dict[str, tuple[MailboxState, float]] = {}
        self._lock = threading.Lock()

    def issue(self, state: MailboxState, seconds: float) -> str:
        """A new token for a mailbox, valid for some seconds."""
        token = secrets.token_urlsafe(48)
        with self._lock:
            self._held[token] = (state, time.monotonic() + seconds)
        return token

    def owner(self, token: str) -> MailboxState | None:
        """The mailbox that a token signs in to; None when it is unknown or has expired."""
        with self._lock:
            held = self._held.get(token)
        return held[0] if held is not None and held[1] > time.monotonic() else None

    def revoke_all(self) -> None:
        """Make every token invalid at once."""
        with self._lock:
            self._held.clear()
