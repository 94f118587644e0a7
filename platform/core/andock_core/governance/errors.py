"""What a page may have done wrong, for admins and those who ask. Keys are words for the pages.

GovernanceRefused
├── NotAdmin        only the company's admins decide
├── Unknown         no such integration, member, request or connection here
├── NotAsked        it need not be asked for: it is on, or off for good
└── AskedAlready    the member waits for an answer to this very question
"""

from typing import ClassVar


class GovernanceRefused(Exception):
    """The root. `key` is a message key."""

    key: ClassVar[str] = "unexpected"

    def __init__(self) -> None:
        super().__init__(self.key)


class NotAdmin(GovernanceRefused):
    """Only the company's admins decide."""

    key = "governance.not_admin"


class Unknown(GovernanceRefused):
    """No such integration, member, request or connection here."""

    key = "governance.unknown"


class NotAsked(GovernanceRefused):
    """It need not be asked for."""

    key = "request.not_needed"


class AskedAlready(GovernanceRefused):
    """The member waits for an answer to this very question."""

    key = "request.asked_already"
