"""The connector: one calendar, read-only."""

from collections.abc import Iterator, Sequence

from andock_icalendar_subscription import client, feed as feeds
from andock_icalendar_subscription.address import Unusable, parse
from andock_icalendar_subscription.client import Marks
from andock_icalendar_subscription.cursor import Cursor, opened
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

    capabilities = Capabilities(series=True, silent_writes=True)

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
        self._told: set[str] = set()

    def collections(self) -> list[Collection]:
        """The one calendar that a feed is, as it is now."""
        self._load(None)
        return [
            Collection(
                ref=COLLECTION,
                name=self.feed().name or self._address.host,
                writable=False,
                items=len(self.feed().items),
            )
        ]

    def changes(self, collection: str, cursor: str | None) -> ChangePage:
        """What differs from what the cursor stands for; without one, everything. The feed is asked
        for each time, and is not sent when the server knows it to be the same."""
        self._check(collection)
        before = None if cursor is None else opened(cursor)
        if not self._load(before) and cursor is not None:
            return ChangePage(changes=(), cursor=cursor)
        feed = self.feed()
        changes = list(_differing(before.versions if before else {}, feed.versions))
        after = Cursor(self._marks, feed.versions).sealed()
        self._context.state.put(_EVENTS, feed.events)
        return ChangePage(changes=tuple(changes), cursor=after, complete=before is None)

    def read(self, collection: str, refs: Sequence[str]) -> list[ReadResult]:
        """The items, from what was fetched last: a feed comes as a whole. Whoever asks for one a
        second time wants to know how it is by now, and the feed is asked for again."""
        self._check(collection)
        if not self._told.isdisjoint(refs):
            self._load(None)
        items = self.feed().items
        self._told.update(refs)
        return [items.get(ref) or Missing(ref=ref) for ref in refs]

    def feed(self) -> Feed:
        """The feed as it was last fetched; fetched now when it was not in this run."""
        if self._feed is None:
            self._load(None)
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

    def _load(self, before: Cursor | None) -> bool:
        """Fetch and read the feed; False when it is still what the cursor (or what was fetched
        last) stands for."""
        known = before.marks if before else self._marks
        fetched = client.fetch(self._context, self._address, self._sign_in, known)
        self._told.clear()
        if fetched.content is None:
            return False
        found = feeds.read(fetched.content, fetched.content_type, self._context.zone)
        had = bool(before and before.versions) or bool(self._context.state.get(_EVENTS))
        if had and not found.events:
            # Far more often a fault of whoever publishes it than a calendar that was emptied.
            raise errors.Transient("feed.empty", "no event, and there were some")
        self._feed, self._marks = found, fetched.marks
        return True

    def _check(self, collection: str) -> None:
        if collection != COLLECTION:
            raise errors.CollectionGone


def _differing(before: dict[str, str], now: dict[str, str]) -> Iterator[Change]:
    for ref, version in now.items():
        if before.get(ref) != version:
            yield Change(ref=ref, kind="changed", version=version)
    for ref in before.keys() - now.keys():
        yield Change(ref=ref, kind="deleted")
