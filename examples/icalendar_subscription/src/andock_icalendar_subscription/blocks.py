"""A feed's bytes as lines, apart: one block per event, so that a broken one is alone.

A parser that is given the whole feed fails as a whole, or leaves things out without a word.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message

from andock_sdk import errors

MOST_EVENTS = 20_000
_FOLD = re.compile(r"(?:\r\n|\r|\n)[ \t]")
_LINE = re.compile(r"\r\n|\r|\n")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass
class Blocks:
    """A feed, taken apart. `zones` are the VTIMEZONE blocks by TZID; `events` the lines of each
    VEVENT without what is nested in it, `open` ones that never ended."""

    name: str = ""
    zone: str = ""
    zones: dict[str, str] = field(default_factory=dict)
    events: list[list[str]] = field(default_factory=list)
    open: list[list[str]] = field(default_factory=list)


def decode(content: bytes, content_type: str) -> str:
    """The text: by its byte order mark, by what the server says, as UTF-8, as Windows-1252."""
    for mark, name in _BOMS:
        if content.startswith(mark):
            return content.decode(name, "replace")
    header = Message()
    header["Content-Type"] = content_type or "text/calendar"
    said = header.get_content_charset("")
    for charset in (said, "utf-8"):
        try:
            return content.decode(charset) if charset else content.decode("utf-8")
        except (LookupError, UnicodeDecodeError):
            continue
    return content.decode("cp1252", "replace")


def split(text: str) -> Blocks:
    """The feed's blocks.

    Raises MemberError when it is no calendar, Transient when it ends before its end.
    """
    lines = [line.rstrip() for line in _LINE.split(_FOLD.sub("", text)) if line.strip()]
    if not lines or lines[0].upper() != "BEGIN:VCALENDAR":
        raise errors.Transient("feed.not_calendar", "no VCALENDAR")
    if lines[-1].upper() != "END:VCALENDAR":
        raise errors.Transient("feed.cut", "no END:VCALENDAR")
    found = Blocks()
    for kind, block in _components(lines, found):
        if kind == "VTIMEZONE":
            found.zones.setdefault(value(block, "TZID"), "\r\n".join(block))
        elif kind == "VEVENT":
            (found.events if block[-1].upper() == "END:VEVENT" else found.open).append(block)
        if len(found.events) + len(found.open) > MOST_EVENTS:
            raise errors.MemberError("feed.too_large", "too many events")
    return found


def value(lines: list[str], name: str) -> str:
    """The value of the first line with this name, its parameters left out; "" when none has."""
    for line in lines:
        head, colon, tail = line.partition(":")
        if colon and head.partition(";")[0].upper() == name:
            return tail.strip()
    return ""


def _components(lines: list[str], found: Blocks) -> Iterator[tuple[str, list[str]]]:
    """The components right below a calendar. Nested ones stay in a time zone and are left out of
    an event. A component that begins where an event should have ended leaves that one open."""
    kind, block, nested = "", list[str](), list[str]()
    for line in lines:
        head, _, tail = line.partition(":")
        mark, name = head.strip().upper(), tail.strip().upper()
        if mark == "BEGIN" and name in ("VEVENT", "VTIMEZONE", "VCALENDAR") and kind:
            yield kind, block
            kind, block, nested = "", [], []
        if not kind:
            if mark == "BEGIN" and name != "VCALENDAR":
                kind, block = name, [line]
            else:
                _heading(mark, tail.strip(), found)
        elif mark == "END" and name == kind:
            yield kind, [*block, line]
            kind, block, nested = "", [], []
        elif mark == "END" and name == "VCALENDAR":
            yield kind, block
            kind, block, nested = "", [], []
        else:
            if mark == "BEGIN":
                nested.append(name)
            if kind == "VTIMEZONE" or not nested:
                block.append(line)
            if mark == "END" and nested:
                nested.pop()


def _heading(name: str, text: str, found: Blocks) -> None:
    name = name.partition(";")[0]
    if name == "X-WR-CALNAME" or (name == "NAME" and not found.name):
        found.name = text.replace("\\,", ",").replace("\\;", ";").replace("\\n", " ")[:200]
    elif name == "X-WR-TIMEZONE":
        found.zone = text
