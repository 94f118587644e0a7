"""SOAP envelopes, faults and the XML names of Exchange Web Services.

Parsing is closed to entities, document types and the network. Text that XML 1.0 cannot hold is
dropped on writing, as Exchange does, so a stored control character never breaks an answer.
"""

from __future__ import annotations

import re
from typing import TypeAlias

from lxml import etree

from .errors import EwsError, RequestFault

Element: TypeAlias = etree._Element

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
MESSAGES = "http://schemas.microsoft.com/exchange/services/2006/messages"
TYPES = "http://schemas.microsoft.com/exchange/services/2006/types"
ERRORS = "http://schemas.microsoft.com/exchange/services/2006/errors"

_PREFIXES = {MESSAGES: "m", TYPES: "t", SOAP: "s"}
_NSMAP = {"s": SOAP, "m": MESSAGES, "t": TYPES}
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def name(element: Element) -> str:
    """``m:GetItem`` for an element of the messages namespace, ``t:…`` for types, else raw."""
    tag = element.tag
    if not isinstance(tag, str):
        return ""
    uri, _, local = tag[1:].partition("}")
    prefix = _PREFIXES.get(uri)
    return f"{prefix}:{local}" if prefix else tag


def local(element: Element) -> str:
    """The element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def children(element: Element) -> list[Element]:
    """Child elements, comments and processing instructions left out."""
    return [child for child in element if isinstance(child.tag, str)]


def child(element: Element, wanted: str) -> Element | None:
    """The first child with this local name in either EWS namespace."""
    for found in element:
        if isinstance(found.tag, str) and found.tag.rpartition("}")[2] == wanted:
            return found
    return None


def clean(text: str) -> str:
    """The text without what XML 1.0 cannot hold."""
    return _ILLEGAL.sub("", text)


def add(parent: Element, wanted: str, text: object = None, **attributes: str) -> Element:
    """A new child ``t:Name`` or ``m:Name`` (``t`` when no prefix is given), with text."""
    prefix, _, plain = wanted.rpartition(":")
    made = etree.SubElement(parent, f"{{{MESSAGES if prefix == 'm' else TYPES}}}{plain}")
    for key, value in attributes.items():
        made.set(key, clean(value))
    if text is not None:
        made.text = clean(_text(text))
    return made


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def parse_plain(body: bytes) -> Element:
    """The root of a document. RequestFault when it is not well-formed or brings a DTD."""
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise RequestFault("ErrorSchemaValidation", f"The request is not XML: {error}") from error
    if root.getroottree().docinfo.doctype:
        raise RequestFault("ErrorSchemaValidation", "For security reasons DTD is prohibited.")
    return root


def parse(body: bytes) -> Element:
    """The request's envelope. RequestFault when it is none."""
    root = parse_plain(body)
    if root.tag != f"{{{SOAP}}}Envelope":
        raise RequestFault("ErrorInvalidRequest", "The request is not a SOAP 1.1 envelope.")
    return root


def parts(envelope: Element) -> tuple[Element | None, Element]:
    """(header or None, the one operation element in the body)."""
    header = envelope.find(f"{{{SOAP}}}Header")
    body = envelope.find(f"{{{SOAP}}}Body")
    operations = [] if body is None else children(body)
    if len(operations) != 1:
        raise RequestFault("ErrorInvalidRequest", "The SOAP body must hold one operation.")
    return header, operations[0]


def message_root(operation: str) -> tuple[Element, Element]:
    """An empty ``<operation>Response`` and its ResponseMessages."""
    root = etree.Element(f"{{{MESSAGES}}}{operation}Response", nsmap=_NSMAP)
    return root, add(root, "m:ResponseMessages")


def response_root(operation: str) -> Element:
    """An empty ``<operation>Response`` for operations that have no ResponseMessages."""
    return etree.Element(f"{{{MESSAGES}}}{operation}Response", nsmap=_NSMAP)


def write_message(parent: Element, tag: str, error: EwsError | None = None) -> None:
    """A bare response message: NoError, or what went wrong."""
    if error is None:
        made = add(parent, tag, ResponseClass="Success")
        add(made, "m:ResponseCode", "NoError")
        return
    made = add(parent, tag, ResponseClass="Error")
    _write_error(made, error)


def _write_error(made: Element, error: EwsError) -> None:
    add(made, "m:MessageText", error.text)
    add(made, "m:ResponseCode", error.code)
    add(made, "m:DescriptiveLinkKey", 0)
    if error.values:
        holder = add(made, "m:MessageXml")
        for key, value in error.values.items():
            add(holder, "t:Value", value, Name=key)


def success(messages: Element, operation: str) -> Element:
    """A successful response message; its own content is added by the caller."""
    message = add(messages, f"m:{operation}ResponseMessage", ResponseClass="Success")
    add(message, "m:ResponseCode", "NoError")
    return message


def failure(
    messages: Element, operation: str, error: EwsError, response_class: str = "Error"
) -> Element:
    """A failed response message with its code, text and MessageXml values."""
    message = add(messages, f"m:{operation}ResponseMessage", ResponseClass=response_class)
    _write_error(message, error)
    return message


def envelope(version: dict[str, str], content: Element) -> bytes:
    """A whole message: ServerVersionInfo in the header (when there is one), the content in the
    body."""
    root = etree.Element(f"{{{SOAP}}}Envelope", nsmap=_NSMAP)
    if version:
        header = etree.SubElement(root, f"{{{SOAP}}}Header")
        info = etree.SubElement(header, f"{{{TYPES}}}ServerVersionInfo", nsmap={"h": TYPES})
        for key, value in version.items():
            info.set(key, value)
    etree.SubElement(root, f"{{{SOAP}}}Body").append(content)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8")


def fault(error: EwsError) -> bytes:
    """A SOAP fault as Exchange writes it: code in the types namespace, detail with its own."""
    root = etree.Element(f"{{{SOAP}}}Envelope", nsmap={"s": SOAP})
    body = etree.SubElement(root, f"{{{SOAP}}}Body")
    made = etree.SubElement(body, f"{{{SOAP}}}Fault")
    code = etree.SubElement(made, "faultcode", nsmap={"a": TYPES})
    code.text = f"a:{error.code}"
    text = etree.SubElement(made, "faultstring")
    text.set("{http://www.w3.org/XML/1998/namespace}lang", "en-US")
    text.text = clean(error.text)
    detail = etree.SubElement(made, "detail")
    answer = etree.SubElement(detail, f"{{{ERRORS}}}ResponseCode", nsmap={"e": ERRORS})
    answer.text = error.code
    message = etree.SubElement(detail, f"{{{ERRORS}}}Message", nsmap={"e": ERRORS})
    message.text = clean(error.text)
    line = getattr(error, "line", 0)
    if line or error.values:
        holder = etree.SubElement(detail, f"{{{TYPES}}}MessageXml", nsmap={"t": TYPES})
        if line:
            add(holder, "t:LineNumber", line)
            add(holder, "t:LinePosition", 1)
            add(holder, "t:Violation", error.text)
        for key, value in error.values.items():
            add(holder, "t:Value", value, Name=key)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8")
