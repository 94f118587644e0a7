"""Autodiscover's plain XML (POX), with the member's password.

Asked for by the test when no server is named, or when an autodiscover host is: that one the
member has confirmed. A redirect is never followed with a password unless it stays within the
domain, over https, and even then not by Basic, which would show the password to the new host.
"""

from dataclasses import dataclass

from lxml import etree

from andock_exchange_calendar import transport
from andock_exchange_calendar.address import (
    POX_PATH,
    User,
    ews_url,
    host_of,
    is_autodiscover,
    is_online,
    is_own,
    server_of,
    split,
)
from andock_exchange_calendar.client import Access
from andock_exchange_calendar.failures import network_error
from andock_exchange_calendar.signin import BASIC_SIGN_IN, authenticator, choose, offered
from andock_exchange_calendar.soap import NotSoap, clean, local, parse
from andock_sdk import Context, errors
from andock_sdk.https import NETWORK_ERRORS, Answer, Wire

_REQUEST = "http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006"
_ANSWER = "http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a"
_TIMEOUT = 10.0
_MOST_HOPS = 3


@dataclass(frozen=True)
class Found:
    """The EWS address. `foreign`: its host is of another domain, so the member decides."""

    url: str
    foreign: bool


class Unconfirmed(errors.MemberError):
    """The search leads to a host that the member has not seen yet. `server` is it; no password
    went there."""

    default_key = "search.other_domain"

    def __init__(self, server: str, key: str = "", detail: str = "") -> None:
        super().__init__(key, detail)
        self.server = server


def find(context: Context, access: Access, user: User) -> Found:
    """Ask the domain's own hosts for the EWS address. Raises BadCredentials after one attempt,
    MemberError("search.nothing") when none of them knows, Unconfirmed where only a redirected
    Basic sign-in would go on."""
    # A host that stands in the form has been seen and confirmed by the member.
    named = server_of(access.url)
    hosts = [named] if named else [f"autodiscover.{user.domain}", user.domain]
    wire = transport.wire(context.egress)
    try:
        for host in hosts:
            url = _ask(wire, f"https://{host}{POX_PATH}", access, user)
            if url is not None:
                return _judge(url, user)
    finally:
        wire.close()
    if named:
        return Found(access.url, foreign=False)
    raise errors.MemberError("search.nothing", "no host of the domain answered")


def _judge(url: str, user: User) -> Found:
    if is_online(url):
        raise errors.MemberError("mailbox.online", "autodiscover")
    normal = ews_url(url)
    if normal is None or is_autodiscover(normal):
        raise errors.MemberError("search.nothing", "no usable address")
    return Found(normal, foreign=not is_own(host_of(normal), user.domain))


def _ask(wire: Wire, url: str, access: Access, user: User) -> str | None:
    """The address that a host names, following redirects within the domain; None for nothing."""
    for hop in range(_MOST_HOPS):
        try:
            answer = _signed(wire, url, access, user, redirected=hop > 0)
        except NETWORK_ERRORS as broken:
            _raise_if_refused(network_error(broken))
            return None
        if answer.status in (301, 302, 303, 307, 308):
            url = answer.headers.get("Location", "")
            if split(url).scheme != "https" or not is_own(host_of(url), user.domain):
                return _elsewhere(url)
            continue
        if answer.status == 401:
            raise errors.BadCredentials(detail="autodiscover")
        told = _answer(answer) if answer.status == 200 else None
        if told is None or not _is_service(told) or not is_own(host_of(told), user.domain):
            return told
        url = told
    return None


def _is_service(url: str) -> bool:
    """Whether the address is that of another autodiscover service, over https."""
    parts = split(url)
    return parts.scheme == "https" and parts.path.lower() == POX_PATH


def _raise_if_refused(error: errors.AndockError) -> None:
    if isinstance(error, errors.EgressRefused):
        raise error


def _elsewhere(url: str) -> str | None:
    return url if split(url).hostname else None


def _signed(wire: Wire, url: str, access: Access, user: User, *, redirected: bool) -> Answer:
    """The answer to a signed question; an unsigned one first finds out how to sign in."""
    body = _body(user.address)
    first = wire.send("POST", url, body, timeout=_TIMEOUT)
    if first.status != 401:
        return first
    method = choose(offered(first.headers.get("WWW-Authenticate", "")))
    if redirected and method == BASIC_SIGN_IN:
        raise Unconfirmed(server_of(url), "search.redirected", "Basic after a redirect")
    auth = authenticator(method, access.username, access.password)
    return wire.send("POST", url, body, auth, timeout=_TIMEOUT)


def _body(address: str) -> bytes:
    root = etree.Element(f"{{{_REQUEST}}}Autodiscover", nsmap={None: _REQUEST})
    request = etree.SubElement(root, f"{{{_REQUEST}}}Request")
    etree.SubElement(request, f"{{{_REQUEST}}}EMailAddress").text = clean(address)
    etree.SubElement(request, f"{{{_REQUEST}}}AcceptableResponseSchema").text = _ANSWER
    return etree.tostring(root, xml_declaration=True, encoding="utf-8")


def _answer(answer: Answer) -> str | None:
    """EwsUrl, from outside before inside; or where the answer points instead."""
    try:
        root = parse(answer.content)
    except NotSoap:
        return None
    urls: dict[str, str] = {}
    for element in root.iter(etree.Element):
        name, text = local(element), (element.text or "").strip()
        if name == "Protocol":
            inside = {local(child): (child.text or "").strip() for child in element}
            if inside.get("EwsUrl"):
                urls[inside.get("Type", "")] = inside["EwsUrl"]
        elif name == "RedirectAddr" and text:
            return f"https://{text.rpartition('@')[2]}/"
        elif name == "RedirectUrl" and text:
            return text
    return urls.get("EXPR") or urls.get("EXCH") or next(iter(urls.values()), None)
