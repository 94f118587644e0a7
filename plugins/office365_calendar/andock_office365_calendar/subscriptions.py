"""Change notifications: Graph calls when something changed, so that the next run starts at once.

One subscription per calendar or folder that is synchronised. Runs keep them alive; what a call says
is only noted, for a run has the lease. Whatever goes wrong here harms no run: Andock asks every
half hour all the same. Those of a disconnected connection lapse by themselves, within three days:
its grant is destroyed at once, and nothing is left to end them with.

Source: "Change notifications", "Reduce missing subscriptions and change notifications" (Graph).
"""

import hmac
import json
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from andock_office365_calendar.client import Call, Client
from andock_sdk import JSON, Context, HookAnswer, HookRequest, errors
from andock_sdk.connector import CollectionKind

NAME = "events"
"""Of the address that Graph calls, for notices of changes and of the subscription itself."""
LASTS = timedelta(minutes=4200)
"""Graph grants 4,230 minutes at least."""
_PAUSE = timedelta(hours=1)
"""After a failure; until then Andock asks by itself."""
_HELD, _WANTED, _AGAIN, _SECRET = "subscriptions", "wanted", "again", "client_state"
_MOST_AGAIN = 20
_TYPES = "created,updated,deleted"


def want(context: Context, collections: list[str]) -> None:
    """Note what is synchronised: subscriptions to anything else are ended by the next run."""
    wanted: list[JSON] = [*sorted(collections)]
    if context.state.get(_WANTED) != wanted:
        context.state.put(_WANTED, wanted)


class Subscriptions:
    """The subscriptions of one mailbox, for one run."""

    def __init__(self, context: Context, client: Client) -> None:
        self._context = context
        self._client = client

    def keep(self, collection: str, kind: CollectionKind) -> None:
        """Have a living subscription to a collection, where Andock can be called. Asks Graph for
        nothing until half of its life is over, or Graph said that it is in danger."""
        held = _held(self._context)
        mine, now = held.get(collection, {}), self._context.now()
        if not self._is_due(mine, now) and not self._unwanted(held):
            return
        try:
            for ref in self._unwanted(held):
                self._end(held.pop(ref))
            if self._is_due(mine, now):
                self._refresh(held, collection, kind, now)
        except errors.AndockError as failure:
            self._context.log.info("no subscription: %s (%s)", failure.key, failure.detail)
            held[collection] = {**mine, "next": _stamp(now + _PAUSE)}
        if held != _held(self._context):
            self._context.state.put(_HELD, held)

    def _refresh(
        self, held: dict[str, Any], collection: str, kind: CollectionKind, now: datetime
    ) -> None:
        url = self._context.webhook_url(NAME)
        if not url:
            held.pop(collection, None)
            return
        ends = now + LASTS
        known = str(held.get(collection, {}).get("id") or "")
        made = self._renewed(known, ends) or self._made(collection, kind, url, ends)
        held[collection] = {
            "id": made,
            "since": now.timestamp(),
            "next": _stamp(now + LASTS / 2),
        }

    def _renewed(self, known: str, ends: datetime) -> str:
        """The same id again; "" for one that is no longer there."""
        if not known:
            return ""
        try:
            self._client.call(Call("PATCH", _path(known), {"expirationDateTime": _text(ends)}))
        except errors.Gone:
            return ""
        return known

    def _made(self, collection: str, kind: CollectionKind, url: str, ends: datetime) -> str:
        name = quote(collection, safe="")
        resources: dict[CollectionKind, str] = {
            "calendar": f"/me/calendars/{name}/events",
            "contacts": f"/me/contactFolders/{name}/contacts",
            "tasks": f"/me/todo/lists/{name}/tasks",
        }
        made = self._client.post(
            "/subscriptions",
            {
                "changeType": _TYPES,
                "notificationUrl": url,
                "lifecycleNotificationUrl": url,
                "resource": resources[kind],
                "expirationDateTime": _text(ends),
                "clientState": self._secret(),
            },
        )
        return str(made["id"])

    def _end(self, subscription: dict[str, Any]) -> None:
        if subscription.get("id"):
            try:
                self._client.call(Call("DELETE", _path(str(subscription["id"]))))
            except errors.Gone:
                return

    def _is_due(self, mine: dict[str, Any], now: datetime) -> bool:
        if not mine:
            return bool(self._context.webhook_url(NAME))
        again: Any = self._context.state.get(_AGAIN)
        told = again.get(mine.get("id", ""), 0.0) if isinstance(again, dict) else 0.0
        return bool(told > mine.get("since", 0.0) or now.timestamp() >= mine.get("next", 0.0))

    def _unwanted(self, held: dict[str, Any]) -> list[str]:
        wanted = self._context.state.get(_WANTED)
        return [ref for ref in held if ref not in wanted] if isinstance(wanted, list) else []

    def _secret(self) -> str:
        """What Graph has to say with each notice, so that strangers' calls count for nothing."""
        known = self._context.state.get(_SECRET)
        if not isinstance(known, str):
            known = secrets.token_urlsafe(32)
            self._context.state.put(_SECRET, known)
        return known


def heard(context: Context, request: HookRequest) -> HookAnswer:
    """What a call means. Without the secret that was given to Graph alone it means nothing.

    A subscription that Graph wants confirmed (reauthorizationRequired) or has taken away
    (subscriptionRemoved) is renewed or made anew by the run that follows; what was missed is found
    by it as well.
    """
    ours = context.state.get(_SECRET)
    notices = [one for one in _notices(request) if isinstance(ours, str) and _is_ours(one, ours)]
    lost = [one for one in notices if one.get("lifecycleEvent") not in (None, "missed")]
    if lost:
        kept: Any = context.state.get(_AGAIN)
        told = {str(one.get("subscriptionId"))[:80]: context.now().timestamp() for one in lost}
        merged = {**(kept if isinstance(kept, dict) else {}), **told}
        context.state.put(_AGAIN, dict(list(merged.items())[-_MOST_AGAIN:]))
    return HookAnswer(sync=bool(notices))


def _is_ours(notice: dict[str, Any], secret: str) -> bool:
    return hmac.compare_digest(str(notice.get("clientState")).encode(), secret.encode())


def _notices(request: HookRequest) -> list[dict[str, Any]]:
    try:
        said = json.loads(request.body)
    except ValueError:
        return []
    value = said.get("value") if isinstance(said, dict) else None
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _held(context: Context) -> dict[str, Any]:
    kept: Any = context.state.get(_HELD)
    return dict(kept) if isinstance(kept, dict) else {}


def _path(known: str) -> str:
    return f"/subscriptions/{quote(known, safe='')}"


def _stamp(moment: datetime) -> float:
    return moment.timestamp()


def _text(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
