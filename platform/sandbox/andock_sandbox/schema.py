"""Checks a request against the rules of ``grammar`` before anything is done.

A request that breaks a rule is answered with ErrorSchemaValidation, naming element and line, as
Exchange does. The content of an element is checked as one string of its children's names against
a regular expression.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache

from . import grammar, grammar_services, properties
from .errors import RequestFault
from .soap import Element, children, local, name

_XML = "{http://www.w3.org/XML/1998/namespace}"
_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
_GUID = r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
_DURATION = r"-?P(?=.)(\d+Y)?(\d+M)?(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?"
_TOKEN = re.compile(r"([mt]:\w+)=([\w.]+)")
_ATTRIBUTE = re.compile(r"@(\w+)(!?)=(\w+)\s*")
# How the property tables call a type, and which rule describes it.
_TABLE_TYPES = {
    "body": "Body",
    "strings": "Strings",
    "recipient": "Recipient",
    "recipients": "Recipients",
    "attendees": "Attendees",
    "recurrence": "Recurrence",
    "taskrecurrence": "TaskRecurrence",
    "zone": "Zone",
    "oldzone": "OldZone",
    "attachments": "Attachments",
    "emails": "Emails",
    "phones": "Phones",
    "ims": "Ims",
    "addresses": "Addresses",
    "itemid": "Id",
    "folderid": "Id",
    "mime": "Mime",
    "rights": "any",
    "textbody": "Body",
    "occurrence": "Occurrence",
    "occurrences": "Occurrences",
    "deletions": "Deletions",
    "members": "Members",
    "completename": "CompleteName",
    "extended": "ExtendedProperty",
    "wallclock": "dateTime",
}


@dataclass(frozen=True)
class Rule:
    """A compiled rule: the content's expression, the children's types, attributes, text type."""

    content: re.Pattern[str]
    types: dict[str, str]
    attributes: dict[str, tuple[str, bool]] = field(default_factory=dict)
    text: str = ""


def _matches(expression: str) -> Callable[[str], bool]:
    pattern = re.compile(expression)
    return lambda text: pattern.fullmatch(text.strip()) is not None


def _exactly(expression: str) -> Callable[[str], bool]:
    """For types of text, whose spaces count."""
    pattern = re.compile(expression)
    return lambda text: pattern.fullmatch(text) is not None


def _is_tag(text: str) -> bool:
    if re.fullmatch(r"0[xX][0-9A-Fa-f]{1,4}", text):
        return True
    return re.fullmatch(r"\+?\d+|-0+", text.strip()) is not None and int(text) < 2**16


def _is_int(text: str) -> bool:
    if not re.fullmatch(r"[+-]?\d{1,20}", text.strip()):
        return False
    return -(2**31) <= int(text) < 2**31


def _is_datetime(text: str) -> bool:
    found = re.fullmatch(
        r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-](0\d|1[0-4]):[0-5]\d)?", text.strip()
    )
    return found is not None and _parses(datetime.fromisoformat, found.group(1))


def _is_date(text: str) -> bool:
    found = re.fullmatch(r"(\d{4}-\d\d-\d\d)(Z|[+-]\d\d:\d\d)?", text.strip())
    return found is not None and _parses(date.fromisoformat, found.group(1))


def _parses(reader: Callable[[str], object], text: str) -> bool:
    try:
        reader(text)
    except ValueError:
        return False
    return True


def _is_path(text: str) -> bool:
    return (
        text in properties.all_uris()
        or text in properties.folder_uris()
        or text in properties.FOREIGN_PATHS
        or text.partition(":")[0] in properties.FOREIGN_SPACES
    )


def _is_minutes(text: str) -> bool:
    return _is_int(text) and (0 <= int(text) <= 2629800 or int(text) == 1525252321)


def _is_base64(text: str) -> bool:
    plain = "".join(text.split())
    try:
        return base64.b64encode(base64.b64decode(plain, validate=True)).decode() == plain
    except ValueError:
        return False


def _is_double(text: str) -> bool:
    return text.strip() in ("INF", "-INF", "NaN") or _parses(float, text)


@cache
def _enums() -> dict[str, frozenset[str]]:
    made = {}
    for line in (grammar.ENUMS + grammar_services.ENUMS).strip().splitlines():
        title, _, words = line.partition(" : ")
        made[title] = frozenset(words.split())
    return made


SIMPLE: dict[str, Callable[[str], bool]] = {
    "string": lambda text: True,
    "filled": lambda text: text != "",
    "bool": _matches("true|false|1|0"),
    "int": _is_int,
    "minutes": _is_minutes,
    "double": _is_double,
    "base64": _is_base64,
    "dateTime": _is_datetime,
    "date": _is_date,
    "duration": _matches(_DURATION),
    "guid": _exactly(_GUID),
    "tag": _is_tag,
    "bitmask": _matches(r"(0[xX][0-9A-Fa-f]{1,8})|[0-9]+"),
    "language": _matches(r"[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*"),
    "configurationParts": _matches(r"((Id|Dictionary|XmlData|BinaryData|All)\s*)*"),
    "syncCount": lambda text: _is_int(text) and 1 <= int(text) <= 512,
    "subscriptionMinutes": lambda text: _is_int(text) and 1 <= int(text) <= 1440,
    "short": lambda text: _is_int(text) and -(2**15) <= int(text) < 2**15,
    "freeBusyViews": lambda text: all(word in _enums()["FreeBusyView"] for word in text.split()),
    "streamMinutes": lambda text: _is_int(text) and 1 <= int(text) <= 30,
    "weekdays": lambda text: all(word in _enums()["Weekday"] for word in text.split()),
    "distinguished": lambda text: text in grammar.DISTINGUISHED,
    "path": _is_path,
}


@cache
def _lines() -> dict[str, str]:
    made = {}
    for line in (grammar.RULES + grammar_services.RULES).strip().splitlines():
        title, _, content = line.partition(" = ")
        if content:
            made[title] = content
    return made


@cache
def rule(title: str) -> Rule:
    """The compiled rule of a complex type."""
    if title.startswith("item."):
        return _item_rule(title.removeprefix("item."))
    content = _lines()[title]
    for macro, text in grammar.MACROS.items():
        content = re.sub(rf"\b{macro}\b(?!=)", lambda _, text=text: text, content)  # type: ignore[misc]
    text = ""
    if content.startswith("#"):
        first, _, content = content.partition(" ")
        text = first[1:]
    attributes = {
        key: (kind, required == "!") for key, required, kind in _ATTRIBUTE.findall(content)
    }
    return _compile(_ATTRIBUTE.sub("", content), attributes, text)


def _compile(content: str, attributes: dict[str, tuple[str, bool]], text: str) -> Rule:
    types = dict(_TOKEN.findall(content))
    expression = _TOKEN.sub(lambda found: f"(?:{found.group(1)},)", content).replace(" ", "")
    return Rule(re.compile(expression), types, attributes, text)


def _item_rule(kind: str) -> Rule:
    parts = []
    for made in properties.table(kind):
        type_name = _TABLE_TYPES.get(made.type, made.type)
        parts.append(f"t:{made.name}={type_name}{'*' if made.type == 'extended' else '?'}")
    return _compile(" ".join(parts), {}, "")


def is_type(title: str) -> bool:
    """Whether a name is that of a rule, an enumeration or a simple type."""
    return title.startswith("item.") or title in _lines() or title in _enums() or title in SIMPLE


def check(element: Element, title: str) -> None:
    """RequestFault ErrorSchemaValidation when the element breaks the rule of its type."""
    if title == "any":
        return
    test: Callable[[str], bool] | None = SIMPLE.get(title)
    if test is None and title in _enums():
        words = _enums()[title]
        test = words.__contains__
    if test is not None:
        _check_attributes(element, {})
        if children(element):
            _refuse(element, f"The element '{local(element)}' cannot contain child elements.")
        _check_text(element, test, element.text or "")
        return
    found = rule(title)
    _check_attributes(element, found.attributes)
    inner = children(element)
    if found.text:
        _check_text(element, SIMPLE[found.text], element.text or "")
    elif (element.text or "").strip() or any((part.tail or "").strip() for part in inner):
        _refuse(element, f"The element '{local(element)}' cannot contain text.")
    names = [name(part) for part in inner]
    if not found.content.fullmatch("".join(f"{part}," for part in names)):
        _refuse(element, _explain(element, names, found))
    for part, part_name in zip(inner, names, strict=True):
        check(part, found.types[part_name])


def _explain(element: Element, names: list[str], found: Rule) -> str:
    for part in names:
        if part not in found.types:
            return f"The element '{local(element)}' has invalid child element '{part}'."
    if not names:
        return f"The element '{local(element)}' has incomplete content."
    return f"The element '{local(element)}' has a missing, repeated or misplaced child element."


def _check_text(element: Element, test: Callable[[str], bool], text: str) -> None:
    if not test(text):
        _refuse(element, f"The '{local(element)}' element is invalid: its value {text[:80]!r}.")


def _check_attributes(element: Element, known: dict[str, tuple[str, bool]]) -> None:
    for raw, value in element.attrib.items():
        key = str(raw).removeprefix(_XML)
        if key.startswith(_XSI):
            continue
        if key not in known:
            _refuse(element, f"The '{key}' attribute of '{local(element)}' is not declared.")
        kind = known[key][0]
        test = SIMPLE.get(kind) or _enums()[kind].__contains__
        if not test(str(value)):
            _refuse(element, f"The '{key}' attribute is invalid: its value {str(value)[:80]!r}.")
    for key, (_, required) in known.items():
        if required and key not in element.attrib:
            _refuse(element, f"The required attribute '{key}' is missing.")


def _refuse(element: Element, violation: str) -> None:
    line = element.sourceline or 1
    raise RequestFault(
        "ErrorSchemaValidation", f"The request failed schema validation: {violation}", line=line
    )
