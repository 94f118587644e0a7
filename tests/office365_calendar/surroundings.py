"""What core would hand to the plugin, and the way through the stand-in's sign-in."""

from dataclasses import dataclass, field
from datetime import datetime

from andock_office365_calendar import sign_in
from andock_office365_calendar.client import Client
from andock_office365_calendar.connector import GraphConnector
from andock_sandbox.identity import App
from andock_sandbox.server import SandboxServer
from andock_sdk import Answers, Grant
from tests.exchange_calendar import surroundings as exchange
from tests.sandbox.graph_client import ANNA, REDIRECT, Browser

SCOPES: Answers = {"calendar_on": True, "contacts_on": True}


@dataclass
class Surroundings(exchange.Surroundings):
    """A Context for tests; `granted` are the grants that replaced another."""

    operator: Answers = field(default_factory=dict)
    facts: dict[str, str] = field(default_factory=dict)
    callback_url: str = REDIRECT
    granted: list[Grant] = field(default_factory=list)
    due: int = 0
    hook_url: str = ""
    clock: datetime | None = None

    def now(self) -> datetime:
        return self.clock or super().now()

    def replace_grant(self, grant: Grant) -> None:
        self.granted.append(grant)

    def webhook_url(self, name: str) -> str:
        return self.hook_url

    def make_due(self) -> None:
        self.due += 1


def around(server: SandboxServer, app: App) -> Surroundings:
    """A context whose operator registered that app with the stand-in."""
    return Surroundings(
        egress=exchange.Names(server.ca_file),
        operator={
            "cloud": "other",
            "authority": server.cloud_url,
            "graph": server.graph_url,
            "client_id": app.client_id,
            "client_secret": next(iter(app.secrets), ""),
        },
    )


def granted(
    context: Surroundings,
    server: SandboxServer,
    user: str = ANNA,
    wanted: Answers | None = None,
) -> Grant:
    """Sign in as a person does, and come back with a grant."""
    led = sign_in.begin(context, user, SCOPES if wanted is None else wanted)
    page = Browser(server).consent(led.url, user)
    grant = sign_in.finish(context, page.target, led.memory)
    context.facts = dict(grant.facts)
    return grant


def connector_for(context: Surroundings, grant: Grant) -> GraphConnector:
    """A connector for a grant."""
    return GraphConnector(context, Client(context, grant))
