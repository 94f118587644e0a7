"""Damage to answers: mostly well-formed XML with something wrong in it, at times broken bytes."""

from copy import deepcopy
from random import Random

from lxml import etree

TEXTS = (
    *("", " ", "0", "-1", "1", "99999999999999999999", "9" * 5000, "1e9", "NaN", "true", "maybe"),
    *("0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z", "2026-02-30", "2026-11-24T09:00:00"),
    *("2026-11-24T09:00:00+99:99", "-2026-01-01T00:00:00Z", "24:00:00", "2026-W01-1"),
    *("W. Europe Standard Time", "Europe/Berlin", "UTC", "Atlantis", "../../etc/passwd", "Etc/GMT"),
    *("<script>", "\u202e", "\u0085", "\u2028", "Z" * 3000, "\U0010ffff", "Last", "Weekday"),
    *("Monday Tuesday", "February", "31", "999", "29", "NoError", "ErrorItemNotFound"),
    *("ErrorServerBusy", "ErrorInvalidSyncStateData", "ErrorBatchProcessingStopped", "Error"),
    *("a@b", "@", "SMTP", "EX", "/o=Firma/cn=x", "AAAA", "/9j/", "====", "iVBORw0KGgo="),
    *("EmailAddress1", "MobilePhone", "Business", "urn:x", "HTML", "Success", "Warning", "Error"),
)
BYTES = (
    b"<",
    b">",
    b"&",
    b"\x00",
    b"\xff",
    b"&#0;",
    b"&#xD800;",
    b"]]>",
    b"<!--",
    b"<?x?>",
    b"\xef",
)


def damaged(honest: bytes, random: Random) -> bytes:
    """`honest` with one to six things wrong."""
    if random.random() < 0.1:
        return _broken_bytes(honest, random)
    root = etree.fromstring(honest)
    for _ in range(random.choice((1, 1, 1, 2, 3, 6))):
        elements = [element for element in root.iter(etree.Element) if element is not root]
        if elements:
            _damage(random.choice(elements), elements, random)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8")


def _damage(element: etree._Element, others: list[etree._Element], random: Random) -> None:
    if element.getparent() is not None:  # it may have gone with another one
        random.choice(KINDS)(element, others, random)


def _remove(element: etree._Element, _others: list[etree._Element], _random: Random) -> None:
    parent = element.getparent()
    assert parent is not None
    parent.remove(element)


def _empty(element: etree._Element, _others: list[etree._Element], _random: Random) -> None:
    for child in list(element):
        element.remove(child)


def _say(element: etree._Element, _others: list[etree._Element], random: Random) -> None:
    element.text = random.choice(TEXTS)


def _strip(element: etree._Element, _others: list[etree._Element], random: Random) -> None:
    if element.attrib:
        element.attrib.pop(random.choice(list(element.attrib)))


def _mark(element: etree._Element, _others: list[etree._Element], random: Random) -> None:
    element.set(random.choice(list(element.attrib) or ["Id"]), random.choice(TEXTS))


def _rename(element: etree._Element, others: list[etree._Element], random: Random) -> None:
    element.tag = random.choice(others).tag


def _repeat(element: etree._Element, _others: list[etree._Element], random: Random) -> None:
    parent = element.getparent()
    assert parent is not None
    for _ in range(random.choice((1, 2, 40))):
        parent.append(deepcopy(element))


def _graft(element: etree._Element, others: list[etree._Element], random: Random) -> None:
    element.append(deepcopy(random.choice(others[-30:])))


def _litter(element: etree._Element, _others: list[etree._Element], random: Random) -> None:
    odd = random.choice((etree.Comment("odd"), etree.ProcessingInstruction("odd", "?")))
    element.insert(0, odd)


KINDS = (_remove, _empty, _say, _say, _strip, _mark, _rename, _repeat, _graft, _litter)


def _broken_bytes(honest: bytes, random: Random) -> bytes:
    start = random.randrange(len(honest))
    end = min(len(honest), start + random.choice((0, 1, 20, 400)))
    match random.randrange(4):
        case 0:
            return honest[:start]
        case 1:
            return honest[:start] + random.choice(BYTES) + honest[end:]
        case 2:
            return honest[:end] + honest[start:]
        case _:
            return honest[:start] + random.randbytes(end - start) + honest[end:]
