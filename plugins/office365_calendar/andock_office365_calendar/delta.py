"""What has changed in a calendar, a folder of contacts or a list of tasks, page by page.

events/delta needs no window and says of each event no more than which it is; a tenant that does not
offer it gets calendarView/delta, whose window is fixed when a listing begins. Idle collections are
asked about together, in one request.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from andock_office365_calendar import cursor as cursors
from andock_office365_calendar.client import PREFER, Call, Client, Json
from andock_office365_calendar.cursor import Cursor, How
from andock_sdk import Change, ChangePage, Context, errors
from andock_sdk.connector import CollectionKind

_PAGE = {"Prefer": f"{PREFER}, odata.maxpagesize=200"}
_BACK, _AHEAD = timedelta(days=120), timedelta(days=760)
"""The window of calendarView/delta: a little more than Andock's own."""
_LINKS, _VIEW = "links", "view"
_MOST_LINKS = 20


class Deltas:
    """The changes of one mailbox's collections, for one run."""

    def __init__(self, context: Context, client: Client) -> None:
        self._context = context
        self._client = client
        self._ahead: dict[str, Json | errors.AndockError] | None = None

    def page(self, collection: str, kind: CollectionKind, text: str | None) -> ChangePage:
        """One page of changes. Raises CursorLost, CollectionGone."""
        now = self._context.now()
        at = cursors.load(text) or self._begin(collection, kind, now)
        if at.is_stale(now):
            raise errors.CursorLost(detail="a day old")
        try:
            answer = self._ask(at)
        except errors.Gone as gone:
            raise errors.CollectionGone(detail=gone.detail) from gone
        except errors.PluginBug:
            if at.how != "events" or not at.listing:
                raise
            # The tenant does not offer a delta of events: the window's delta does the same.
            self._context.state.put(_VIEW, True)
            at = self._begin(collection, kind, now)
            answer = self._ask(at)
        return self._made(collection, at, answer)

    def _begin(self, collection: str, kind: CollectionKind, now: datetime) -> Cursor:
        how: How = "events" if kind == "calendar" else kind
        if how == "events" and self._context.state.get(_VIEW):
            how = "view"
        name = quote(collection, safe="")
        low, high = now - _BACK, now + _AHEAD
        paths: dict[How, str] = {
            "events": f"/me/calendars/{name}/events/delta",
            "view": f"/me/calendars/{name}/calendarView/delta"
            f"?startDateTime={low:%Y-%m-%d}T00:00:00Z&endDateTime={high:%Y-%m-%d}T00:00:00Z",
            "contacts": f"/me/contactFolders/{name}/contacts/delta",
            "tasks": f"/me/todo/lists/{name}/tasks/delta",
        }
        return Cursor(paths[how], how, int(now.timestamp()))

    def _ask(self, at: Cursor) -> Json:
        if at.listing:
            return self._client.get(at.link, _PAGE)
        if self._ahead is None:
            self._ahead = self._all_at_once(at.link)
        found = self._ahead.pop(at.link, None)
        if found is None:
            return self._client.get(at.link, _PAGE)
        if isinstance(found, errors.AndockError):
            raise found
        return found

    def _all_at_once(self, link: str) -> dict[str, Json | errors.AndockError]:
        """Ask about every collection that was up to date after the last run, in one request."""
        links = list(dict.fromkeys((link, *self._links().values())))
        if len(links) == 1:
            return {}
        outcomes = self._client.batch([Call("GET", one, headers=_PAGE) for one in links])
        return {
            one: outcome.error or outcome.body for one, outcome in zip(links, outcomes, strict=True)
        }

    def _made(self, collection: str, at: Cursor, answer: Json) -> ChangePage:
        following, last = answer.get("@odata.nextLink"), answer.get("@odata.deltaLink")
        entries = answer.get("value")
        # Without these an answer is not whole, and must not pass for an empty calendar.
        if not isinstance(entries, list) or not isinstance(following or last, str):
            raise errors.Transient("answer.broken", "no way on")
        link = self._client.path(str(following or last))
        if following and link == at.link:
            raise errors.Transient("answer.broken", "no way on")
        if not following:
            self._remember(collection, link)
        return ChangePage(
            changes=tuple(_changes(entries)),
            cursor=at.at(link, listing=at.listing and bool(following)).dump(),
            more=bool(following),
            complete=at.listing and not following,
        )

    def _links(self) -> dict[str, str]:
        kept: Any = self._context.state.get(_LINKS)
        return {str(k): str(v) for k, v in kept.items()} if isinstance(kept, dict) else {}

    def _remember(self, collection: str, link: str) -> None:
        kept = {**self._links(), collection: link}
        if kept != self._links():
            self._context.state.put(_LINKS, dict(list(kept.items())[-_MOST_LINKS:]))


def _changes(entries: Sequence[Json]) -> Iterator[Change]:
    """Occurrences stand for their series: it is one unit."""
    told = set()
    for entry in entries:
        ref = str(entry.get("seriesMasterId") or entry["id"])
        gone = "@removed" in entry and not entry.get("seriesMasterId")
        kind, etag = ("deleted" if gone else "changed"), str(entry.get("@odata.etag") or "")
        if (ref, kind) in told:
            continue
        told.add((ref, kind))
        yield Change(ref=ref, kind="deleted" if gone else "changed", version="" if gone else etag)
