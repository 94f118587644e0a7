"""exchangelib, the independent client, set up against a sandbox server."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from exchangelib import (
    BASIC,
    DELEGATE,
    NTLM,
    Account,
    Build,
    Configuration,
    Credentials,
    EWSTimeZone,
    FailFast,
    Version,
)
from exchangelib.protocol import CachingProtocol

from andock_sandbox.server import SandboxServer
from tests.sandbox.client import PASSWORD

BERLIN = EWSTimeZone("Europe/Berlin")
KNOWN_2019 = Version(build=Build(15, 2, 1544, 0), api_version="Exchange2016")


def utc(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    """An instant."""
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


def open_account(
    server: SandboxServer,
    user: str = "anna@musterfirma.test",
    password: str = PASSWORD,
    auth: str = BASIC,
    version: Version | None = KNOWN_2019,
    owner: str = "anna@musterfirma.test",
) -> Any:
    """An exchangelib account; ``version`` None lets it find out for itself."""
    config = Configuration(
        service_endpoint=server.ews_url,
        credentials=Credentials(user, password),
        auth_type=auth,
        version=version,
        retry_policy=FailFast(),
    )
    return Account(
        owner,
        config=config,
        autodiscover=False,
        access_type=DELEGATE,
        default_timezone=BERLIN,
    )


@pytest.fixture
def trusted(server: SandboxServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[SandboxServer]:
    """The server, its CA trusted by requests; no protocol object outlives the test."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(server.ca_file))
    CachingProtocol.clear_cache()
    yield server
    CachingProtocol.clear_cache()


@pytest.fixture
def account(trusted: SandboxServer) -> Any:
    """Anna's account."""
    return open_account(trusted)


__all__ = ["BASIC", "BERLIN", "NTLM", "account", "date", "open_account", "trusted", "utc"]
