"""Tenants, members and their passwords."""

from andock_core.accounts.create import create_member, create_tenant
from andock_core.accounts.errors import (
    AccountError,
    BadPicture,
    EmailTaken,
    PasswordTooLong,
    PasswordTooShort,
    SlugTaken,
    Unusable,
    WrongPassword,
)
from andock_core.accounts.members import (
    Colleague,
    MemberInfo,
    colleagues,
    initials,
    set_language,
)
from andock_core.accounts.passwords import LONGEST_PASSWORD, SHORTEST_PASSWORD
from andock_core.accounts.signing_in import note_refused, sign_in

__all__ = [
    "LONGEST_PASSWORD",
    "SHORTEST_PASSWORD",
    "AccountError",
    "BadPicture",
    "Colleague",
    "EmailTaken",
    "MemberInfo",
    "PasswordTooLong",
    "PasswordTooShort",
    "SlugTaken",
    "Unusable",
    "WrongPassword",
    "colleagues",
    "create_member",
    "create_tenant",
    "initials",
    "note_refused",
    "set_language",
    "sign_in",
]
