"""Office 365's harness for the contract: the same mailbox and hands as Exchange's, by other ids."""

from pathlib import Path
from urllib.parse import urlsplit

from andock_core.proof.values import tag
from andock_office365_calendar import sign_in
from andock_sandbox import Mailbox, Sandbox, views
from andock_sandbox.graph.ids import GraphIds
from andock_sandbox.identity import App
from andock_sandbox.server import SandboxServer
from andock_sdk import Answers, Body, Context, Egress, Grant, Item
from andock_sdk.contract import Call, Fault, LocalEgress, Seen
from tests.exchange_calendar.harness import PATIENCE, ExchangeHarness
from tests.exchange_calendar.surroundings import EMAIL
from tests.sandbox.graph_client import Browser

OPERATIONS: dict[Call, str] = {
    "test": "*",
    "collections": "calendars.list",
    "changes": "events.delta",
    "read": "batch",
    "create": "event.create",
    "update": "event.update",
    "delete": "event.delete",
    "find_operation": "events.list",
}
KINDS: dict[Fault, str] = {
    "before": "500",
    "lost": "lost-answer",
    "throttled": "429",
    "garbage": "broken-xml",
    "hanging": "slow",
    "sign-in": "401",
}


class Office365Harness(ExchangeHarness):
    """The stand-in with Anna's mailbox, and an app that Andock is registered as."""

    entry_point = "andock_office365_calendar:integration"

    def __init__(
        self, box: Sandbox, anna: Mailbox, server: SandboxServer, ca_file: Path, app: App
    ) -> None:
        super().__init__(box, anna, server, ca_file)
        self._server, self._app = server, app
        port = urlsplit(server.graph_url).port or 443
        host = urlsplit(server.graph_url).hostname or ""
        self._way = LocalEgress({(host, port): ("127.0.0.1", server.port)}, ca_file)

    def operator(self) -> Answers:
        """Andock's registration with the stand-in."""
        return {
            "cloud": "other",
            "authority": self._server.cloud_url,
            "graph": self._server.graph_url,
            "client_id": self._app.client_id,
            "client_secret": next(iter(self._app.secrets)),
        }

    def grant(self, context: Context) -> Grant:
        """Anna signs in and agrees."""
        led = sign_in.begin(context, EMAIL, {})
        page = Browser(self._server).consent(led.url, EMAIL)
        return sign_in.finish(context, page.target, led.memory)

    def answers(self) -> Answers:
        """The form, filled in."""
        return {"username": EMAIL}

    def bad_grant(self, context: Context) -> Grant:
        """Tokens that nobody ever issued."""
        tokens = {"access_token": "made-up-access", "refresh_token": "made-up-refresh"}
        return Grant(secrets={**tokens, "ends_at": "0"}, facts={"scopes": "Calendars.ReadWrite"})

    def egress(self) -> Egress:
        """The stand-in, by its own name."""
        return self._way

    def put(self, collection: str, item: Item) -> str:
        """Anna makes an entry in Outlook."""
        return self._theirs(super().put(self._folder(collection), item))

    def edit(self, ref: str, item: Item) -> None:
        """Anna changes it."""
        super().edit(self._ours(ref), _in_text(item))

    def remove(self, ref: str) -> None:
        """Anna deletes it."""
        super().remove(self._ours(ref))

    def look(self, collection: str) -> list[Seen]:
        """What Outlook would show."""
        return super().look(self._folder(collection))

    def fail(self, call: Call, fault: Fault) -> None:
        """The next such request."""
        self.box.fail_next(
            OPERATIONS[call],
            KINDS[fault],
            retry_after="60" if fault == "throttled" else None,
            seconds=2 * PATIENCE if fault == "hanging" else 0,
        )

    def writes(self) -> int:
        """All requests that write."""
        names = ("event.create", "event.update", "event.delete")
        return sum(self.counting.asked[name] for name in names)

    def spoil(self, collection: str) -> None:
        """An entry whose start is no time."""
        super().spoil(self._folder(collection))

    def mark(self, ref: str) -> None:
        """Importance, which Andock does not know."""
        super().mark(self._ours(ref))

    def is_marked(self, ref: str) -> bool:
        """Whether it is still high."""
        return super().is_marked(self._ours(ref))

    def drop(self, collection: str) -> None:
        """Anna deletes the calendar."""
        super().drop(self._folder(collection))

    @property
    def _ids(self) -> GraphIds:
        state = self.box.state_of(EMAIL)
        assert state is not None
        return GraphIds(state, immutable=True)

    def _theirs(self, ref: str) -> str:
        """Graph's id of what EWS names so."""
        state = self.box.state_of(EMAIL)
        assert state is not None
        return self._ids.item(views.find(state, ref).item)

    def _ours(self, ref: str) -> str:
        """EWS's id of what Graph names so."""
        item, _ = self._ids.find_item(ref, "CalendarItem")
        state = self.box.state_of(EMAIL)
        assert state is not None
        return state.ids.item(item.num)

    def _folder(self, ref: str) -> str:
        """EWS's id of a calendar."""
        state = self.box.state_of(EMAIL)
        assert state is not None
        return state.ids.folder(self._ids.find_folder(ref))


def _in_text(item: Item) -> Item:
    """With the body as a person reads it: Graph gives every text as HTML."""
    return item.model_copy(update={"body": Body(content=tag(item))})
