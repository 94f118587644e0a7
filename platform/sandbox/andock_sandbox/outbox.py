"""Mails that an Exchange server would have sent; nothing is ever sent."""

from __future__ import annotations

from dataclasses import dataclass

REQUEST = "MeetingRequest"
UPDATE = "MeetingUpdate"
CANCELLATION = "MeetingCancellation"
RESPONSE = "MeetingResponse"
MESSAGE = "Message"


@dataclass(frozen=True)
class Mail:
    """One mail: its kind (MeetingRequest, …), who would have got it, and about what.

    ``sent`` and ``start`` are instants as UTC text; ``original`` is the occurrence's original
    start when it was about one occurrence.
    """

    kind: str
    sender: str
    to: tuple[str, ...]
    subject: str
    uid: str
    start: str
    sent: str
    original: str | None = None
