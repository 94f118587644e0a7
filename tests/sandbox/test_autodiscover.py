"""Autodiscover, plain old XML."""

import pytest

from andock_sandbox import Mailbox, Sandbox
from andock_sandbox.server import SandboxServer
from tests.sandbox.client import Client, Reply

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
