"""The https side: sign-in, paths, certificates, versions, limits."""

import ssl
from pathlib import Path

import pytest

from andock_sandbox import Mailbox, Sandbox
from tests.sandbox.client import IDS, PASSWORD, Client, ServerFactory, distinguished, envelope

GET_CALENDAR = (
    "<m:GetFolder><m:FolderShape><t:BaseShape>IdOnly</t:BaseShape></m:FolderShape>"
    f"<m:FolderIds>{distinguished('calendar')}</m:FolderIds></m:GetFolder>"
)


@pytest.mark.parametrize(
    ("auth", "expected"),
    [
        (("basic", "ntlm"), ["NTLM", 'Basic realm="Exchange"']),
        (("ntlm",), ["NTLM"]),
        (("basic",), ['Basic realm="Exchange"']),
    ],
)
def test_what_is_offered_is_said(
    serve: ServerFactory, anna: Mailbox, auth: tuple[str, ...], expected: list[str]
) -> None:
    """In the headers of the refusal."""
    reply = Client(serve(auth=auth)).request(b"", Authorization="")
    assert reply.status == 401
    assert reply.headers.get_all("WWW-Authenticate") == expected


def test_basic_is_refused_where_it_is_not_offered(serve: ServerFactory, anna: Mailbox) -> None:
    """Even with the right password, which is not looked at."""
    assert Client(serve(auth=("ntlm",))).request(envelope(GET_CALENDAR)).status == 401


@pytest.mark.parametrize(
    ("user", "password", "status"),
    [
        ("anna@musterfirma.test", PASSWORD, 200),
        ("ANNA@Musterfirma.TEST", PASSWORD, 200),
        ("MUSTERFIRMA\\anna", PASSWORD, 200),
        ("musterfirma\\ANNA", PASSWORD, 200),
        ("anna@musterfirma.test", "wrong", 401),
        ("anna@musterfirma.test", "", 401),
        ("nobody@musterfirma.test", PASSWORD, 401),
        ("OTHER\\anna", PASSWORD, 401),
    ],
)
def test_basic_lets_in_whom_it_should(
    serve: ServerFactory, anna: Mailbox, box: Sandbox, user: str, password: str, status: int
) -> None:
    """Names without regard to case, passwords with it; each attempt is on record."""
    reply = Client(serve(), user, password).request(envelope(GET_CALENDAR))
    assert reply.status == status
    assert [(attempt.user, attempt.ok) for attempt in box.sign_ins] == [(user, status == 200)]


def test_a_changed_password_is_valid_at_once(client: Client, anna: Mailbox) -> None:
    """The old one no longer is."""
    anna.set_password("new")
    assert client(GET_CALENDAR).status == 401


def test_a_get_shows_a_plain_page(client: Client) -> None:
    """After signing in; other paths are unknown."""
    assert client.request(b"", method="GET").status == 200
    assert client.request(b"", method="GET", Authorization="").status == 401
    assert client.request(b"", path="/powershell/", method="GET").status == 404


def test_a_path_is_found_in_any_case(client: Client) -> None:
    """As IIS does."""
    assert client.request(envelope(GET_CALENDAR), path="/ews/exchange.ASMX").status == 200


def test_a_huge_body_is_refused(client: Client) -> None:
    """Before it is read."""
    sent = {"Content-Length": str(10**9)}
    assert client.request(b"x", **sent).status == 413


@pytest.mark.parametrize(
    ("version", "major", "minor", "spoken"),
    [
        ("2007", "8", "3", "Exchange2007_SP1"),
        ("2010_SP2", "14", "3", "Exchange2010_SP2"),
        ("2013_SP1", "15", "0", "Exchange2013_SP1"),
        ("2016", "15", "1", "Exchange2016"),
        ("2019", "15", "2", "Exchange2016"),
    ],
)
def test_a_version_says_so_and_speaks_its_schemas(
    serve: ServerFactory, anna: Mailbox, version: str, major: str, minor: str, spoken: str
) -> None:
    """ServerVersionInfo in the header; a schema of a later server is ErrorInvalidServerVersion."""
    client = Client(serve(version=version))
    reply = client(GET_CALENDAR, version=spoken)
    assert reply.text("//t:ServerVersionInfo/@MajorVersion") == major
    assert reply.text("//t:ServerVersionInfo/@MinorVersion") == minor
    later = {"2007": "Exchange2010", "2010_SP2": "Exchange2013", "2013_SP1": "Exchange2016"}
    refused = client(GET_CALENDAR, version=later.get(version, "Exchange2099"))
    assert (refused.status, refused.codes) == (500, ["ErrorInvalidServerVersion"])


