"""The connector: one calendar, read-only. The feed is fetched once per run."""

import json
from collections.abc import Sequence
from typing import Any

from andock_icalendar_subscription import client, feed as feeds
from andock_icalendar_subscription.address import Unusable, parse
from andock_icalendar_subscription.client import Marks
from andock_icalendar_subscription.feed import Feed
from andock_sdk import (
    Capabilities,
    Change,
    ChangePage,
    Collection,
    Context,
    Grant,
    Item,
    Missing,
    Patch,
    ReadResult,
    RemoteItem,
    errors,
)

COLLECTION = "feed"
_EVENTS = "events"


def connect(context: Context, grant: Grant) -> "FeedConnector":
    """A connector for the grant's feed; nothing is asked yet. Raises MemberError."""
    return FeedConnector(context, grant)


class FeedConnector:
    """Implements `andock_sdk.Connector`."""

    capabilities = Capabilities(conditional_writes=False, series=True, silent_writes=True)

    def __init__(self, context: Context, grant: Grant) -> None:
        try:
            self._address, user, password = parse(grant.secrets["url"])
        except (KeyError, Unusable) as error:
            raise errors.MemberError("url.form") from error
        user, password = (
            grant.secrets.get("user") or user,
            grant.secrets.get("password") or password,
        )
        self._sign_in = (user, password) if user or password else None
        self._context = context
        self._feed: Feed | None = None
        self._marks = Marks()

    def collections(self) -> list[Collection]:
        """The one calendar that a feed is."""
        return [
            Collection(
                ref=COLLECTION,
                name=self.feed().name or self._address.host,
                writable=False,
                items=len(self.feed().items),
            )
        ]

    def changes(self, collection: str, cursor: str | None) -> ChangePage:
        """Nothing while the feed means the same; otherwise the cursor is lost, and the list that
        follows names every item. A feed cannot say what changed in it."""
        self._check(collection)
        if cursor is not None:
            marks, digest = _opened(cursor)
            if not self._load(marks):
                return ChangePage(changes=(), cursor=cursor)
            if self.feed().digest == digest:
                return ChangePage(changes=(), cursor=self._cursor())
            raise errors.CursorLost(detail="the feed changed")
        versions = self.feed().versions
        changes = (Change(ref=ref, kind="changed", version=v) for ref, v in versions.items())
        page = ChangePage(changes=tuple(changes), cursor=self._cursor(), complete=True)
        self._context.state.put(_EVENTS, self.feed().events)
        return page

    def read(self, collection: str, refs: Sequence[str]) -> list[ReadResult]:
        """The items, from what was fetched in this run."""
        self._check(collection)
        items = self.feed().items
        return [items.get(ref) or Missing(ref=ref) for ref in refs]

    def feed(self) -> Feed:
        """The feed as it is now, fetched when it has not been in this run."""
        if self._feed is None:
            self._load(Marks())
        if self._feed is None:
            raise errors.Transient("feed.unavailable", "not modified, and nothing known")
        return self._feed

    def create(self, collection: str, item: Item, operation_id: str) -> RemoteItem:
        """Never: a feed cannot be written."""
        raise errors.Unrepresentable("feed.read_only")

    def update(self, collection: str, ref: str, patch: Patch, expected: str) -> RemoteItem:
        """Never: a feed cannot be written."""
        raise errors.Unrepresentable("feed.read_only")

    def delete(self, collection: str, ref: str, expected: str) -> None:
        """Never: a feed cannot be written."""
        raise errors.Unrepresentable("feed.read_only")

    def find_operation(self, collection: str, operation_id: str) -> RemoteItem | None:
        """Nothing was ever created."""
        return None

    def close(self) -> None:
        """No connection is kept."""

    def _load(self, known: Marks) -> bool:
        """Fetch and read the feed; False when it is still what the marks stand for."""
        if self._feed is not None:
            return True
        fetched = client.fetch(self._context, self._address, self._sign_in, known)
        if fetched.content is None:
            return False
        found = feeds.read(fetched.content, fetched.content_type, self._context.zone)
        if not found.events and self._context.state.get(_EVENTS):
            # Far more often a fault of whoever publishes it than a calendar that was emptied.
            raise errors.Transient("feed.empty", "no event, and there were some")
        self._feed, self._marks = found, fetched.marks
        return True

    def _cursor(self) -> str:
        marks = {"etag": self._marks.etag, "modified": self._marks.modified}
        return json.dumps({**marks, "digest": self.feed().digest})

    def _check(self, collection: str) -> None:
        if collection != COLLECTION:
            raise errors.CollectionGone


def _opened(cursor: str) -> tuple[Marks, str]:
    """What a cursor holds. Raises CursorLost."""
    try:
        kept: Any = json.loads(cursor)
        return Marks(str(kept["etag"]), str(kept["modified"])), str(kept["digest"])
    except (ValueError, KeyError, TypeError) as error:
        raise errors.CursorLost from error
