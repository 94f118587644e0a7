"""A vCard file as cards of content lines, whatever its encoding and however broken."""

import codecs
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from icalendar.parser import Contentline, Parameters, q_split

from andock_core.contacts.texts import clean

LONGEST_HEAD = 2000  # characters before the colon: names and parameters
_FOLD = re.compile(rb"\r?\n[ \t]")
_BREAK = re.compile(rb"\r\n|\n|\r")
_QUOTED = re.compile(rb"[;:=,]quoted-printable[;:,]", re.IGNORECASE)
_BASE64 = re.compile(rb"^[^:]*[;=](?:b|base64)[;:]", re.IGNORECASE)
_BARE64 = re.compile(rb"[A-Za-z0-9+/=\s]+")
_BARE_ENCODINGS = {"QUOTED-PRINTABLE", "BASE64", "8BIT", "7BIT"}


class BadLine(ValueError):
    """No content line."""


@dataclass(frozen=True)
class Line:
    """A property. `name` is upper-case without its group, `params` have upper-case keys, `value`
    is decoded but still escaped."""

    name: str
    params: dict[str, tuple[str, ...]]
    value: str

    def types(self) -> set[str]:
        """The TYPE parameter's values, lower-case."""
        return {each.lower() for each in self.params.get("TYPE", ())}


@dataclass
class RawCard:
    """What stood between BEGIN and END, as unfolded lines. `closed`: its END came."""

    lines: list[bytes] = field(default_factory=list)
    closed: bool = False

    def text(self) -> str:
        """The card as it came, to be handed back."""
        end = ["END:VCARD"] if self.closed else []
        return "\r\n".join(["BEGIN:VCARD", *map(decoded, self.lines), *end, ""])


def cards_in(data: bytes) -> Iterator[RawCard]:
    """The cards of a file. Cards within cards (2.1's AGENT) are left out of the outer one."""
    card: RawCard | None = None
    inner = 0
    for line in _logical_lines(data):
        mark = line.strip().upper().replace(b" ", b"")
        if mark == b"BEGIN:VCARD":
            if card is not None and _holds_agent(card):
                inner += 1
                continue
            if card is not None:
                yield card
            card, inner = RawCard(), 0
        elif card is not None and mark == b"END:VCARD":
            if inner:
                inner -= 1
                continue
            card.closed = True
            yield card
            card = None
        elif card is not None and not inner and line.strip():
            card.lines.append(line)
    if card is not None:
        yield card


def parse(raw: bytes) -> Line:
    """A content line. Raises BadLine."""
    text = clean(decoded(raw)).replace("\n", " ")
    head = Contentline(text[:LONGEST_HEAD])  # type: ignore[no-untyped-call]
    at = head.value_separator_index()
    if at < 1:
        raise BadLine
    name, *params = q_split(text[:at], ";")
    found = _params(params)
    value = text[at + 1 :]
    if "QUOTED-PRINTABLE" in {each.upper() for each in found.get("ENCODING", ())}:
        value = _unquoted(raw, found)
    name = name.rpartition(".")[2].strip().upper()
    if not re.fullmatch(r"[A-Z0-9-]+", name):
        raise BadLine
    return Line(name=name, params=found, value=value)


def decoded(raw: bytes) -> str:
    """Text of a line: UTF-8, else what Windows wrote, else Latin-1, which takes every byte."""
    for encoding in ("utf-8", "cp1252"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1")


def _logical_lines(data: bytes) -> Iterator[bytes]:
    """Unfolded lines. Folds are undone in bytes: old writers cut characters in two."""
    lines = iter(_BREAK.split(_FOLD.sub(b"", _as_utf8(data))))
    waiting: bytes | None = None
    while True:
        line = waiting if waiting is not None else next(lines, None)
        waiting = None
        if line is None:
            return
        if line.endswith(b"=") and _QUOTED.search(line[:LONGEST_HEAD]):
            parts = [line]
            while parts[-1].endswith(b"=") and (more := next(lines, None)) is not None:
                parts.append(more)
            line = b"\n".join(parts)
        elif line and _BASE64.match(line[:LONGEST_HEAD]):
            parts = [line]
            while (waiting := next(lines, None)) and _BARE64.fullmatch(waiting):
                parts.append(waiting)
            line = b"".join(parts)
        yield line


def _as_utf8(data: bytes) -> bytes:
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if data.startswith(mark):
            return data.decode(encoding, "replace").encode()
    return data.removeprefix(codecs.BOM_UTF8)


def _holds_agent(card: RawCard) -> bool:
    last = card.lines[-1].upper() if card.lines else b""
    return last.startswith(b"AGENT") and last.rstrip().endswith(b":")


def _params(tokens: list[str]) -> dict[str, tuple[str, ...]]:
    """Parameters, those given twice joined, and 2.1's bare words taken for what they mean.

    A parameter that cannot be read is left out: its property may still be worth having.
    """
    found: dict[str, tuple[str, ...]] = {}
    for token in tokens:
        if "=" not in token:
            key = "ENCODING" if token.strip().upper() in _BARE_ENCODINGS else "TYPE"
            found[key] = (*found.get(key, ()), token.strip())
            continue
        try:
            parsed = Parameters.from_ical(token)  # type: ignore[no-untyped-call]
        except ValueError:
            continue
        for key, value in parsed.items():
            many = value if isinstance(value, list) else str(value).split(",")
            name = str(key).upper()
            found[name] = (*found.get(name, ()), *(str(each).strip() for each in many))
    return found


def _unquoted(raw: bytes, params: dict[str, tuple[str, ...]]) -> str:
    data = quopri.decodestring(raw[raw.index(b":") + 1 :])
    charset = next(iter(params.get("CHARSET", ())), "utf-8")
    try:
        text = data.decode(charset)
    except (LookupError, UnicodeDecodeError, ValueError):
        text = decoded(data)
    return clean(text).replace("\n", "\\n")
