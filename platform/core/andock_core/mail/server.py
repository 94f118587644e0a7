"""Which server takes mail, read from one address: ANDOCK_SMTP_URL."""

from dataclasses import dataclass, field
from email.headerregistry import Address
from urllib.parse import parse_qs, unquote, urlsplit

PORTS = {"smtp": 587, "smtps": 465}
SECURITIES = ("starttls", "none")


class BadAddress(ValueError):
    """The address cannot be used. The message says why, without the password."""


@dataclass(frozen=True)
class MailServer:
    """A server that takes mail. `security`: "tls" from the first byte, "starttls", or "none"."""

    host: str
    port: int
    security: str
    sender: Address
    user: str = ""
    password: str = field(default="", repr=False)


def parse(url: str) -> MailServer:
    """smtp://user:password@host:port?from=andock@example.org, or smtps://…

    smtp begins in the clear and then must turn to TLS (STARTTLS), unless `security=none` says
    otherwise, which is refused together with a password except on this machine. Raises BadAddress.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise BadAddress("host or port cannot be read") from error
    if parts.scheme not in PORTS:
        raise BadAddress("it begins with smtp:// or smtps://")
    host = parts.hostname or ""
    if not host:
        raise BadAddress("the server's name is missing")
    query = parse_qs(parts.query)
    unknown = set(query) - {"from", "security"}
    if unknown or parts.path.strip("/") or parts.fragment:
        raise BadAddress("behind the server only ?from=… and &security=… are known")
    security = "tls" if parts.scheme == "smtps" else query.get("security", ["starttls"])[0]
    if security not in (*SECURITIES, "tls"):
        raise BadAddress(f"security is one of {', '.join(SECURITIES)}")
    password = unquote(parts.password or "")
    if security == "none" and password and host not in ("127.0.0.1", "::1", "localhost"):
        raise BadAddress("a password does not travel without encryption: leave security=none out")
    return MailServer(
        host=host,
        port=port or PORTS[parts.scheme],
        security=security,
        sender=_sender(query.get("from", [""])[0]),
        user=unquote(parts.username or ""),
        password=password,
    )


def _sender(given: str) -> Address:
    try:
        address = Address(display_name="Andock", addr_spec=given)
    except Exception as error:  # its errors share no other base
        raise BadAddress("?from= names the sender, say from=andock@example.org") from error
    if not address.username or not address.domain:
        raise BadAddress("?from= names the sender, say from=andock@example.org")
    return address
