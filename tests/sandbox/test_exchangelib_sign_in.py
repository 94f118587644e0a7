"""exchangelib signs in and looks around."""

from typing import Any

import pytest
from exchangelib import (
    DELEGATE,
    OAUTH2,
    Account,
    Configuration,
    FailFast,
    OAuth2AuthorizationCodeCredentials,
)
from exchangelib.errors import UnauthorizedError
from exchangelib.protocol import CachingProtocol

from andock_sandbox import Mailbox, Sandbox
from andock_sandbox.server import SandboxServer
from tests.sandbox.client import Client, ServerFactory
from tests.sandbox.exchange_client import (
    BASIC,
    KNOWN_2019,
    NTLM,
    account,
    open_account,
    trusted,
    utc,
)

__all__ = ["account", "trusted"]


@pytest.mark.parametrize("auth", [BASIC, NTLM])
@pytest.mark.parametrize("user", ["anna@musterfirma.test", "MUSTERFIRMA\\anna"])
def test_signs_in_by_both_names_and_schemes(
    trusted: SandboxServer, box: Sandbox, auth: str, user: str
) -> None:
    """user@domain and DOMAIN\\user, Basic and NTLM."""
    assert open_account(trusted, user, auth=auth).calendar.name == "Calendar"
    assert {(attempt.scheme, attempt.ok) for attempt in box.sign_ins} == {(auth.lower(), True)}


@pytest.mark.parametrize("auth", [BASIC, NTLM])
def test_a_wrong_password_is_refused(trusted: SandboxServer, box: Sandbox, auth: str) -> None:
    """It is noted, and tried once."""
    with pytest.raises(UnauthorizedError):
        _ = open_account(trusted, password="wrong", auth=auth).calendar
    assert [attempt.ok for attempt in box.sign_ins] == [False]


def test_the_scheme_and_version_are_found(trusted: SandboxServer) -> None:
    """From the WWW-Authenticate header and from ServerVersionInfo."""
    found = open_account(trusted, auth=None, version=None)  # type: ignore[arg-type]
    assert "2019" in found.version.fullname


def test_the_whole_folder_tree_is_read(account: Any, anna: Mailbox) -> None:
    """A walk from the root finds all folders, and calendars below the calendar."""
    anna.add_calendar("Projekte")
    names = {folder.name for folder in account.root.walk()}
    assert {"Calendar", "Contacts", "Tasks", "Projekte", "Inbox"} <= names
    assert [folder.name for folder in account.calendar.children] == ["Projekte"]


def test_the_folder_hierarchy_syncs(account: Any, anna: Mailbox) -> None:
    """New, renamed and deleted folders arrive once each."""
    list(account.msg_folder_root.sync_hierarchy())
    made = anna.add_calendar("Projekte")
    changes = list(account.msg_folder_root.sync_hierarchy())
    assert [(kind, folder.name) for kind, folder in changes] == [("create", "Projekte")]
    anna.rename_folder(made, "Vorhaben")
    changes = list(account.msg_folder_root.sync_hierarchy())
    assert [(kind, folder.name) for kind, folder in changes] == [("update", "Vorhaben")]
    anna.delete_folder(made)
    assert [kind for kind, _ in account.msg_folder_root.sync_hierarchy()] == ["delete"]
    assert list(account.msg_folder_root.sync_hierarchy()) == []


def test_names_resolve(account: Any, box: Sandbox) -> None:
    """By a part of the name."""
    box.add_mailbox("ben@musterfirma.test", "x", name="Ben Beispiel")
    found = account.protocol.resolve_names(["Beispiel"])
    assert [mailbox.email_address for mailbox in found] == ["ben@musterfirma.test"]


def test_server_time_zones_are_read(account: Any) -> None:
    """All definitions with their transitions."""
    zones = list(account.protocol.get_timezones(return_full_timezone_data=True))
    assert len(zones) > 130
    assert any(zone.id == "W. Europe Standard Time" for zone in zones)


@pytest.mark.parametrize(
    ("version", "api"),
    [("2010_SP2", "Exchange2010_SP2"), ("2013_SP1", "Exchange2013_SP1"), ("2016", "Exchange2016")],
)
def test_each_version_is_recognised_and_read(
    serve: ServerFactory, anna: Mailbox, monkeypatch: pytest.MonkeyPatch, version: str, api: str
) -> None:
    """exchangelib finds out what it speaks to and asks only for what is known there."""
    made = anna.add_event(anna.calendar, "A", utc(2026, 11, 24, 9), utc(2026, 11, 24, 10))
    server = serve(version=version)
    server.on_exchange = None  # the schema at hand is that of Exchange 2016
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(server.ca_file))
    found = open_account(server, version=None)
    assert [entry.id for entry in found.calendar.all()] == [made]
    assert found.version.api_version == api


def test_signs_in_by_a_bearer_token(
    serve: ServerFactory, box: Sandbox, anna: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that the sandbox has issued."""
    server = serve(auth=("bearer",))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(server.ca_file))
    CachingProtocol.clear_cache()
    token = {"access_token": box.bearer(anna), "token_type": "Bearer"}
    config = Configuration(
        service_endpoint=server.ews_url,
        credentials=OAuth2AuthorizationCodeCredentials(access_token=token),
        auth_type=OAUTH2,
        version=KNOWN_2019,
        retry_policy=FailFast(),
    )
    account = Account(anna.email, config=config, autodiscover=False, access_type=DELEGATE)
    assert account.calendar.name == "Calendar"
    assert {(attempt.user, attempt.scheme) for attempt in box.sign_ins} == {(anna.email, "bearer")}
    CachingProtocol.clear_cache()


def test_a_token_is_valid_for_its_mailbox_and_its_time(
    serve: ServerFactory, box: Sandbox, anna: Mailbox
) -> None:
    """An expired, invented or revoked one is refused with the scheme's challenge."""
    client = Client(serve(auth=("bearer", "basic")))
    good, late = box.bearer(anna), box.bearer(anna.email, seconds=-1)
    assert client.request(b"", method="GET", Authorization=f"Bearer {good}").status == 200
    for token in (late, "invented"):
        refused = client.request(b"", method="GET", Authorization=f"Bearer {token}")
        assert refused.status == 401
        assert 'error="invalid_token"' in refused.headers["WWW-Authenticate"]
    box.tokens.revoke_all()
    assert client.request(b"", method="GET", Authorization=f"Bearer {good}").status == 401
    plain = client.request(b"", method="GET", Authorization="").headers.get_all("WWW-Authenticate")
    assert plain is not None
    assert plain[0].startswith('Bearer realm="Exchange"')
