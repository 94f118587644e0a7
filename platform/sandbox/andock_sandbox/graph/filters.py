"""$filter: comparisons, and, or, not, startswith, endswith, contains, any.

As far as it is used with calendars, contacts and tasks; anything else is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeAlias

from ..model import Json
from .errors import bad_query

Test: TypeAlias = Callable[[Json], bool]
Value: TypeAlias = Callable[[Json], Any]
Lookup: TypeAlias = Callable[[Json, str], Json]

_TOKEN = re.compile(
    r"\s*(?:(?P<string>'(?:[^']|'')*')|(?P<moment>\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:\d\d)?)?)"
    r"|(?P<number>-?\d+(?:\.\d+)?)|(?P<word>[A-Za-z_][\w.]*(?:/[A-Za-z_][\w.]*)*)|(?P<sign>[(),:]))"
)
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda one, other: bool(one == other),
    "ne": lambda one, other: bool(one != other),
    "gt": lambda one, other: bool(one > other),
    "ge": lambda one, other: bool(one >= other),
    "lt": lambda one, other: bool(one < other),
    "le": lambda one, other: bool(one <= other),
}
_TEXT: dict[str, Callable[[str, str], bool]] = {
    "startswith": lambda text, part: text.startswith(part),
    "endswith": lambda text, part: text.endswith(part),
    "contains": lambda text, part: part in text,
}
_WORDS = {"true": True, "false": False, "null": None}


def read(text: str, extended: Lookup | None = None) -> Test:
    """What an expression says of an object. GraphError."""
    parser = _Parser(text, extended)
    test = parser.either()
    parser.end()
    return test


def sort_key(one: Json, path: tuple[str, ...]) -> tuple[bool, Any]:
    """A key by which objects are put in order; those without a value come first."""
    found = look_up(one, path)
    if isinstance(found, dict) and "dateTime" in found:
        found = found["dateTime"]
    return (found is not None, found.casefold() if isinstance(found, str) else found)


def look_up(one: Json, path: tuple[str, ...]) -> Any:
    """The value at a path; None when there is none."""
    for part in path:
        if not isinstance(one, dict):
            return None
        named = {key.lower(): value for key, value in one.items()}
        one = named.get(part.lower())
    return one


class _Parser:
    """Reads an expression from left to right."""

    def __init__(self, text: str, extended: Lookup | None) -> None:
        self._extended = extended
        self._tokens: list[tuple[str, str]] = []
        self._at, place = 0, 0
        while text[place:].strip():
            found = _TOKEN.match(text, place)
            if not found or not found.lastgroup:
                raise self._wrong(text[place:])
            self._tokens.append((found.lastgroup, found.group(found.lastgroup)))
            place = found.end()

    @staticmethod
    def _wrong(text: str) -> Exception:
        return bad_query(f"Invalid filter clause: '{text}'.")

    def _peek(self) -> tuple[str, str]:
        return self._tokens[self._at] if self._at < len(self._tokens) else ("end", "")

    def _next(self) -> tuple[str, str]:
        found = self._peek()
        self._at += 1
        return found

    def _take(self, text: str) -> bool:
        if self._peek()[1].lower() == text and self._peek()[0] in ("word", "sign"):
            self._at += 1
            return True
        return False

    def _need(self, text: str) -> None:
        if not self._take(text):
            raise self._wrong(self._peek()[1] or "end")

    def end(self) -> None:
        """GraphError unless everything was read."""
        if self._peek()[0] != "end":
            raise self._wrong(self._peek()[1])

    def either(self) -> Test:
        """… or …"""
        tests = [self._both()]
        while self._take("or"):
            tests.append(self._both())
        return lambda one: any(test(one) for test in tests)

    def _both(self) -> Test:
        tests = [self._single()]
        while self._take("and"):
            tests.append(self._single())
        return lambda one: all(test(one) for test in tests)

    def _single(self) -> Test:
        if self._take("not"):
            test = self._single()
            return lambda one: not test(one)
        if self._take("("):
            test = self.either()
            self._need(")")
            return test
        kind, text = self._peek()
        if kind == "word" and text.lower() in _TEXT:
            return self._text_test()
        if kind == "word" and text.lower().endswith("/any"):
            return self._any_test()
        return self._comparison()

    def _text_test(self) -> Test:
        act = _TEXT[self._next()[1].lower()]
        self._need("(")
        left = self._value()
        self._need(",")
        right = self._value()
        self._need(")")
        return lambda one: act(str(left(one) or "").casefold(), str(right(one)).casefold())

    def _comparison(self) -> Test:
        left = self._value()
        act = _COMPARE.get(self._next()[1].lower())
        if act is None:
            raise self._wrong(self._tokens[min(self._at, len(self._tokens)) - 1][1])
        right = self._value()

        def test(one: Json) -> bool:
            try:
                return act(_plain(left(one)), _plain(right(one)))
            except TypeError:
                return False

        return test

    def _value(self) -> Value:
        kind, text = self._next()
        if kind == "string":
            held = text[1:-1].replace("''", "'")
            return lambda one: held
        if kind == "number":
            number = float(text)
            return lambda one: number
        if kind == "moment":
            return lambda one: text
        if kind == "word":
            if text.lower() in _WORDS:
                return lambda one: _WORDS[text.lower()]
            path = tuple(text.split("/"))
            return lambda one: look_up(one, path)
        raise self._wrong(text or "end")

    def _any_test(self) -> Test:
        """``name/any(a: …)``; of extended properties ``ep/id eq '…' and ep/value eq '…'``."""
        path = tuple(self._next()[1].split("/")[:-1])
        self._need("(")
        name = self._next()[1]
        self._need(":")
        begin = self._at
        if path[0].lower() == "singlevalueextendedproperties":
            return self._extended_test(name)
        self._at = begin
        test = self.either()
        self._need(")")

        def each(one: Json) -> bool:
            return any(test({name: inner}) for inner in look_up(one, path) or [])

        return each

    def _extended_test(self, name: str) -> Test:
        if self._next()[1].lower() != f"{name}/id".lower():
            raise self._wrong(name)
        self._need("eq")
        known = self._value()(None)
        test: Test = lambda held: held[name]["value"] is not None  # noqa: E731
        if self._take("and"):
            test = self.either()
        self._need(")")
        look = self._extended
        if look is None:
            raise self._wrong("singleValueExtendedProperties")
        return lambda one: test({name: {"id": known, "value": look(one, known)}})


def _plain(found: Any) -> Any:
    """A value as it is compared: texts without regard to case, moments by their whole seconds."""
    if isinstance(found, dict) and "dateTime" in found:
        found = found["dateTime"]
    if isinstance(found, bool) or found is None:
        return found
    if isinstance(found, int | float):
        return float(found)
    text = str(found)
    if re.match(r"\d{4}-\d\d-\d\dT", text):
        return text[:19]
    return text.casefold()