def test_an_old_server_does_not_know_new_paths(box: Sandbox, anna: Mailbox, tls_home: Path) -> None:
    """A field of 2013 is a schema error for 2010."""
    from andock_sandbox.server import SandboxServer

    asked = (
        "<m:FindItem Traversal='Shallow'><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape>"
        "<t:AdditionalProperties><t:FieldURI FieldURI='item:TextBody'/></t:AdditionalProperties>"
        f"</m:ItemShape><m:ParentFolderIds>{distinguished('calendar')}</m:ParentFolderIds>"
        "</m:FindItem>"
    )
    with SandboxServer(box, tls_home=tls_home, version="2010_SP2") as server:
        server.on_exchange = None  # the schema at hand is that of 2016, which knows the path
        reply = Client(server)(asked, version="Exchange2010_SP2")
    assert reply.codes == ["ErrorSchemaValidation"]


def test_an_unknown_operation_is_a_fault(client: Client) -> None:
    """ErrorInvalidRequest; no operation at all too."""
    assert client("<m:GetPhoneCall/>").codes == ["ErrorInvalidRequest"]
    assert client("").codes == ["ErrorInvalidRequest"]
    assert client.request(b"not xml").codes == ["ErrorSchemaValidation"]
    assert IDS.startswith("<m:ItemShape>")


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "mail.musterfirma.test"])
def test_the_certificate_is_good_for_its_names(
    serve: ServerFactory, anna: Mailbox, host: str
) -> None:
    """Local ones and those asked for."""
    server = serve(names=("mail.musterfirma.test",))
    assert handshake(server.port, server.ca_file, host) == ""
    assert "mail.musterfirma.test" in server.public_url


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"certificate": "expired"}, "expired"),
        ({"certificate": "wrong-name"}, "mismatch"),
        ({"tls_home": "another"}, "unable to get local issuer|self-signed"),
    ],
)
def test_a_bad_certificate_is_bad(
    serve: ServerFactory, tmp_path: Path, tls_home: Path, options: dict[str, str], reason: str
) -> None:
    """Expired, for another host, of another CA."""
    import re

    good = serve()
    if "tls_home" in options:
        bad = serve(tls_home=tmp_path / options["tls_home"])
    else:
        bad = serve(certificate=options["certificate"])
    assert re.search(reason, handshake(bad.port, good.ca_file, "127.0.0.1"))


def handshake(port: int, ca_file: Path, host: str) -> str:
    """The complaint about a server's certificate, empty when there is none."""
    import socket

    context = ssl.create_default_context(cafile=str(ca_file))
    try:
        with (
            socket.create_connection(("127.0.0.1", port), 5) as raw,
            context.wrap_socket(raw, server_hostname=host),
        ):
            return ""
    except ssl.SSLCertVerificationError as error:
        return error.verify_message


def test_certificates_are_reused(tmp_path: Path, box: Sandbox) -> None:
    """The CA stays when names are added; the key is for its owner alone."""
    from andock_sandbox import tls

    first = tls.ensure(tmp_path)
    ca, certificate = first.ca.read_bytes(), first.certificate.read_bytes()
    assert tls.ensure(tmp_path).certificate.read_bytes() == certificate
    assert tls.ensure(tmp_path, ("x.test",)).certificate.read_bytes() != certificate
    assert first.ca.read_bytes() == ca
    assert first.key.stat().st_mode & 0o077 == 0
