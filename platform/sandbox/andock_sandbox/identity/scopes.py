"""Scopes: what an app asks for and what that means to a person."""

from __future__ import annotations

from .errors import IdentityError

OPENID = ("openid", "profile", "email", "offline_access")
# What the sandbox's Graph knows, each with the permissions it contains.
CONTAINS = {
    "User.Read": (),
    "Calendars.ReadBasic": (),
    "Calendars.Read": ("Calendars.ReadBasic",),
    "Calendars.ReadWrite": ("Calendars.Read", "Calendars.ReadBasic"),
    "Contacts.Read": (),
    "Contacts.ReadWrite": ("Contacts.Read",),
    "Tasks.Read": (),
    "Tasks.ReadWrite": ("Tasks.Read",),
    "MailboxSettings.Read": (),
    "MailboxSettings.ReadWrite": ("MailboxSettings.Read",),
    "Mail.Read": (),
    "Mail.ReadWrite": ("Mail.Read",),
    "Mail.Send": (),
    "Calendars.Read.Shared": (),
    "Calendars.ReadWrite.Shared": (),
    "Contacts.Read.Shared": (),
    "Contacts.ReadWrite.Shared": (),
    "Mail.Read.Shared": (),
    "Mail.ReadWrite.Shared": (),
    "Mail.Send.Shared": (),
    "Files.Read.All": (),
    "Files.ReadWrite.All": (),
    "People.Read": (),
    "User.ReadBasic.All": (),
}


def read(text: str) -> list[str]:
    """The scopes of a request by their short names. IdentityError for one nobody knows.

    A resource before them (``https://graph.microsoft.com/``) is the cloud's; clouds are
    addresses only."""
    known = {name.casefold(): name for name in (*OPENID, *CONTAINS)}
    made: dict[str, None] = {}
    for word in text.split():
        bare = word.rsplit("/", 1)[-1] if word.startswith("https://") else word
        if bare.casefold() == ".default":
            continue
        found = known.get(bare.casefold())
        if found is None:
            raise IdentityError(70011, scope=word)
        made[found] = None
    return list(made)


def allows(granted: frozenset[str], needed: str) -> bool:
    """Whether scopes that were granted contain a permission."""
    return needed in granted or any(needed in CONTAINS.get(name, ()) for name in granted)
