"""What a page may have done wrong. Keys are words for `andock_web.messages`.

ConnectionRefused
├── NotFound          no such connection or attempt, or somebody else's: one cannot tell
├── NotOffered        the integration is not installed, or broken
├── WaitsForOperator  whoever runs Andock has to fill something in first
├── TooMany           the member has as many connections as one may have
├── NotReady          the connection has no grant yet, or its choices were not read
├── ToConfirm         what a run would do was changed, and the member has not agreed to it yet
├── SwitchedOff       the company has switched the integration off for this member
├── OnRequest         the member may add it once an admin has approved it
├── AccessAsked       the installed version asks for more than the member consented to
├── PreviewStale      the preview tells of other settings than the present ones, or is too old
└── AnswersRefused    answers that the form does not allow, by field
"""

from typing import ClassVar


class ConnectionRefused(Exception):
    """The root. `key` is a message key."""

    key: ClassVar[str] = "unexpected"

    def __init__(self) -> None:
        super().__init__(self.key)


class NotFound(ConnectionRefused):
    """No such row, or not this member's."""

    key = "connection.not_found"


class NotOffered(ConnectionRefused):
    """The integration is not installed, or broken."""

    key = "integration.not_offered"


class WaitsForOperator(ConnectionRefused):
    """Whoever runs Andock has to fill in first what the integration needs."""

    key = "integration.waits"


class TooMany(ConnectionRefused):
    """The member has as many connections as one may have."""

    key = "connection.too_many"


class NotReady(ConnectionRefused):
    """An earlier step of connecting is missing or too old."""

    key = "connection.not_ready"


class ToConfirm(ConnectionRefused):
    """What a run would do was changed, and the member has not agreed to its preview yet."""

    key = "connection.to_confirm"


class SwitchedOff(ConnectionRefused):
    """The company has switched the integration off for this member."""

    key = "integration.switched_off"


class OnRequest(ConnectionRefused):
    """The member may add it once an admin has approved it."""

    key = "integration.on_request"


class AccessAsked(ConnectionRefused):
    """The installed version asks for more than the member consented to."""

    key = "access.asked"


class PreviewStale(ConnectionRefused):
    """The preview tells of other settings than the present ones, or it is too old."""

    key = "preview.stale"


class AnswersRefused(ConnectionRefused):
    """`errors`: field name → message key."""

    key = "answers.refused"

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__()
        self.errors = errors
