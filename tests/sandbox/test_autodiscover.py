"""Autodiscover, by plain old XML and by SOAP."""

import pytest
from exchangelib import BASIC, Configuration, Credentials, FailFast
from exchangelib.autodiscover.protocol import AutodiscoverProtocol

from andock_sandbox import Mailbox, Sandbox
from andock_sandbox.server import SandboxServer
from tests.sandbox.client import PASSWORD, Client, Reply
from tests.sandbox.exchange_client import trusted

__all__ = ["trusted"]

URI = "http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006"
PATH = "/autodiscover/autodiscover.xml"


def ask(client: Client, email: str = "anna@musterfirma.test", **headers: str) -> Reply:
    """An autodiscover request."""
    body = (
        f'<Autodiscover xmlns="{URI}"><Request><EMailAddress>{email}</EMailAddress>'
        "<AcceptableResponseSchema>http://schemas.microsoft.com/exchange/autodiscover/outlook/"
        "responseschema/2006a</AcceptableResponseSchema></Request></Autodiscover>"
    )
    return client.request(body.encode(), path=PATH, **headers)


def texts(reply: Reply, name: str) -> list[str]:
    """The texts of all elements of a name."""
    return reply.texts(f"//*[local-name()='{name}']")


def test_the_ews_address_is_told(client: Client, server: SandboxServer) -> None:
    """To those who sign in, for inside and outside."""
    assert ask(client, Authorization="").status == 401
    reply = ask(client)
    assert texts(reply, "EwsUrl") == [server.ews_url, server.ews_url]
    assert texts(reply, "Type") == ["EXCH", "EXPR", "WEB"]
    assert texts(reply, "AutoDiscoverSMTPAddress") == ["anna@musterfirma.test"]


def test_an_unknown_address_is_an_error(client: Client) -> None:
    """ErrorCode 500; a request without an address is 600."""
    assert texts(ask(client, "nobody@musterfirma.test"), "ErrorCode") == ["500"]
    assert texts(client.request(b"<x/>", path=PATH), "ErrorCode") == ["600"]


@pytest.mark.parametrize(
    ("given", "element", "text"),
    [
        ({"address": "a@other.test"}, "RedirectAddr", "a@other.test"),
        (
            {"url": "https://other.test/autodiscover/autodiscover.xml"},
            "RedirectUrl",
            "https://other.test/autodiscover/autodiscover.xml",
        ),
    ],
)
def test_a_domain_may_be_redirected(
    client: Client, box: Sandbox, given: dict[str, str], element: str, text: str
) -> None:
    """To another address or another server; and back."""
    box.autodiscover_redirect("musterfirma.test", **given)
    assert texts(ask(client), element) == [text]
    box.autodiscover_redirect("musterfirma.test")
    assert texts(ask(client), "Action") == ["settings"]


def test_a_redirect_by_http(client: Client, box: Sandbox, anna: Mailbox) -> None:
    """Status 302 with a Location."""
    box.autodiscover_redirect("musterfirma.test", location="https://other.test/x")
    reply = ask(client)
    assert (reply.status, reply.headers["Location"]) == (302, "https://other.test/x")


# -- by SOAP -----------------------------------------------------------------------------------

SOAP_PATH = "/autodiscover/autodiscover.svc"


def ask_soap(client: Client, *emails: str, setting: str = "ExternalEwsUrl") -> Reply:
    """GetUserSettings."""
    users = "".join(f"<a:User><a:Mailbox>{email}</a:Mailbox></a:User>" for email in emails)
    body = (
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"'
        ' xmlns:a="http://schemas.microsoft.com/exchange/2010/Autodiscover"><s:Body>'
        f"<a:GetUserSettingsRequestMessage><a:Request><a:Users>{users}</a:Users>"
        f"<a:RequestedSettings><a:Setting>{setting}</a:Setting></a:RequestedSettings></a:Request>"
        "</a:GetUserSettingsRequestMessage></s:Body></s:Envelope>"
    )
    return client.request(body.encode(), path=SOAP_PATH)


def test_settings_are_told_for_each_address(client: Client, server: SandboxServer) -> None:
    """And for each unknown one its own error."""
    reply = ask_soap(client, "anna@musterfirma.test", "nobody@musterfirma.test")
    assert texts(reply, "ErrorCode") == ["NoError", "NoError", "InvalidUser"]
    assert texts(reply, "Name") == ["ExternalEwsUrl"]
    assert texts(reply, "Value") == [server.ews_url]


def test_an_unknown_setting_is_named(client: Client) -> None:
    """And the rest is told; a request without addresses is refused as a whole."""
    reply = ask_soap(client, "anna@musterfirma.test", setting="GroupingInformation")
    assert texts(reply, "SettingName") == ["GroupingInformation"]
    assert "SettingIsNotAvailable" in texts(reply, "ErrorCode")
    assert texts(ask_soap(client), "ErrorCode") == ["InvalidRequest"]
    assert texts(client.request(b"<x/>", path=SOAP_PATH), "ErrorCode") == ["InvalidRequest"]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"address": "a@other.test"}, "RedirectAddress"),
        ({"url": "https://other.test/autodiscover/autodiscover.svc"}, "RedirectUrl"),
    ],
)
def test_a_domain_may_be_redirected_by_soap(
    client: Client, box: Sandbox, given: dict[str, str], code: str
) -> None:
    """To another address or another server."""
    box.autodiscover_redirect("musterfirma.test", **given)
    reply = ask_soap(client, "anna@musterfirma.test")
    assert texts(reply, "ErrorCode") == ["NoError", code]
    assert texts(reply, "RedirectTarget") == list(given.values())


def test_exchangelib_reads_the_settings(trusted: SandboxServer) -> None:
    """Through its own autodiscover protocol."""
    protocol = AutodiscoverProtocol(
        config=Configuration(
            service_endpoint=trusted.ews_url.replace("/EWS/Exchange.asmx", SOAP_PATH),
            credentials=Credentials("anna@musterfirma.test", PASSWORD),
            auth_type=BASIC,
            retry_policy=FailFast(),
        )
    )
    told = protocol.get_user_settings(user="anna@musterfirma.test")
    assert told.ews_url == trusted.ews_url
    assert told.autodiscover_smtp_address == "anna@musterfirma.test"
