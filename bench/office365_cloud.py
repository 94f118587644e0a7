"""What the Office 365 benches run: the server's process, our connector, and what it is held to."""

import gzip
import http.client
import json
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from andock_core.config import Settings
from andock_core.egress import GuardedEgress
from andock_office365_calendar.client import Client
from andock_office365_calendar.connector import GraphConnector
from andock_sdk import Grant
from andock_sdk.contract.case import Surroundings
from andock_sdk.https import Answer
from bench.office365_server import LASTS
from bench.served import Served, process_of


@dataclass(frozen=True)
class Sent:
    """A request as ours sent it."""

    method: str
    url: str
    body: bytes | None
    headers: dict[str, str] = field(default_factory=dict)


class Cloud(Served):
    """The server and the ways to it."""

    @contextmanager
    def connector(
        self, email: str, context: Surroundings | None = None
    ) -> Iterator[GraphConnector]:
        """Ours, signed in; with a `context` that an earlier one left its state in."""
        made = context or self.context()
        connector = GraphConnector(made, Client(made, self._grant(email, made)))
        try:
            yield connector
        finally:
            connector.close()

    def context(self) -> Surroundings:
        """What core hands to a connector, of an operator who trusts the server's CA."""
        settings = Settings(
            home=Path(),
            database_url="",
            redis_url="",
            ca_files=(Path(self.ca_file),),
            egress_allow=frozenset({f"127.0.0.1:{self.about['port']}"}),
        )
        operator = {
            "cloud": "other",
            "authority": self.about["authority"],
            "graph": self.about["graph"],
        }
        return Surroundings(GuardedEgress(settings), operator=operator)

    def _grant(self, email: str, context: Surroundings) -> Grant:
        ends = context.now().timestamp() + LASTS
        return Grant(
            secrets={"access_token": self.about["tokens"][email], "ends_at": str(ends)},
            facts={"scopes": self.about["scopes"]},
        )

    def account(self, email: str) -> Any:
        """O365's, as its manual sets it up, with a token that it need not ask for."""
        import O365

        class Protocol(O365.MSGraphProtocol):  # type: ignore[misc]
            """Graph at the server's address."""

            _protocol_url = f"{self.about['authority']}/"
            _oauth_scope_prefix = ""

        account = O365.Account(
            ("bench", "bench"),
            protocol=Protocol(timezone="Europe/Berlin"),
            token_backend=O365.utils.token.MemoryTokenBackend(),
            verify_ssl=self.ca_file,
            requests_delay=0,
        )
        account.con.session = account.con.get_session()
        account.con.session.trust_env = False  # its CA would come before ours
        account.con.update_session_auth_header(self.about["tokens"][email])
        return account

    @cached_property
    def trusting(self) -> ssl.SSLContext:
        """Made once, as core makes ours once per process."""
        return ssl.create_default_context(cafile=self.ca_file)


class Bare:
    """One connection of http.client, ready-made requests, json: the least that can be done."""

    def __init__(self, there: Cloud) -> None:
        self._connection = http.client.HTTPSConnection(
            "127.0.0.1", there.about["port"], context=there.trusting
        )

    def ask(self, sent: Sent) -> Any:
        """The answer's JSON."""
        parts = urlsplit(sent.url)
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        self._connection.request(sent.method, path, sent.body, sent.headers)
        answer = self._connection.getresponse()
        content = answer.read()
        assert answer.status == 200, answer.status
        if answer.headers.get("Content-Encoding") == "gzip":
            content = gzip.decompress(content)
        return json.loads(content)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def recorded(connector: GraphConnector, run: Callable[[], object]) -> list[Sent]:
    """The requests that ours sends."""
    wire = connector.client._wire
    found: list[Sent] = []
    send = wire.send

    def keep(method: str, url: str, body: bytes | None = None, **more: Any) -> Answer:
        found.append(Sent(method, url, body, {**wire._headers, **more["headers"]}))
        return send(method, url, body, **more)

    wire.send = keep  # type: ignore[method-assign,assignment]
    run()
    wire.send = send  # type: ignore[method-assign]
    return found


@contextmanager
def cloud() -> Iterator[Cloud]:
    """A server with filled mailboxes, in a process of its own."""
    with process_of("bench.office365_server") as process:
        yield Cloud(process)
