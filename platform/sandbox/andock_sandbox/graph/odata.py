"""Query options: reading them, and applying them to what a handler has found."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, quote

from ..model import Json
from . import filters
from .errors import bad_query

_KNOWN = frozenset(
    {
        "$select",
        "$expand",
        "$filter",
        "$orderby",
        "$top",
        "$skip",
        "$count",
        "$skiptoken",
        "$deltatoken",
        "$format",
        "$search",
    }
)
_MOST = 1000


@dataclass(frozen=True)
class Expansion:
    """One part of $expand: the property, its own $filter and $select."""

    name: str
    filter: str = ""
    select: tuple[str, ...] = ()


@dataclass(frozen=True)
class Query:
    """The options of a request; ``others`` are parameters without a dollar sign."""

    select: tuple[str, ...] = ()
    expand: tuple[Expansion, ...] = ()
    filter: str = ""
    orderby: tuple[tuple[str, bool], ...] = ()
    top: int | None = None
    skip: int = 0
    count: bool = False
    search: str = ""
    skiptoken: str = ""
    deltatoken: str = ""
    others: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, text: str) -> Query:
        """The options of a query. GraphError for what is malformed or unknown."""
        options: dict[str, str] = {}
        others: dict[str, str] = {}
        for name, value in parse_qsl(text, keep_blank_values=True):
            if name.startswith("$"):
                if name.lower() not in _KNOWN:
                    raise bad_query(f"The query parameter '{name}' is not supported.")
                options[name.lower()] = value
            else:
                others[name] = value
        return cls(
            _names(options.get("$select", "")),
            tuple(_expansion(part) for part in _split(options.get("$expand", ""), ",")),
            options.get("$filter", ""),
            tuple(_order(part) for part in _names(options.get("$orderby", ""))),
            _number(options, "$top", 1) if "$top" in options else None,
            _number(options, "$skip", 0) if "$skip" in options else 0,
            options.get("$count", "").lower() == "true",
            options.get("$search", ""),
            options.get("$skiptoken", ""),
            options.get("$deltatoken", ""),
            others,
        )

    @property
    def has_options(self) -> bool:
        """Whether the result is to be shaped in any way, $select aside."""
        return bool(self.expand or self.filter or self.orderby or self.search)

    def expansion(self, name: str) -> Expansion | None:
        """The part of $expand for a property."""
        return next((one for one in self.expand if one.name.lower() == name.lower()), None)


def _names(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _number(options: dict[str, str], name: str, low: int) -> int:
    text = options[name]
    if not text.isdecimal() or not low <= int(text) <= (_MOST if name == "$top" else 10**9):
        raise bad_query(f"Invalid value '{text}' for {name} query option found.")
    return int(text)


def _order(text: str) -> tuple[str, bool]:
    name, _, way = text.partition(" ")
    if way.strip().lower() not in ("", "asc", "desc"):
        raise bad_query(f"Syntax error in $orderby: '{text}'.")
    return name, way.strip().lower() == "desc"


def _split(text: str, mark: str) -> list[str]:
    """The parts of a text, those in brackets and quotes left whole."""
    made, depth, quoted, part = [], 0, False, ""
    for sign in text:
        quoted ^= sign == "'"
        depth += (sign == "(") - (sign == ")") if not quoted else 0
        if sign == mark and not depth and not quoted:
            made.append(part)
            part = ""
        else:
            part += sign
    return [one.strip() for one in [*made, part] if one.strip()]


def _expansion(text: str) -> Expansion:
    found = re.fullmatch(r"(\w+)(?:\((.*)\))?", text, re.S)
    if not found:
        raise bad_query(f"Parsing OData Select and Expand failed: '{text}'.")
    name, inner = found.groups()
    held = dict(part.split("=", 1) for part in _split(inner or "", ";") if "=" in part)
    held = {key.strip().lower(): value.strip() for key, value in held.items()}
    return Expansion(name, held.get("$filter", ""), _names(held.get("$select", "")))


def select(made: Json, names: Iterable[str]) -> Json:
    """What of an object was asked for; all of it when nothing was. ``id`` and what describes the
    object always come along."""
    wanted = {name.lower() for name in names}
    if not wanted or "*" in wanted:
        return made
    return {
        key: value
        for key, value in made.items()
        if key.lower() in wanted or key == "id" or key.startswith("@")
    }


def arrange(
    found: list[Json], query: Query, extended: Callable[[Json, str], Json] | None = None
) -> list[Json]:
    """What $filter and $orderby leave of a list. GraphError. ``extended`` gives the value of an
    extended property of an object."""
    if query.filter:
        test = filters.read(query.filter, extended)
        found = [one for one in found if test(one)]
    for name, down in reversed(query.orderby):
        path = tuple(name.split("/"))
        found = sorted(found, key=lambda one: filters.sort_key(one, path), reverse=down)
    return found


def following(url: str, **options: str) -> str:
    """An address with further options."""
    return url + "?" + "&".join(f"{key}={quote(value, safe='')}" for key, value in options.items())
