"""SOAP envelopes of EWS: building requests and opening answers, with lxml and nothing else."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from lxml import etree

from andock_sdk import errors

Element = etree._Element

TYPES = "http://schemas.microsoft.com/exchange/services/2006/types"
MESSAGES = "http://schemas.microsoft.com/exchange/services/2006/messages"
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
_ITEM_ID = f"{{{TYPES}}}ItemId"
_PREFIXES = {"s": SOAP, "t": TYPES, "m": MESSAGES}

_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DOCTYPE = re.compile(rb"\A\s*(?:<\?[^>]*>|<!--.*?-->|\s)*<!DOCTYPE", re.DOTALL)
_CHARACTER_REFERENCE = re.compile(rb"&#(?:x([0-9a-fA-F]{1,8})|([0-9]{1,10}));")


class NotSoap(Exception):
    """The answer is XML of another kind, or no XML at all (a login page, say)."""


@dataclass(frozen=True)
class ServerVersion:
    """What the server says of itself in each answer's header: a build such as 15.2.1118."""

    major: int
    minor: int
    build: int


@dataclass(frozen=True)
class Envelope:
    """An opened answer. `payload` is the body's only child, `fault` a SOAP fault instead."""

    payload: Element | None
    fault: Element | None
    version: ServerVersion | None


def clean(text: str) -> str:
    """`text` without the characters that XML cannot carry."""
    return _ILLEGAL.sub("", text)


def t(name: str, *children: Element | None, text: str | None = None, **attributes: str) -> Element:
    """An element of the types namespace; children that are None are left out."""
    return _element(TYPES, name, children, text, attributes)


def m(name: str, *children: Element | None, text: str | None = None, **attributes: str) -> Element:
    """An element of the messages namespace; children that are None are left out."""
    return _element(MESSAGES, name, children, text, attributes)


def item_ids(ids: Iterable[str]) -> Element:
    """An ItemIds element of so many ids, made the quick way: there are many of them."""
    holder = m("ItemIds")
    for one in ids:
        etree.SubElement(holder, _ITEM_ID).set("Id", clean(one))
    return holder


def _element(
    space: str,
    name: str,
    children: tuple[Element | None, ...],
    text: str | None,
    attributes: dict[str, str],
) -> Element:
    element = etree.Element(f"{{{space}}}{name}", nsmap=_PREFIXES)
    for key, value in attributes.items():
        element.set(key, clean(value))
    if text is not None:
        element.text = clean(text)
    element.extend(child for child in children if child is not None)
    return element


def envelope(request: Element, version: str) -> bytes:
    """The request in an envelope that asks for the API version `version` ("Exchange2013_SP1")."""
    root = etree.Element(f"{{{SOAP}}}Envelope", nsmap=_PREFIXES)
    header = etree.SubElement(root, f"{{{SOAP}}}Header")
    header.append(t("RequestServerVersion", Version=version))
    etree.SubElement(root, f"{{{SOAP}}}Body").append(request)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8")


def parse(content: bytes) -> Element:
    """XML read safely: no DTD, no entities, no network, no huge trees. Raises NotSoap.

    Exchange writes references to characters that XML forbids ("&#x1F;"), which no parser may
    accept; they are taken out on a second try, so that one odd note never stops a calendar.
    """
    try:
        return _tree(content)
    except etree.XMLSyntaxError:
        pass
    try:
        return _tree(_CHARACTER_REFERENCE.sub(_legal_only, content))
    except etree.XMLSyntaxError as broken:
        raise NotSoap("not well-formed") from broken


def _tree(content: bytes) -> Element:
    if _DOCTYPE.search(content):  # SOAP 1.1, section 3: a message must not contain one
        raise NotSoap("a DTD")
    root = etree.fromstring(content, _parser())
    if root.getroottree().docinfo.internalDTD is not None:  # in an encoding we did not look into
        raise NotSoap("a DTD")
    return root


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        load_dtd=False,
        recover=False,
        remove_comments=True,
        remove_pis=True,
    )


def _legal_only(reference: re.Match[bytes]) -> bytes:
    hexadecimal, decimal = reference.groups()
    code = int(hexadecimal, 16) if hexadecimal else int(decimal)
    legal = code <= 0x10FFFF and not _ILLEGAL.match(chr(code))
    return reference.group() if legal else b""


def open_envelope(content: bytes) -> Envelope:
    """Open an answer. Raises NotSoap."""
    root = parse(content)
    body = root.find(f"{{{SOAP}}}Body")
    if root.tag != f"{{{SOAP}}}Envelope" or body is None or not len(body):
        raise NotSoap("no SOAP body")
    first = body[0]
    fault = first if first.tag == f"{{{SOAP}}}Fault" else None
    return Envelope(None if fault is not None else first, fault, _version(root))


def _version(root: Element) -> ServerVersion | None:
    info = root.find(f"{{{SOAP}}}Header/{{{TYPES}}}ServerVersionInfo")
    if info is None:
        return None
    try:
        major, minor = int(info.get("MajorVersion", "")), int(info.get("MinorVersion", ""))
        return ServerVersion(major, minor, int(info.get("MajorBuildNumber", "0")))
    except ValueError:
        return None


def local(element: Element) -> str:
    """The element's name without its namespace; empty for comments."""
    tag = element.tag
    return _LOCAL[tag] if isinstance(tag, str) else ""


class _Names(dict[Any, str]):
    """Names without their namespace, each taken apart once. Bounded: a server may make up any."""

    def __missing__(self, tag: Any) -> str:
        name: str = tag.rpartition("}")[2]
        if len(self) < _MOST_NAMES:
            self[tag] = name
        return name


_MOST_NAMES = 2_000
_LOCAL = _Names()


class Children(dict[str, Element]):
    """An element's children by name. Asking for one that is not there raises Transient: an answer
    that lacks what the schema demands came from something that broke on the way."""

    __slots__ = ("element",)
    element: Element

    def __missing__(self, name: str) -> Element:
        raise errors.Transient("answer.broken", f"no {name}")


def fields(element: Element) -> Children:
    """The direct children by name; of several alike the last. Comments were left out on parsing."""
    found = Children([(_LOCAL[child.tag], child) for child in element])
    found.element = element
    return found


def text_of(children: dict[str, Element], name: str) -> str:
    """The text of the child `name`, empty when there is none."""
    child = children.get(name)
    return (child.text or "") if child is not None else ""


def ref_of(identity: Element) -> str:
    """The id in an ItemId or FolderId. Raises Transient for none, or one longer than 512 bytes:
    such a one could not be asked for again."""
    found = identity.get("Id", "")
    if not 0 < len(found.encode()) <= 512:
        raise errors.Transient("answer.broken", "no usable id")
    return found


def version_of(identity: Element) -> str:
    """The change key in an ItemId. Raises Transient for one that cannot be kept."""
    found = identity.get("ChangeKey", "")
    if len(found) > 512:
        raise errors.Transient("answer.broken", "no usable change key")
    return found


def only_item(message: Element) -> Element:
    """The first item of a response message. Raises Transient when there is none."""
    for item in fields(message)["Items"]:
        if local(item):
            return item
    raise errors.Transient("answer.broken", "no item")
