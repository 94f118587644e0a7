"""What may stand in the way of a move. Keys are words for the pages.

ConnectionRefused
├── NotMoving     there is no such move, or it is past this step
├── RunUnderWay   a synchronisation is under way, and may write at this moment
├── Unsettled     the outcome of a write to the old side is not known yet
├── Unread        items of the new side could not be read: one of them might be doubled
├── MostMissing   little of the old side was recognised: it may be the wrong mailbox
└── TakenTwice    one new collection was chosen for several old ones
"""

from andock_core.connections.errors import ConnectionRefused


class NotMoving(ConnectionRefused):
    """There is no such move, or it is past this step."""

    key = "moving.not_moving"


class RunUnderWay(ConnectionRefused):
    """A synchronisation is under way, and may write at this moment."""

    key = "moving.running"


class Unsettled(ConnectionRefused):
    """The outcome of a write to the old side is not known yet; its next run finds out."""

    key = "moving.unsettled"


class Unread(ConnectionRefused):
    """Items of the new side could not be read: one of them might be doubled."""

    key = "moving.unread"


class MostMissing(ConnectionRefused):
    """Little of the old side was recognised: it may be the wrong mailbox."""

    key = "moving.most_missing"


class TakenTwice(ConnectionRefused):
    """One new collection was chosen for several old ones."""

    key = "moving.twice"
