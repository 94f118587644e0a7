"""Autodiscover, the plain-old-XML kind: from a mail address to the EWS address."""

from __future__ import annotations

from lxml import etree

from .errors import RequestFault
from .model import Account
from .sandbox import Redirect
from .soap import Element, clean, parse_plain
from .times import now

PATH = "/autodiscover/autodiscover.xml"
SOAP_PATH = "/autodiscover/autodiscover.svc"
PATHS = (PATH, SOAP_PATH)
_REQUEST = "http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006"
_OUTER = "http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006"
_INNER = "http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a"


def address_of(body: bytes) -> str:
    """The mail address that a request asks about; empty when it is no such request."""
    try:
        root = parse_plain(body)
    except RequestFault:
        return ""
    found = root.find(f"{{{_REQUEST}}}Request/{{{_REQUEST}}}EMailAddress")
    return (found.text or "").strip() if found is not None else ""


def _add(parent: Element, name: str, text: str | None = None, uri: str = _INNER) -> Element:
    made = etree.SubElement(parent, f"{{{uri}}}{name}")
    if text is not None:
        made.text = clean(text)
    return made


def _start(uri: str) -> tuple[Element, Element]:
    root = etree.Element(f"{{{_OUTER}}}Autodiscover", nsmap={None: _OUTER})
    return root, etree.SubElement(root, f"{{{uri}}}Response", nsmap={None: uri})


def _bytes(root: Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="utf-8")


def settings(account: Account, ews_url: str) -> bytes:
    """The settings of a mailbox: where EWS is, from inside, outside and for browsers."""
    root, response = _start(_INNER)
    user = _add(response, "User")
    _add(user, "DisplayName", account.name)
    _add(user, "AutoDiscoverSMTPAddress", account.email)
    _add(user, "DeploymentId", account.guid)
    told = _add(response, "Account")
    _add(told, "AccountType", "email")
    _add(told, "Action", "settings")
    host = ews_url.split("/")[2]
    for kind in ("EXCH", "EXPR"):
        protocol = _add(told, "Protocol")
        _add(protocol, "Type", kind)
        _add(protocol, "Server", host.split(":")[0])
        if kind == "EXPR":
            _add(protocol, "SSL", "On")
            _add(protocol, "AuthPackage", "Ntlm")
        _add(protocol, "ASUrl", ews_url)
        _add(protocol, "EwsUrl", ews_url)
        _add(protocol, "OABUrl", f"https://{host}/OAB/")
    web = _add(told, "Protocol")
    _add(web, "Type", "WEB")
    inner = _add(_add(web, "Internal"), "OWAUrl", f"https://{host}/owa/")
    inner.set("AuthenticationMethod", "Basic, Fba")
    return _bytes(root)


def redirect(told: Redirect) -> bytes:
    """The answer that sends the client to another address or another autodiscover URL."""
    root, response = _start(_INNER)
    account = _add(response, "Account")
    if told.address is not None:
        _add(account, "Action", "redirectAddr")
        _add(account, "RedirectAddr", told.address)
    else:
        _add(account, "Action", "redirectUrl")
        _add(account, "RedirectUrl", told.url or "")
    return _bytes(root)


def failure(code: int, message: str) -> bytes:
    """The answer for a bad request (600) or an address that is not here (500)."""
    root, response = _start(_OUTER)
    error = _add(response, "Error", uri=_OUTER)
    error.set("Time", now()[11:19])
    error.set("Id", "2477272013")
    _add(error, "ErrorCode", str(code), _OUTER)
    _add(error, "Message", message, _OUTER)
    _add(error, "DebugData", "", _OUTER)
    return _bytes(root)
