"""Lists in pages: nextLink by $skip, as Graph does it for what lies in a mailbox."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, timedelta
from typing import TypeVar
from urllib.parse import parse_qsl, quote

from .. import times
from ..model import Json
from ..views import View
from . import clock, event_reading, extended, odata
from .context import Answer, Call
from .errors import GraphError

_DEFAULT = 10
_LONGEST = timedelta(days=1825)
_Thing = TypeVar("_Thing")


def window(call: Call) -> tuple[str, str]:
    """The instants of startDateTime and endDateTime; without an offset they are UTC. GraphError."""
    low = clock.moment(call.need("startDateTime").replace(" ", "+"), UTC, "startDateTime")
    high = clock.moment(call.need("endDateTime").replace(" ", "+"), UTC, "endDateTime")
    if high < low:
        raise GraphError(
            400, "ErrorInvalidParameter", "The end of the window lies before its start."
        )
    if times.instant(high) - times.instant(low) > _LONGEST:
        raise GraphError(
            400,
            "ErrorCalendarViewRangeTooBig",
            "The requested time range between the start and end dates is too big. The max allowed"
            " time range is 1825 days.",
        )
    return low, high


def views(call: Call, found: list[View], path: str) -> Answer:
    """A page of calendar entries."""

    def look(made: Json, known: str) -> Json:
        return extended.value_of(call.state, by_id[made["id"]], known)

    if not (call.query.filter or call.query.orderby):
        return page(call, found, lambda one: event_reading.event(call, one), path, "event")
    # $filter may speak of what $select leaves out.
    by_id = {call.ids.item(one.item, one.original): one for one in found}
    whole = odata.arrange([event_reading.full(call, one) for one in found], call.query, look)
    kept = [by_id[made["id"]] for made in whole]
    return page(call, kept, lambda one: event_reading.event(call, one), path, "event")


def page(
    call: Call,
    found: list[_Thing],
    write: Callable[[_Thing], Json],
    path: str,
    kind: str,
    default: int = _DEFAULT,
) -> Answer:
    """The page of a list that $top and $skip ask for, with a link to the next one."""
    size, begin = call.page_size(default), call.query.skip
    content: Json = {"@odata.context": call.context(path)}
    if call.query.count:
        content["@odata.count"] = len(found)
    content["value"] = [write(one) for one in found[begin : begin + size]]
    if begin + size < len(found):
        content["@odata.nextLink"] = _next_link(call, begin + size)
    return Answer(200, content, kind=kind, many=True)


def _next_link(call: Call, skip: int) -> str:
    options = [
        (name, value)
        for name, value in parse_qsl(call.request.query, keep_blank_values=True)
        if name.lower() != "$skip"
    ]
    options.append(("$skip", str(skip)))
    text = "&".join(f"{quote(name, safe='$')}={quote(value, safe='')}" for name, value in options)
    return f"{call.request.base}{call.request.path}?{text}"
