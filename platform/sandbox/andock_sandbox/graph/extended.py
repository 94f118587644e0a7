"""singleValueExtendedProperties and open extensions.

An extended property is the same as EWS's (``String {guid} Name Own`` and an ExtendedFieldURI name
one thing); an extension is Graph's alone and lies beside the item's extended properties.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .. import extended as store, mapi
from ..model import Item, Json, Props
from ..state import MailboxState
from ..views import View
from . import filters
from .errors import GraphError, bad_property
from .odata import Expansion

if TYPE_CHECKING:
    from .context import Call

EXTENSIONS = "graph/extensions"
_TYPES = (
    "Boolean Binary CLSID Double Float Integer Long Short String SystemTime ApplicationTime"
    " Currency"
)
_KINDS = {name.lower(): name for name in _TYPES.split()}
_NAMED = re.compile(r"(\w+)\s+\{?([0-9A-Fa-f-]{36})\}?\s+(Name|Id)\s+(.+)", re.I)
_TAGGED = re.compile(r"(\w+)\s+(0x[0-9A-Fa-f]+)")


def key_of(text: str) -> tuple[str, Props]:
    """(key, ExtendedFieldURI's attributes) of a property's id. GraphError."""
    named, tagged = _NAMED.fullmatch(text.strip()), _TAGGED.fullmatch(text.strip())
    found = named or tagged
    kind = _KINDS.get(found.group(1).lower()) if found else None
    if found is None or kind is None:
        raise GraphError(
            400, "ErrorInvalidProperty", f"The extended property id '{text}' is malformed."
        )
    if named is None:
        tag = int(found.group(2), 16)
        return f"tag/{tag:#x}/{kind}", {"PropertyTag": f"{tag:#x}", "PropertyType": kind}
    space, way, name = named.group(2).lower(), named.group(3).lower(), named.group(4)
    uri = {"PropertySetId": space, "PropertyType": kind}
    if way == "name":
        return f"{space}/{name}/{kind}", {**uri, "PropertyName": name}
    try:
        number = int(name, 0)
    except ValueError as error:
        raise GraphError(400, "ErrorInvalidProperty", f"'{name}' is no number.") from error
    return f"{space}/{number}/{kind}", {**uri, "PropertyId": str(number)}


def read(value: Json) -> dict[str, Json]:
    """The extended properties of a body, as items keep them. GraphError."""
    made: dict[str, Json] = {}
    for entry in value or []:
        if not isinstance(entry, dict) or not isinstance(entry.get("id"), str):
            raise bad_property("singleValueExtendedProperties")
        key, uri = key_of(entry["id"])
        held = entry.get("value")
        if not isinstance(held, str | None):
            raise bad_property("singleValueExtendedProperties")
        if held is not None:
            store.check(uri["PropertyType"], held)
        made[key] = {"uri": uri, "value": held}
    return made


def value_of(state: MailboxState, view: View, text: str) -> str | None:
    """The value of a property by its id; None when there is none. GraphError."""
    found = mapi.value(state, view, key_of(text)[0])
    return None if found is None else str(mapi.text_of(found))


def wanted_ids(expansion: Expansion) -> list[str]:
    """The ids that a $filter inside $expand asks for. GraphError."""
    found = re.findall(r"id\s+eq\s+'((?:[^']|'')*)'", expansion.filter)
    if not found:
        raise GraphError(
            400,
            "ErrorInvalidUrlQueryFilter",
            "The 'Expand' of extended properties needs a filter on their ids.",
        )
    return [text.replace("''", "'") for text in found]


def expand(call: Call, view: View, made: Json) -> None:
    """Add what $expand asks for: extended properties, extensions."""
    single = call.query.expansion("singleValueExtendedProperties")
    if single is not None:
        values = [(known, value_of(call.state, view, known)) for known in wanted_ids(single)]
        held = [{"id": known, "value": text} for known, text in values if text is not None]
        if held:
            made["singleValueExtendedProperties"] = held
    inner = call.query.expansion("extensions")
    if inner is not None:
        held = extensions(view.extended)
        if inner.filter:
            test = filters.read(inner.filter)
            held = [one for one in held if test(one)]
        made["extensions"] = held


def extensions(extended: dict[str, Json]) -> list[Json]:
    """The extensions of an item."""
    stored = extended.get(EXTENSIONS, {"value": {}})["value"]
    return [_extension(name, stored[name]) for name in sorted(stored)]


def extension(extended: dict[str, Json], name: str) -> Json:
    """The extension of a name. GraphError."""
    stored = extended.get(EXTENSIONS, {"value": {}})["value"]
    short = name.removeprefix("Microsoft.OutlookServices.OpenTypeExtension.")
    if short not in stored:
        raise GraphError(404, "ErrorItemNotFound", "Extension not found.")
    return _extension(short, stored[short])


def _extension(name: str, held: Json) -> Json:
    return {
        "@odata.type": "#microsoft.graph.openTypeExtension",
        "id": f"Microsoft.OutlookServices.OpenTypeExtension.{name}",
        "extensionName": name,
        **held,
    }


def read_extension(body: Json, name: str = "") -> tuple[str, Json]:
    """(name, content) of an extension's body. GraphError."""
    known = name or body.get("extensionName")
    if not isinstance(known, str) or not known:
        raise GraphError(400, "ErrorInvalidRequest", "extensionName is required.")
    short = known.removeprefix("Microsoft.OutlookServices.OpenTypeExtension.")
    fixed = ("id", "extensionName")
    return short, {
        key: value for key, value in body.items() if key not in fixed and not key.startswith("@")
    }


def with_extension(item: Item, name: str, content: Json, original: str | None = None) -> None:
    """Put an extension on an item (or on its occurrence), or take it away (content None)."""
    home = item.extended
    if original is not None:
        changed = item.exceptions.setdefault(original, {"props": {}, "extended": {}})
        home = changed.setdefault("extended", {})
    stored = dict(home.get(EXTENSIONS, {"value": {}})["value"])
    stored.pop(name, None)
    if content is not None:
        stored[name] = content
    home[EXTENSIONS] = {"uri": {}, "value": stored}
