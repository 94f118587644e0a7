"""Holds every answer of the sandbox's Graph against Microsoft's metadata, when it is at hand.

The environment variable ANDOCK_GRAPH_SCHEMA names the metadata file (CSDL). Checked are the names
of all properties, their types, the members of enumerations, and what must not be null.
"""

import os
import re
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree

from andock_sandbox.cloud import Request
from andock_sandbox.graph.context import Answer

VARIABLE = "ANDOCK_GRAPH_SCHEMA"
_NS = {"e": "http://docs.oasis-open.org/odata/ns/edm"}
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# Of these anything may be said.
_OPEN = ("extension", "openTypeExtension", "resourceData")


@dataclass(frozen=True)
class Property:
    """A property's type, whether there are many, and whether it may be null."""

    type: str
    many: bool
    nullable: bool


class Metadata:
    """The types of a metadata file."""

    def __init__(self, path: Path) -> None:
        root = etree.parse(str(path)).getroot()
        self._enums = {
            str(found.get("Name")): {str(one.get("Name")) for one in found.findall("e:Member", _NS)}
            for found in root.iterfind(".//e:EnumType", _NS)
        }
        self._types: dict[str, tuple[str, dict[str, Property]]] = {}
        for kind in ("EntityType", "ComplexType"):
            for found in root.iterfind(f".//e:{kind}", _NS):
                base = str(found.get("BaseType") or "").removeprefix("graph.")
                self._types[str(found.get("Name"))] = (
                    base,
                    {
                        str(one.get("Name")): _property(one)
                        for tag in ("Property", "NavigationProperty")
                        for one in found.findall(f"e:{tag}", _NS)
                    },
                )

    def properties(self, name: str) -> dict[str, Property]:
        """All properties of a type, inherited ones too."""
        base, own = self._types[name]
        return {**(self.properties(base) if base else {}), **own}

    def complaints(self, name: str, value: Any, path: str) -> list[str]:
        """What is wrong with an object of a type."""
        if not isinstance(value, dict):
            return [f"{path}: no object"]
        if "@removed" in value:
            return [] if isinstance(value.get("id"), str) else [f"{path}: removed without id"]
        known, made = self.properties(name), list[str]()
        for key, held in value.items():
            if key.startswith("@"):
                continue
            found = known.get(key)
            if found is None:
                made.append(f"{path}/{key}: not in {name}")
            elif held is None:
                made += [] if found.nullable else [f"{path}/{key}: null"]
            elif found.many:
                lines = held if isinstance(held, list) else [None]
                for place, one in enumerate(lines):
                    made += self._wrong(found.type, one, f"{path}/{key}[{place}]")
            else:
                made += self._wrong(found.type, held, f"{path}/{key}")
        return made

    def _wrong(self, kind: str, value: Any, path: str) -> list[str]:
        if kind.startswith("Edm."):
            return [] if _is_edm(kind[4:], value) else [f"{path}: {value!r} is no {kind}"]
        name = kind.removeprefix("graph.")
        if name in self._enums:
            fits = value in self._enums[name]
            return [] if fits else [f"{path}: {value!r} is no member of {name}"]
        if name in _OPEN:
            return []
        if name not in self._types:
            return [f"{path}: the type {name} is not at hand"]
        return self.complaints(name, value, path)


def _property(element: etree._Element) -> Property:
    kind = str(element.get("Type"))
    many = kind.startswith("Collection(")
    bare = kind.removeprefix("Collection(").removesuffix(")")
    return Property(bare, many, element.get("Nullable") != "false")


def _is_edm(kind: str, value: Any) -> bool:
    if kind in ("Int32", "Double"):
        return isinstance(value, int | float) and not isinstance(value, bool)
    if kind == "Boolean":
        return isinstance(value, bool)
    if not isinstance(value, str):
        return False
    readers: dict[str, Any] = {
        "DateTimeOffset": lambda: datetime.fromisoformat(value).tzinfo is not None,
        "Date": lambda: date.fromisoformat(value) is not None,
        "TimeOfDay": lambda: time.fromisoformat(value[:15]) is not None,
        "Guid": lambda: _GUID.fullmatch(value) is not None,
    }
    try:
        return bool(readers.get(kind, lambda: True)())
    except ValueError:
        return False


@cache
def metadata() -> Metadata | None:
    """Microsoft's metadata; None when the variable is not set."""
    path = os.environ.get(VARIABLE)
    return Metadata(Path(path)) if path else None


@dataclass
class GraphTally:
    """What was checked in this process, and what was wrong with it."""

    seen: int = 0
    checked: int = 0
    complaints: list[str] = field(default_factory=list)

    def check(self, request: Request, answer: Answer) -> None:
        """Each answer of a known type must be of that type."""
        self.seen += 1
        if answer.kind and answer.content is not None:
            lines = answer.content["value"] if answer.many else [answer.content]
            self.check_lines(answer.kind, lines, f"{request.method} {request.path}")

    def check_lines(self, kind: str, lines: list[Any], where: str) -> None:
        """Objects of a type."""
        found = metadata()
        if found is None:
            return
        self.checked += 1
        for one in lines:
            self.complaints += [f"{where} {text}" for text in found.complaints(kind, one, kind)]

    def numbers(self) -> list[Any]:
        """What was counted, to be handed to another process."""
        return [self.seen, self.checked, self.complaints]

    def add(self, numbers: list[Any] | None) -> None:
        """Count in what another process has counted."""
        if numbers:
            self.seen += numbers[0]
            self.checked += numbers[1]
            self.complaints += numbers[2]

    def report(self) -> str:
        """One line for the end of the run."""
        if metadata() is None:
            return f"Graph answers NOT checked against the official metadata: {VARIABLE} is not set"
        return (
            f"Graph answers checked against the official metadata: {self.checked} of {self.seen};"
            f" {len(self.complaints)} in disagreement"
        )


GRAPH_TALLY = GraphTally()
