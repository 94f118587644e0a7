"""Addresses that take part in a redirect: where it may lead, and where it comes back to."""

import ipaddress
from urllib.parse import SplitResult, parse_qsl, urlsplit

from andock_core.config import Settings
from andock_sdk import Listing, Redirect
from andock_sdk.errors import PluginBug

CALLBACK = "/integrations/authorized"


def callback_url(settings: Settings) -> str:
    """Where other sites send members back to: from the operator's setting, never from a request."""
    return settings.base_url + CALLBACK


def check_redirect(settings: Settings, listing: Listing, redirect: Redirect) -> None:
    """Whether a redirect leads where the listing says, and brings its state. Raises PluginBug."""
    parts = check_place(settings, listing, redirect.url)
    states = [value for name, value in parse_qsl(parts.query) if name == "state"]
    if states != [redirect.state]:
        raise PluginBug(detail="authorize: the redirect's address has another state, or none")


def check_place(settings: Settings, listing: Listing, url: str) -> SplitResult:
    """An address that a member may be led to: https, on a host that the listing declares. Where
    Andock itself runs on loopback, so may the other site. Raises PluginBug."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError as error:
        raise PluginBug(detail="authorize: an address that is none") from error
    odd = "@" in parts.netloc or "\\" in url or any(not 32 < ord(each) < 127 for each in url)
    if odd or not host:
        raise PluginBug(detail="authorize: an address with odd characters")
    if on_loopback(settings) and is_loopback(host) and parts.scheme in ("http", "https"):
        return parts
    if parts.scheme != "https" or port not in (None, 443) or host not in listing.sign_in_hosts:
        raise PluginBug(detail="authorize: an address that the listing does not declare")
    return parts


def on_loopback(settings: Settings) -> bool:
    """Whether Andock's own address can be reached from this machine alone."""
    return is_loopback((urlsplit(settings.base_url).hostname or "").lower())


def is_loopback(host: str) -> bool:
    """Whether a host of an address is this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
