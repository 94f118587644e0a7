"""Calling back: validation, change notices, lifecycle notices."""

from __future__ import annotations

import json
import queue
import secrets
import ssl
import threading
import time
import urllib.error
import urllib.request
import uuid
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import quote

from .. import times
from ..identity.directory import Directory
from ..model import Event, Json
from ..state import MailboxState
from .ids import GraphIds

_TYPES = {"Created": "created", "Copied": "created", "Modified": "updated", "Deleted": "deleted"}
_ENTITIES = {"CalendarItem": "Event", "Contact": "Contact", "Task": "TodoTask"}
LIFECYCLE = ("reauthorizationRequired", "subscriptionRemoved", "missed")
# A listener that fails is called again after so many seconds each.
_RETRIES = (0.2, 1.0)
_TIMEOUT = 10


@dataclass
class Subscription:
    """What an app wants to hear of. ``folder`` None means all folders of the mailbox that hold
    such items; ``expires`` is in seconds since 1970."""

    state: MailboxState
    client_id: str
    resource: str
    types: tuple[str, ...]
    url: str
    lifecycle_url: str | None
    client_state: str | None
    expires: float
    folder: int | None
    kind: str
    immutable: bool
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    needs_reauthorization: bool = False


@dataclass(frozen=True)
class Sent:
    """A call that was made: where, what, and the status that came back (0: none)."""

    url: str
    body: Json
    status: int


class Callbacks:
    """All subscriptions of a sandbox. Changes are noted under the sandbox's lock and told by a
    thread of its own."""

    def __init__(self, directory: Directory, validation_seconds: Callable[[], float]) -> None:
        self.tls: ssl.SSLContext | None = None
        self.sent: deque[Sent] = deque(maxlen=1000)
        self._directory = directory
        self._seconds = validation_seconds
        self._held: dict[str, Subscription] = {}
        self._queue: queue.Queue[tuple[str, Json] | None] = queue.Queue()
        self._thread: threading.Thread | None = None

    # -- subscriptions -----------------------------------------------------------------------

    def add(self, held: Subscription) -> None:
        """Begin to tell."""
        self._held[held.id] = held
        held.state.on_graph_event = self._note
        if self._thread is None:
            self._thread = threading.Thread(target=self._serve, name="graph-notices", daemon=True)
            self._thread.start()

    def of(self, state: MailboxState, client_id: str) -> list[Subscription]:
        """The living subscriptions of an app to a mailbox."""
        return [held for held in self.all() if held.state is state and held.client_id == client_id]

    def all(self) -> list[Subscription]:
        """All living subscriptions."""
        now = time.time()
        for held in [one for one in self._held.values() if one.expires <= now]:
            self.end(held)
        return list(self._held.values())

    def end(self, held: Subscription) -> None:
        """Tell no more."""
        self._held.pop(held.id, None)
        if not any(one.state is held.state for one in self._held.values()):
            held.state.on_graph_event = None

    def close(self) -> None:
        """End everything."""
        for held in list(self._held.values()):
            self.end(held)
        if self._thread is not None:
            self._queue.put(None)
            self._thread.join(2)
            self._thread = None

    # -- what is told ------------------------------------------------------------------------

    def _note(self, state: MailboxState, event: Event) -> None:
        if event.is_folder:
            return
        for held in self.all():
            if held.state is state:
                self._note_for(held, event)

    def _note_for(self, held: Subscription, event: Event) -> None:
        if event.kind == "Moved":
            self._tell(held, event.old_num, event.old_parent, "deleted")
            self._tell(held, event.num, event.parent, "created")
        elif event.kind in _TYPES:
            self._tell(held, event.num, event.parent, _TYPES[event.kind])

    def _tell(self, held: Subscription, num: int, folder: int, change: str) -> None:
        item, place = held.state.items[num], held.state.folders[folder]
        if change not in held.types or item.kind != held.kind or place.kind == "Folder":
            return
        if held.folder not in (None, folder) or held.needs_reauthorization:
            return
        known = GraphIds(held.state, immutable=held.immutable).item(item)
        entity = _ENTITIES[item.kind]
        resource = f"Users/{self._directory.object_id(held.state.account)}/{entity}s/{known}"
        notice = {
            **self._about(held),
            "changeType": change,
            "resource": resource,
            "resourceData": {
                "@odata.type": f"#Microsoft.Graph.{entity}",
                "@odata.id": resource,
                "id": known,
            },
        }
        self._queue.put((held.url, notice))

    def _about(self, held: Subscription) -> Json:
        tenant = self._directory.tenant_of(held.state.account.email).id
        made = {
            "subscriptionId": held.id,
            "subscriptionExpirationDateTime": times.iso(datetime.fromtimestamp(held.expires, UTC)),
            "tenantId": tenant,
        }
        return made | ({"clientState": held.client_state} if held.client_state else {})

    def lifecycle(self, kind: str, email: str = "") -> int:
        """Send a lifecycle notice about all subscriptions (of a mailbox); how many there were.
        ``subscriptionRemoved`` ends them; after ``reauthorizationRequired`` they are silent until
        the app has answered it. ValueError for another kind."""
        if kind not in LIFECYCLE:
            raise ValueError(f"no such lifecycle notice: {kind}")
        found = [
            held
            for held in self.all()
            if email.casefold() in ("", held.state.account.email.casefold())
        ]
        for held in found:
            if held.lifecycle_url:
                notice = {**self._about(held), "lifecycleEvent": kind, "resource": held.resource}
                self._queue.put((held.lifecycle_url, notice))
            if kind == "subscriptionRemoved":
                self.end(held)
            held.needs_reauthorization = kind == "reauthorizationRequired"
        return len(found)

    # -- calling -----------------------------------------------------------------------------

    def validate(self, url: str) -> str:
        """Let a listener repeat a token; what was wrong, empty when it did."""
        token = f"Validation: {secrets.token_urlsafe(24)}"
        mark = "&" if "?" in url else "?"
        place = f"{url}{mark}validationToken={quote(token, safe='')}"
        status, given, kind = self._post(place, b"", self._seconds())
        if status == 0:
            return "The request timed out or the endpoint could not be reached."
        if status != 200 or not kind.startswith("text/plain"):
            return (
                "Notification endpoint must respond with 200 OK to validation request; it gave"
                f" {status} {kind}."
            )
        if given.decode("utf-8", "replace") != token:
            return "Validation token was not repeated."
        return ""

    def _serve(self) -> None:
        while True:
            held = self._queue.get()
            if held is None:
                return
            url, notices = held[0], [held[1]]
            body = {"value": notices}
            for pause in (*_RETRIES, None):
                raw = json.dumps(body).encode()
                status, _, _ = self._post(url, raw, _TIMEOUT)
                self.sent.append(Sent(url, body, status))
                if 200 <= status < 300 or pause is None:
                    break
                time.sleep(pause)

    def _post(self, url: str, body: bytes, seconds: float) -> tuple[int, bytes, str]:
        kind = "application/json" if body else "text/plain; charset=utf-8"
        request = urllib.request.Request(  # noqa: S310  checked when the subscription was made
            url, body, {"Content-Type": kind}, method="POST"
        )
        # No proxy of the machine stands between the sandbox and who listens to it.
        opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=self.tls)
        )
        try:
            with opener.open(request, timeout=seconds) as answer:
                return answer.status, answer.read(1 << 16), answer.headers.get("Content-Type", "")
        except urllib.error.HTTPError as error:
            with error:
                return error.code, b"", error.headers.get("Content-Type", "")
        except (OSError, ValueError):
            return 0, b"", ""
