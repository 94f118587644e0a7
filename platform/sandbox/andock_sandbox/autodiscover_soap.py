"""Autodiscover, the SOAP kind: GetUserSettings, from mail addresses to named settings."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from lxml import etree

from .errors import RequestFault
from .model import Account
from .sandbox import Redirect, Sandbox
from .soap import SOAP, Element, clean, local, parse, parts

NAMESPACE = "http://schemas.microsoft.com/exchange/2010/Autodiscover"
_ADDRESSING = "http://www.w3.org/2005/08/addressing"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_ACTION = "http://schemas.microsoft.com/exchange/2010/Autodiscover/Autodiscover/GetUserSettings"

# A setting's value from the account and the EWS address.
_SETTINGS: dict[str, Callable[[Account, str], str]] = {
    "UserDisplayName": lambda account, url: account.name,
    "UserDeploymentId": lambda account, url: account.guid,
    "AutoDiscoverSMTPAddress": lambda account, url: account.email,
    "ExternalEwsUrl": lambda account, url: url,
    "InternalEwsUrl": lambda account, url: url,
    "ExternalEwsVersion": lambda account, url: "15.02.1544.000",
    "EwsSupportedSchemas": lambda account, url: (
        "Exchange2007, Exchange2007_SP1, Exchange2010, Exchange2010_SP1, Exchange2010_SP2,"
        " Exchange2013, Exchange2013_SP1"
    ),
    "EwsPartnerUrl": lambda account, url: url,
    "ExternalOABUrl": lambda account, url: f"https://{_host(url)}/OAB/",
    "InternalOABUrl": lambda account, url: f"https://{_host(url)}/OAB/",
    "MailboxDN": lambda account, url: f"/o=Sandbox/cn=Recipients/cn={account.guid}",
    "CasVersion": lambda account, url: "15.02.1544.000",
}


def _host(url: str) -> str:
    return url.split("/")[2]


def _add(parent: Element, name: str, text: str | None = None) -> Element:
    made = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}")
    if text is not None:
        made.text = clean(text)
    return made


def answer(box: Sandbox, body: bytes, ews_url: str, version: dict[str, str]) -> bytes:
    """The answer to a GetUserSettings request, address for address. ErrorCode InvalidRequest
    when it is none. ``version`` is what the server calls itself (``versions.Version.info``)."""
    return _envelope(_content(box, body, ews_url), version)


def _content(box: Sandbox, body: bytes, ews_url: str) -> Element:
    try:
        _, request = parts(parse(body))
    except RequestFault as error:
        return _refused(error.text)
    if local(request) != "GetUserSettingsRequestMessage":
        return _refused(f"The sandbox does not know {local(request)}.")
    addresses = [_text(part) for part in request.iter(f"{{{NAMESPACE}}}Mailbox")]
    wanted = [_text(part) for part in request.iter(f"{{{NAMESPACE}}}Setting")]
    if not addresses or not wanted:
        return _refused("Users and RequestedSettings must not be empty.")
    message, response = _message()
    _no_error(response)
    holder = _add(response, "UserResponses")
    for address in addresses:
        _answer_one(box, _add(holder, "UserResponse"), address, wanted, ews_url)
    return message


def _text(element: Element) -> str:
    return (element.text or "").strip()


def _message() -> tuple[Element, Element]:
    message = etree.Element(
        f"{{{NAMESPACE}}}GetUserSettingsResponseMessage", nsmap={None: NAMESPACE}
    )
    return message, _add(message, "Response")


def _no_error(parent: Element) -> None:
    _add(parent, "ErrorCode", "NoError")
    _add(parent, "ErrorMessage", "No error.")


def _refused(text: str) -> Element:
    message, response = _message()
    _add(response, "ErrorCode", "InvalidRequest")
    _add(response, "ErrorMessage", text)
    return message


def _answer_one(box: Sandbox, made: Element, address: str, wanted: list[str], ews_url: str) -> None:
    told = box.redirects.get(address.rpartition("@")[2].casefold())
    if told is not None:
        _redirect(made, told)
        return
    state = box.state_of(address)
    if state is None:
        _add(made, "ErrorCode", "InvalidUser")
        _add(made, "ErrorMessage", f"Invalid user: {address!r}.")
        return
    _no_error(made)
    missing = [name for name in wanted if name not in _SETTINGS]
    failures = _add(made, "UserSettingErrors")
    for name in missing:
        failure = _add(failures, "UserSettingError")
        _add(failure, "ErrorCode", "SettingIsNotAvailable")
        _add(failure, "ErrorMessage", "The setting is not available.")
        _add(failure, "SettingName", name)
    settings = _add(made, "UserSettings")
    for name in wanted:
        if name in _SETTINGS:
            setting = _add(settings, "UserSetting")
            setting.set(f"{{{_XSI}}}type", "StringSetting")
            _add(setting, "Name", name)
            _add(setting, "Value", _SETTINGS[name](state.account, ews_url))


def _redirect(made: Element, told: Redirect) -> None:
    code = "RedirectAddress" if told.address is not None else "RedirectUrl"
    _add(made, "ErrorCode", code)
    _add(made, "ErrorMessage", "The user is to be found elsewhere.")
    _add(made, "RedirectTarget", told.address or told.url or told.location or "")


def _envelope(content: Element, version: dict[str, str]) -> bytes:
    root = etree.Element(f"{{{SOAP}}}Envelope", nsmap={"s": SOAP, "a": _ADDRESSING})
    header = etree.SubElement(root, f"{{{SOAP}}}Header")
    action = etree.SubElement(header, f"{{{_ADDRESSING}}}Action")
    action.set(f"{{{SOAP}}}mustUnderstand", "1")
    action.text = f"{_ACTION}Response"
    etree.SubElement(header, f"{{{_ADDRESSING}}}MessageID").text = f"urn:uuid:{uuid.uuid4()}"
    info = etree.SubElement(header, f"{{{NAMESPACE}}}ServerVersionInfo", nsmap={"h": NAMESPACE})
    for name, value in version.items():
        _add(info, name, value)
    etree.SubElement(root, f"{{{SOAP}}}Body").append(content)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8")
