"""What access an integration asks for, compared with what the member agreed to.

A permission is known by its icon and its English words, which is what the member was shown: a
reworded one counts as new, because only a person can tell whether it means the same.
"""

from collections.abc import Iterable
from typing import Any

from andock_sdk import Listing, Permission


def agreed_to(listing: Listing) -> list[Any]:
    """What a member agrees to now, as it is kept with the connection."""
    return [_key(permission) for permission in listing.permissions]


def added(consented: Iterable[Any] | None, listing: Listing) -> tuple[Permission, ...]:
    """What the listing asks for that the member did not agree to; nothing before there was any
    consent to compare with."""
    if consented is None:
        return ()
    known = [list(each) for each in consented]
    return tuple(each for each in listing.permissions if _key(each) not in known)


def _key(permission: Permission) -> list[str]:
    return [permission.icon, permission.what.en, permission.access.en]
