"""User names and server names as people type them."""

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import SplitResult, urlsplit

EWS_PATH = "/EWS/Exchange.asmx"
POX_PATH = "/autodiscover/autodiscover.xml"
_HOST = re.compile(
    r"^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?)*$"
)
_ADDRESS = re.compile(r"^\[[0-9a-f:.]+\]$")
_PLAIN = re.compile(r"[!#-;=?-~]{1,2000}")
_ONLINE = ("outlook.office365.com", "outlook.office.com", "outlook.com", "onmicrosoft.com")
_ONLINE_DOMAINS = (".office365.com", ".outlook.com", ".office.com", ".onmicrosoft.com")


@dataclass(frozen=True)
class User:
    """A user name. `domain` is that of the mail address, empty for DOMAIN\\user; `label` is the
    Windows domain then."""

    name: str
    domain: str = ""
    label: str = ""

    @property
    def address(self) -> str:
        """The mail address in lower case, or "" when only DOMAIN\\user is known."""
        return self.name.lower() if self.domain else ""


def parse_user(text: str) -> User | None:
    """`user@domain` or `DOMAIN\\user`; None for anything else."""
    name = text.strip()
    if "\\" in name:
        label, _, user = name.partition("\\")
        return User(name, label=label) if label and user and "\\" not in user else None
    user, at, domain = name.rpartition("@")
    ascii_domain = _to_ascii(domain)
    if not at or not user or "." not in ascii_domain or not _HOST.match(ascii_domain):
        return None
    return User(name, domain=ascii_domain)


def _to_ascii(host: str) -> str:
    try:
        return host.encode("idna").decode("ascii").lower() if host else ""
    except UnicodeError:
        return ""


def ews_url(text: str) -> str | None:
    """The EWS address for a host, host:port or a pasted https address (of EWS, OWA or else);
    None for what cannot be one. Plain http is never used, whatever was pasted."""
    wanted = text.strip()
    if "://" not in wanted:
        wanted = f"https://{wanted}"
    try:
        parts = urlsplit(wanted)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return None
    if parts.scheme not in ("https", "http") or parts.username is not None:
        return None
    host = f"[{host}]" if ":" in host else _to_ascii(host)
    if not (_HOST.match(host) or _ADDRESS.match(host)):
        return None
    if parts.scheme == "http":
        port = None
    is_ews = parts.path.lower().endswith(".asmx")
    path = parts.path if is_ews else EWS_PATH
    return f"https://{host}{f':{port}' if port and port != 443 else ''}{path}"


def split(url: str) -> SplitResult:
    """The parts of an address that a server named; all empty for what is none ("https://[")."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return urlsplit("")
    return parts


def host_of(url: str) -> str:
    """The host of an address, in lower case."""
    return (split(url if "://" in url else f"https://{url}").hostname or "").lower()


def port_of(url: str) -> int:
    """The port of an https address."""
    return split(url if "://" in url else f"https://{url}").port or 443


@lru_cache(maxsize=64)
def server_of(url: str) -> str:
    """ "host" or "host:port", as it stands in the form."""
    parts = split(url)
    host = parts.netloc.rpartition("@")[2]
    return host.removesuffix(":443").lower()


def is_own(host: str, domain: str) -> bool:
    """Whether the host belongs to the mail domain: is it, or lies below it."""
    host, domain = host.lower().rstrip("."), domain.lower().rstrip(".")
    return bool(domain) and (host == domain or host.endswith(f".{domain}"))


def web_address(ews: str, query: str) -> str:
    """Where Outlook in the browser opens an item. `query` is the item's
    WebClientReadFormQueryString: Exchange 2010 to SE give what follows the address of Outlook on
    the web ("?ae=Item&…"), some a whole address. "" for what is neither, or leads to another
    host."""
    if not _PLAIN.fullmatch(query):
        return ""
    if query.startswith("https://"):
        return query if host_of(query) == host_of(ews) else ""
    return f"https://{server_of(ews)}/owa/{query}" if query.startswith("?") else ""


def is_online(url: str) -> bool:
    """Whether the address belongs to Exchange Online."""
    host = host_of(url)
    return host in _ONLINE or host.endswith(_ONLINE_DOMAINS)


def is_autodiscover(url: str) -> bool:
    """Whether the address is that of an autodiscover service rather than a mail server."""
    return host_of(url).startswith("autodiscover.")
