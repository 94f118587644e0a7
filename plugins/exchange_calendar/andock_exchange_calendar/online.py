"""Mailboxes in Exchange Online: passwords ended there, another integration is the right one."""

from typing import TypeVar

from andock_sdk import Discovered, Elsewhere, TestReport

INTEGRATION = "office365-calendar"
_ONLINE = "mailbox.online"
_MOST = 320  # characters of a mail address
Ended = TypeVar("Ended", Discovered, TestReport)


def lead(ended: Ended, username: str) -> Ended:
    """How a search or a test ended, leading to the other integration where the mailbox lives in
    Exchange Online. A mail address is carried over; DOMAIN\\user means nothing there."""
    if ended.error != _ONLINE:
        return ended
    address = username.strip()
    usable = "@" in address and "\\" not in address and len(address) <= _MOST
    answers = {"username": address} if usable else {}
    return ended.model_copy(
        update={"elsewhere": Elsewhere(integration=INTEGRATION, answers=answers)}
    )
