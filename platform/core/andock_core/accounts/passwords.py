"""Passwords: argon2id, and the policy for new ones."""

import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from andock_core.accounts.errors import PasswordTooLong, PasswordTooShort

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 1000

_HASHER = PasswordHasher()  # RFC 9106's low-memory choice: 64 MiB, 3 passes


def check_policy(password: str) -> None:
    """Length is what counts (NIST SP 800-63B). Raises PasswordTooShort, PasswordTooLong."""
    if len(password) < SHORTEST_PASSWORD:
        raise PasswordTooShort(f"a password needs at least {SHORTEST_PASSWORD} characters")
    if len(password) > LONGEST_PASSWORD:
        raise PasswordTooLong(f"a password has at most {LONGEST_PASSWORD} characters")


def hash_password(password: str) -> str:
    """The hash to store, with its salt and parameters."""
    return _HASHER.hash(_spelling(password))


def matches(stored: str, password: str) -> bool:
    """Whether `stored` was made from this password."""
    if len(password) > LONGEST_PASSWORD:
        password = ""
    try:
        return _HASHER.verify(stored, _spelling(password))
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(stored: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return _HASHER.check_needs_rehash(stored)


@cache
def nobodys_hash() -> str:
    """A hash that costs as much to check as a member's, for e-mail addresses without a member."""
    return hash_password("nobody signs in with this")


def _spelling(password: str) -> str:
    # The same characters typed on a Mac and on Windows may arrive composed or decomposed.
    return unicodedata.normalize("NFKC", password)
