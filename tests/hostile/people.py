"""Hostile contacts: one of three is tampered with on its way, and what becomes of it."""

from collections.abc import Callable
from dataclasses import dataclass

from lxml import etree

MARK = "Tampered"
_T = "{http://schemas.microsoft.com/exchange/services/2006/types}"
UNREADABLE = "item.unreadable"


@dataclass(frozen=True)
class Row:
    """One row of the table. `expected`: "arrives", or the message key of a contact set aside."""

    name: str
    tamper: Callable[[etree._Element], None]
    expected: str = "arrives"


def tampered(honest: bytes, changes: dict[str, Callable[[etree._Element], None]]) -> bytes:
    """The answer with each contact changed whose display name is a key of `changes`."""
    root = etree.fromstring(honest)
    for item in list(root.iter(f"{_T}Contact")):
        change = changes.get(item.findtext(f"{_T}DisplayName") or "")
        if change is not None:
            change(item)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8")


def _text(name: str, text: str, **attributes: str) -> Callable[[etree._Element], None]:
    """Give a field a text."""

    def change(item: etree._Element) -> None:
        found = item.find(f"{_T}{name}")
        if found is None:
            found = etree.SubElement(item, f"{_T}{name}")
        found.text = text
        for key, value in attributes.items():
            found.set(key, value)

    return change


def _entries(name: str, *entries: tuple[str | None, str]) -> Callable[[etree._Element], None]:
    """Give a dictionary these entries: (key, text); a key of None is left out."""

    def change(item: etree._Element) -> None:
        for old in item.findall(f"{_T}{name}"):
            item.remove(old)
        parent = etree.SubElement(item, f"{_T}{name}")
        for key, text in entries:
            entry = etree.SubElement(parent, f"{_T}Entry")
            entry.text = text
            if key is not None:
                entry.set("Key", key)

    return change


def _email(text: str) -> Callable[[etree._Element], None]:
    return _entries("EmailAddresses", ("EmailAddress1", text))


def _without(*kept: str) -> Callable[[etree._Element], None]:
    """Take away everything but some fields."""

    def change(item: etree._Element) -> None:
        for child in list(item):
            if etree.QName(child).localname not in kept:
                item.remove(child)

    return change


def _list(item: etree._Element) -> None:
    item.tag = f"{_T}DistributionList"


def _title(tag: str) -> Callable[[etree._Element], None]:
    def change(item: etree._Element) -> None:
        held = etree.SubElement(item, f"{_T}ExtendedProperty")
        etree.SubElement(held, f"{_T}ExtendedFieldURI").set("PropertyTag", tag)
        etree.SubElement(held, f"{_T}Value").text = "Dr."

    return change


def _photo_without_id(item: etree._Element) -> None:
    for old in item.findall(f"{_T}Attachments"):
        item.remove(old)
    parent = etree.SubElement(item, f"{_T}Attachments")
    file = etree.SubElement(parent, f"{_T}FileAttachment")
    etree.SubElement(file, f"{_T}IsContactPhoto").text = "true"


def _version(text: str) -> Callable[[etree._Element], None]:
    def change(item: etree._Element) -> None:
        identity = item.find(f"{_T}ItemId")
        assert identity is not None
        identity.set("ChangeKey", text)

    return change


SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)><a href='javascript:x'>a</a>"
TABLE = [
    Row("an address without @", _email("nobody")),
    Row("an address of many @", _email("a@@b@c@")),
    Row("an address of markup", _email("\"><script>alert(1)</script>\"@x.test")),
    Row("an address that adds headers", _email("a@x.test?bcc=b@x.test&body=\r\nBcc: c@x.test")),
    Row("an address turned around", _email("\u202etset.x@a\u2066")),
    Row("an address of 100,000 characters", _email("a" * 100_000 + "@x.test")),
    Row("a directory path", _email("/o=First/ou=Exchange/cn=Recipients/cn=" + "x" * 500)),
    Row("500 addresses", _entries("EmailAddresses", *[(f"EmailAddress{n}", f"a{n}@x.test")
        for n in range(500)])),
    Row("one address 500 times", _entries("EmailAddresses", *[("EmailAddress1", f"a{n}@x.test")
        for n in range(500)])),
    Row("addresses without a key", _entries("EmailAddresses", (None, "a@x.test"))),
    Row("unknown keys of numbers", _entries("PhoneNumbers", ("SatPhone", "1"), ("", "2"),
        ("mobile", "3"), ("__class__", "4"))),
    Row("a number of markup", _entries("PhoneNumbers", ("MobilePhone", SCRIPT))),
    Row("a number of 100,000 digits", _entries("PhoneNumbers", ("MobilePhone", "9" * 100_000))),
    Row("an address of nothing", _entries("PhysicalAddresses", ("Business", ""), ("Moon", ""))),
    Row("a birthday that is none", _text("Birthday", "soon"), UNREADABLE),
    Row("the 30th of February", _text("Birthday", "1980-02-30T11:59:00Z"), UNREADABLE),
    Row("born in the year 0", _text("Birthday", "0000-01-01T11:59:00Z"), UNREADABLE),
    Row("born in the year 1", _text("Birthday", "0001-01-01T00:00:00Z")),
    Row("born before the year 1", _text("Birthday", "0001-01-01T00:00:00+14:00"), UNREADABLE),
    Row("born at the end of time", _text("Birthday", "9999-12-31T23:59:59Z"), UNREADABLE),
    Row("born in the year 99999", _text("Birthday", "99999-01-01T11:59:00Z"), UNREADABLE),
    Row("born 99 hours from here", _text("Birthday", "1980-03-31T11:59:00+99:00"), UNREADABLE),
    Row("a website that is a script", _text("BusinessHomePage", "javascript:alert(1)")),
    Row("a company of markup", _text("CompanyName", SCRIPT)),
    Row("a company turned around", _text("CompanyName", "\u202egpj.exe \u2066\u2067 evil")),
    Row("a company of 100,000 characters", _text("CompanyName", "C" * 100_000)),
    Row("a given name of line ends", _text("GivenName", "a\r\nb\u2028c\u0085d")),
    Row("combining characters without end", _text("Surname", "Z" + "\u0300" * 5000)),
    Row("a name of 100,000 characters", _text("DisplayName", "D" * 100_000), UNREADABLE),
    Row("notes with scripts", _text("Body", SCRIPT, BodyType="HTML")),
    Row("notes 20,000 tags deep", _text("Body", "<div>" * 20_000, BodyType="HTML")),
    Row("a title without a number", _title("title"), UNREADABLE),
    Row("a photo without an id", _photo_without_id, UNREADABLE),
    Row("a change key of 5,000 characters", _version("K" * 5000), UNREADABLE),
    Row("a list of people", _list, "item.not_contact"),
    Row("nothing in it", _without(), UNREADABLE),
    Row("nothing but its id", _without("ItemId")),
    Row("nothing but its name", _without("DisplayName"), UNREADABLE),
]  # fmt: skip
