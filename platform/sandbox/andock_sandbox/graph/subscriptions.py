"""Subscriptions: /subscriptions and what lies below it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from .. import times
from ..model import Json
from . import bodies, clock
from .context import Answer, Call
from .errors import GraphError
from .notices import Subscription

# Source: subscription resource type, maximum length (Outlook events and contacts, to-do tasks).
LONGEST_MINUTES = 4230
_LOCAL = ("localhost", "127.0.0.1", "::1")
_READ_ONLY = "id applicationId creatorId notificationUrlAppId"
_TABLE = {
    **dict.fromkeys(_READ_ONLY.split(), "-"),
    "changeType": "string",
    "clientState": "string",
    "expirationDateTime": "string",
    "includeResourceData": "bool",
    "latestSupportedTlsVersion": "string",
    "lifecycleNotificationUrl": "string",
    "notificationQueryOptions": "string",
    "notificationUrl": "string",
    "resource": "string",
    "encryptionCertificate": "string",
    "encryptionCertificateId": "string",
}
_NEEDED = ("changeType", "notificationUrl", "resource", "expirationDateTime")


def write(call: Call, held: Subscription) -> Json:
    """A subscription's properties."""
    return {
        "id": held.id,
        "resource": held.resource,
        "applicationId": held.client_id,
        "changeType": ",".join(held.types),
        "clientState": held.client_state,
        "notificationUrl": held.url,
        "lifecycleNotificationUrl": held.lifecycle_url,
        "notificationQueryOptions": None,
        "expirationDateTime": times.iso(datetime.fromtimestamp(held.expires, UTC)),
        "creatorId": call.owner,
        "includeResourceData": False,
        "latestSupportedTlsVersion": "v1_2",
        "encryptionCertificate": None,
        "encryptionCertificateId": None,
        "notificationUrlAppId": None,
    }


def _answer(call: Call, held: Subscription, status: int = 200) -> Answer:
    context = {"@odata.context": f"{call.root}/$metadata#subscriptions/$entity"}
    return Answer(status, {**context, **write(call, held)}, kind="subscription")


def list_all(call: Call) -> Answer:
    """The app's subscriptions to the mailbox."""
    context = f"{call.root}/$metadata#subscriptions"
    value = [write(call, held) for held in call.box.callbacks.of(call.state, call.access.client_id)]
    return Answer(200, {"@odata.context": context, "value": value}, kind="subscription", many=True)


def create(call: Call) -> Answer:
    """A new subscription, after the listener has repeated the validation token. It is called
    without the sandbox's lock: it may ask something before it answers."""
    given = bodies.checked(call.body, _TABLE, "subscription")
    for name in _NEEDED:
        bodies.need(given, name, "subscription")
    if given.get("includeResourceData"):
        raise _invalid("Resource data is not offered here.")
    types = tuple(part.strip() for part in given["changeType"].split(","))
    for one in types:
        bodies.choice("changeType", one, ("created", "updated", "deleted"))
    with call.box.lock:
        folder, kind = _resource(call, given["resource"])
    lifecycle = given.get("lifecycleNotificationUrl")
    expires = _expiry(given["expirationDateTime"])
    for url in dict.fromkeys(filter(None, (given["notificationUrl"], lifecycle))):
        _check_url(call, url)
        why = call.box.callbacks.validate(url)
        if why:
            raise GraphError(
                400,
                "ValidationError",
                f"Subscription validation request failed. {why}",
            )
    held = Subscription(
        call.state,
        call.access.client_id,
        given["resource"],
        types,
        given["notificationUrl"],
        lifecycle,
        given.get("clientState"),
        expires,
        folder,
        kind,
        'idtype="immutableid"' in call.request.headers.get("prefer", "").lower(),
    )
    with call.box.lock:
        call.box.callbacks.add(held)
    return _answer(call, held, 201)


def _resource(call: Call, text: str) -> tuple[int | None, str]:
    """(number of the folder or None, kind of item) that a resource names. GraphError."""
    path = text.strip("/").split("?")[0].split("/")
    if len(path) > 1 and path[0].lower() == "users":
        if path[1].lower() not in (call.state.account.email.lower(), call.owner):
            raise GraphError(403)
        path = ["me", *path[2:]]
    low = [part.lower() for part in path]
    if low in (["me", "events"], ["me", "contacts"]):
        return None, "CalendarItem" if low[1] == "events" else "Contact"
    if low == ["me", "calendar", "events"]:
        return call.state.distinguished("calendar").num, "CalendarItem"
    homes = {
        ("calendars", "events"): ("CalendarFolder", "CalendarItem"),
        ("contactfolders", "contacts"): ("ContactsFolder", "Contact"),
    }
    if len(path) == 4 and (low[1], low[3]) in homes:
        home, kind = homes[low[1], low[3]]
        return call.folder(path[2], home).num, kind
    if len(path) == 5 and (low[1], low[2], low[4]) == ("todo", "lists", "tasks"):
        return call.folder(path[3], "TasksFolder").num, "Task"
    raise _invalid(f"Resource '{text}' cannot be subscribed to.")


def _expiry(text: str) -> float:
    if not clock.is_aware(text):
        raise _invalid("expirationDateTime needs an offset.")
    moment = times.instant(clock.moment(text, UTC, "expirationDateTime"))
    now = datetime.now(UTC)
    if moment <= now:
        raise _invalid("Subscription expiration must be in the future.")
    if moment > now + timedelta(minutes=LONGEST_MINUTES, seconds=60):
        raise _invalid(
            f"Subscription expiration can only be {LONGEST_MINUTES} minutes in the future."
        )
    return moment.timestamp()


def _check_url(call: Call, url: str) -> None:
    parts = urlsplit(url)
    local = parts.hostname in _LOCAL and not call.box.cloud.https_only
    if parts.scheme != "https" and not (parts.scheme == "http" and local):
        raise _invalid("Notification endpoint must be a fully qualified https URL.")


def _invalid(text: str) -> GraphError:
    return GraphError(400, "InvalidRequest", text)


def _find(call: Call) -> Subscription:
    with call.box.lock:
        for held in call.box.callbacks.of(call.state, call.access.client_id):
            if held.id == call.parts[0]:
                return held
    raise GraphError(404, "ResourceNotFound", "The object was not found.")


def get(call: Call) -> Answer:
    """One subscription."""
    return _answer(call, _find(call))


def update(call: Call) -> Answer:
    """Renew a subscription, or let it call elsewhere."""
    held = _find(call)
    given = bodies.checked(call.body, _TABLE, "subscription")
    if given.get("expirationDateTime"):
        held.expires = _expiry(given["expirationDateTime"])
        held.needs_reauthorization = False
    if given.get("notificationUrl"):
        _check_url(call, given["notificationUrl"])
        why = call.box.callbacks.validate(given["notificationUrl"])
        if why:
            raise GraphError(
                400, "ValidationError", f"Subscription validation request failed. {why}"
            )
        held.url = given["notificationUrl"]
    return _answer(call, held)


def reauthorize(call: Call) -> Answer:
    """Show that the access is still there."""
    _find(call).needs_reauthorization = False
    return Answer(204)


def delete(call: Call) -> Answer:
    """End a subscription."""
    call.box.callbacks.end(_find(call))
    return Answer(204)
