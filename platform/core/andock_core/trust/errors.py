"""What a page may have done wrong. Keys are words for the pages.

TrustRefused
├── NotAdmin        only the company's admins decide
├── NoCertificate   no such certificate, or none that may be asked for
├── TooMany         the member waits for as many answers as one may
└── BadAuthority    the file holds no authority that can be used; `key` says why
"""

from typing import ClassVar


class TrustRefused(Exception):
    """The root. `key` is a message key."""

    default_key: ClassVar[str] = "unexpected"

    def __init__(self, key: str = "") -> None:
        self.key = key or self.default_key
        super().__init__(self.key)


class NotAdmin(TrustRefused):
    """Only the company's admins decide."""

    default_key = "trust.not_admin"


class NoCertificate(TrustRefused):
    """No such certificate, or none that may be asked for."""

    default_key = "trust.no_certificate"


class TooMany(TrustRefused):
    """The member waits for as many answers as one may."""

    default_key = "trust.too_many"


class BadAuthority(TrustRefused):
    """The file holds no authority that can be used."""

    default_key = "authority.unreadable"
