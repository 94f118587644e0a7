"""Bodies of requests, held against what the type has: names, types, enumerations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from ..model import Json
from .errors import GraphError, bad_property

# The type of a property: a word of ``_TYPES``, an enumeration's members, or "-" for what only the
# server sets (ignored when it is sent, as Graph does).
Table: TypeAlias = Mapping[str, str | tuple[str, ...]]

_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "bool": (bool,),
    "int": (int,),
    "strings": (list,),
    "objects": (list,),
    "object": (dict,),
}
_WORDS = {"true": True, "false": False}


def checked(body: Mapping[str, Json], table: Table, kind: str) -> dict[str, Json]:
    """The writable properties of a body. GraphError for what the type does not have, and for
    values of another type. Enumerations are given as the metadata spells them."""
    made: dict[str, Json] = {}
    known = {name.lower(): name for name in table}
    for name, value in body.items():
        if name.startswith("@") or "@odata." in name:
            continue
        found = known.get(name.lower())
        if found is None:
            raise GraphError(
                400,
                "RequestBodyRead",
                f"The property '{name}' does not exist on type 'microsoft.graph.{kind}'. Make sure"
                " to only use property names that are defined by the type.",
            )
        wanted = table[found]
        if wanted != "-":
            made[found] = _value(found, value, wanted)
    return made


def _value(name: str, value: Json, wanted: str | tuple[str, ...]) -> Json:
    if value is None:
        return None
    if isinstance(wanted, tuple):
        return choice(name, value, wanted)
    if wanted == "bool" and str(value).lower() in _WORDS:
        return _WORDS[str(value).lower()]  # Graph reads these words too; O365 sends them
    held = isinstance(value, _TYPES[wanted]) and (wanted == "bool" or not isinstance(value, bool))
    if not held:
        raise bad_property(
            name, f"Cannot convert the value of '{name}' to the expected type '{wanted}'."
        )
    inner = {"strings": str, "objects": dict}.get(wanted)
    if inner is not None and not all(isinstance(entry, inner) for entry in value):
        raise bad_property(name)
    return value


def choice(name: str, value: Json, members: tuple[str, ...]) -> str:
    """A member of an enumeration. GraphError."""
    found = {member.lower(): member for member in members}
    if not isinstance(value, str) or value.lower() not in found:
        raise bad_property(name, f"Requested value '{value}' was not found.")
    return found[value.lower()]


def need(body: Mapping[str, Json], name: str, kind: str) -> Json:
    """A property that must be there. GraphError."""
    if body.get(name) in (None, ""):
        raise GraphError(
            400,
            "ErrorInvalidRequest",
            f"The property '{name}' is required when creating the {kind}.",
        )
    return body[name]
