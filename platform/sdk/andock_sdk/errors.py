"""What can go wrong on the other side, as a small tree::

    AndockError
    ├── MemberError      the member can mend it (a wrong password)        → needs attention
    │   ├── BadCredentials
    │   ├── WrongAccount    a reconnect with somebody else's account
    │   ├── Declined        the member did not agree at the other side's sign-in
    │   └── MoreAccess      what was switched on needs more than the member allowed so far
    ├── AdminError       the operator or the other side's IT can mend it  → needs attention
    │   ├── EgressRefused       the operator's policy forbids this address
    │   ├── ApprovalNeeded      the other side's administrator has to agree first
    │   └── CertificateChanged  the server shows another certificate than the approved one
    ├── Throttled        come back at `until`
    ├── CursorLost       the change token is void: list and reconcile
    ├── CollectionGone   the calendar is no longer there
    ├── Gone             the item is no longer there
    ├── Conflict         the item changed since it was read: read again and merge
    ├── Unrepresentable  the other side cannot hold this item as it is
    ├── Transient        try again later (the network, a 503)
    └── PluginBug        the plugin broke its contract

Every error carries a stable `key`. The words for it stand in the listing's `messages`, so that
the page speaks the reader's language. `detail` is for the operator's log only: never put a
secret, a subject or an address of a person in it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import ClassVar


class AndockError(Exception):
    """The root. `key` is stable and lower-case with dots, e.g. "sign_in.refused"."""

    default_key: ClassVar[str] = "unexpected"

    def __init__(self, key: str = "", detail: str = "") -> None:
        self.key = key or self.default_key
        self.detail = detail
        super().__init__(self.key)


class MemberError(AndockError):
    """The member can mend it."""

    default_key = "member"


class BadCredentials(MemberError):
    """The other side refused user name and password. Tried once, never repeated."""

    default_key = "sign_in.refused"


class WrongAccount(MemberError):
    """A reconnect signed in to another account than the connection belongs to."""

    default_key = "account.other"


class Declined(MemberError):
    """The member did not agree at the other side's sign-in."""

    default_key = "sign_in.declined"


class MoreAccess(MemberError):
    """What was switched on needs more than the member allowed so far. The page offers to sign in
    again; `authorize` then gets the settings as `wanted`."""

    default_key = "access.more"


class AdminError(AndockError):
    """The operator, or whoever runs the other side, can mend it."""

    default_key = "admin"


class EgressRefused(AdminError):
    """The operator's policy does not let Andock call this address."""

    default_key = "egress.refused"


class ApprovalNeeded(AdminError):
    """The other side's administrator has to agree first. `url` is where they do, https and on a
    host of the listing's `sign_in_hosts`; the member can copy it and pass it on. With a fresh
    `state` in it that nobody guesses, and `callback_url` as the way back, Andock recognises whoever
    agreed, and the member's page says so. Empty when there is none."""

    default_key = "approval.needed"

    def __init__(self, url: str = "", key: str = "", detail: str = "") -> None:
        super().__init__(key, detail)
        self.url = url


class CertificateChanged(AdminError):
    """The server shows another certificate than the one that was approved for it."""

    default_key = "certificate.changed"


class Throttled(AndockError):
    """The other side asks for a pause. `until` is aware, in UTC; None lets core choose."""

    default_key = "throttled"

    def __init__(self, until: datetime | None = None, key: str = "", detail: str = "") -> None:
        super().__init__(key, detail)
        self.until = until


class CursorLost(AndockError):
    """The change token is void. Core lists the collection again and reconciles."""

    default_key = "cursor.lost"


class CollectionGone(AndockError):
    """The calendar is no longer there, or no longer readable."""

    default_key = "collection.gone"


class Gone(AndockError):
    """The item is no longer there."""

    default_key = "item.gone"


class Conflict(AndockError):
    """The item's version is not the expected one. Nothing was written."""

    default_key = "item.conflict"


class Unrepresentable(AndockError):
    """The other side cannot hold this item as it is (a rule it does not know, say)."""

    default_key = "item.unrepresentable"


class Transient(AndockError):
    """Try again later. Whether a write took effect is unknown."""

    default_key = "transient"


class PluginBug(AndockError):
    """The plugin broke its contract."""

    default_key = "plugin.bug"


@contextmanager
def in_steps() -> Iterator[Callable[[], None]]:
    """Around a write that takes several calls, reading back included. The block gets a function to
    call when something has been written: from then on an error must no longer say that nothing
    happened, so each comes out as `Transient`. Core then finds out what became of the write."""
    written: list[bool] = []
    try:
        yield lambda: written.append(True)
    except (Transient, PluginBug):
        raise
    except AndockError as error:
        if not written:
            raise
        raise Transient(detail=f"halfway: {error.key} {error.detail}".strip()) from error
