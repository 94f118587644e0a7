"""What the Exchange benches run: the server's process, our connector, and what it is held to."""

import http.client
import os
import ssl
import subprocess
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree

from andock_core.config import Settings
from andock_core.egress import GuardedEgress
from andock_exchange_calendar.client import Access, Client
from andock_exchange_calendar.connector import ExchangeConnector
from andock_sdk.contract.case import Surroundings
from bench.exchange_server import PASSWORD
from bench.served import Served, process_of

VERSION = "Exchange2013_SP1"


class Office(Served):
    """The server and the ways to it."""

    def __init__(
        self, process: subprocess.Popen[str] | None = None, about: dict[str, Any] | None = None
    ) -> None:
        """As for Served."""
        super().__init__(process, about)
        self.calendars: dict[str, str] = self.about["calendars"]
        self.contacts: dict[str, str] = self.about["contacts"]

    def url(self, *, far: bool = False) -> str:
        """The EWS address, directly or by the forwarder."""
        return f"https://127.0.0.1:{self.about['far' if far else 'port']}/EWS/Exchange.asmx"

    def settings(self) -> Settings:
        """An operator who trusts the server's CA and lets it be called."""
        allowed = frozenset(f"127.0.0.1:{self.about[name]}" for name in ("port", "far"))
        return Settings(
            home=Path(),
            database_url="",
            redis_url="",
            ca_files=(Path(self.ca_file),),
            egress_allow=allowed,
        )

    @contextmanager
    def connector(
        self, email: str, *, far: bool = False, sign_in: str = "Basic"
    ) -> Iterator[ExchangeConnector]:
        """Ours, after a successful test."""
        access = Access(self.url(far=far), email, PASSWORD, VERSION, sign_in)
        made = Surroundings(GuardedEgress(self.settings()))
        connector = ExchangeConnector(made, Client(made, access))
        try:
            yield connector
        finally:
            connector.close()

    def account(self, email: str) -> Any:
        """exchangelib's, as its manual sets it up."""
        from exchangelib import (
            BASIC,
            DELEGATE,
            Account,
            Build,
            Configuration,
            Credentials,
            Version,
        )

        config = Configuration(
            service_endpoint=self.url(),
            credentials=Credentials(email, PASSWORD),
            auth_type=BASIC,
            version=Version(build=Build(15, 2, 1544, 0), api_version="Exchange2016"),
        )
        return Account(email, config=config, autodiscover=False, access_type=DELEGATE)


@cache
def _trusting(ca_file: str) -> ssl.SSLContext:
    """Made once, as core makes ours once per process."""
    context = ssl.create_default_context()
    context.load_verify_locations(ca_file)
    return context


class Bare:
    """One connection of http.client, ready-made requests, lxml: the least that can be done."""

    def __init__(self, office: Office, email: str) -> None:
        self._connection = http.client.HTTPSConnection(
            "127.0.0.1", office.about["port"], context=_trusting(office.ca_file)
        )
        token = b64encode(f"{email}:{PASSWORD}".encode()).decode()
        self._headers = {
            "Authorization": f"Basic {token}",
            "Content-Type": "text/xml; charset=utf-8",
            "Accept-Encoding": "gzip, deflate",
        }

    def post(self, body: bytes) -> etree._Element:
        """The answer, parsed."""
        self._connection.request("POST", "/EWS/Exchange.asmx", body, self._headers)
        answer = self._connection.getresponse()
        content = answer.read()
        assert answer.status == 200, answer.status
        if answer.headers.get("Content-Encoding") == "gzip":
            import gzip

            content = gzip.decompress(content)
        return etree.fromstring(content)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


@contextmanager
def office() -> Iterator[Office]:
    """A server with filled mailboxes, in a process of its own."""
    with process_of("bench.exchange_server") as process:
        made = Office(process)
        os.environ["REQUESTS_CA_BUNDLE"] = made.ca_file  # for exchangelib
        yield made
