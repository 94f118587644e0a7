"""Calendars: list, read, create, rename, delete."""

from __future__ import annotations

from ..errors import EwsError
from ..model import Folder, Json
from . import bodies, odata, paging
from .context import Answer, Call
from .errors import GraphError, of_store
from .events import calendar_of

COLORS = (
    "auto lightBlue lightGreen lightOrange lightGray lightYellow lightTeal lightPink lightBrown"
    " lightRed maxColor"
)
_READ_ONLY = (
    "id changeKey canEdit canShare canViewPrivateItems hexColor isDefaultCalendar isRemovable"
    " isTallyingResponses owner allowedOnlineMeetingProviders defaultOnlineMeetingProvider"
)
_TABLE: bodies.Table = {
    **dict.fromkeys(_READ_ONLY.split(), "-"),
    "name": "string",
    "color": tuple(COLORS.split()),
}


def write(call: Call, folder: Folder) -> Json:
    """A calendar's properties."""
    default = folder.distinguished == "calendar"
    return odata.select(
        {
            "id": call.ids.folder(folder.num),
            "name": folder.name,
            "color": (folder.extended.get("graph/color") or {"value": "auto"})["value"],
            "hexColor": "",
            "isDefaultCalendar": default,
            "changeKey": call.change_key(folder.history[-1]),
            "canShare": True,
            "canViewPrivateItems": True,
            "canEdit": True,
            "allowedOnlineMeetingProviders": ["teamsForBusiness"],
            "defaultOnlineMeetingProvider": "teamsForBusiness",
            "isTallyingResponses": default,
            "isRemovable": not default,
            "owner": {"name": call.state.account.name, "address": call.state.account.email},
        },
        call.query.select,
    )


def list_all(call: Call) -> Answer:
    """All calendars, the default one first."""
    found = [
        folder
        for folder in call.state.folders.values()
        if folder.kind == "CalendarFolder" and not folder.gone
    ]
    if call.query.filter or call.query.orderby:
        kept = odata.arrange([write(call, one) for one in found], call.query)
        by_id = {call.ids.folder(one.num): one for one in found}
        found = [by_id[made["id"]] for made in kept]
    return paging.page(call, found, lambda one: write(call, one), "calendars", "calendar")


def get(call: Call) -> Answer:
    """One calendar."""
    return _one(call, calendar_of(call))


def _one(call: Call, folder: Folder, status: int = 200) -> Answer:
    content = {"@odata.context": call.context("calendars", one=True), **write(call, folder)}
    return Answer(status, content, kind="calendar")


def create(call: Call) -> Answer:
    """A new calendar. GraphError 409 for a name that there is."""
    given = bodies.checked(call.body, _TABLE, "calendar")
    name = str(bodies.need(given, "name", "calendar"))
    parent = call.state.distinguished("calendar").num
    try:
        folder = call.state.new_folder(parent, "CalendarFolder", name)
    except EwsError as error:
        raise of_store(error) from error
    _color(folder, given)
    return _one(call, folder, 201)


def update(call: Call) -> Answer:
    """Rename a calendar, give it another colour."""
    folder = calendar_of(call)
    given = bodies.checked(call.body, _TABLE, "calendar")
    if given.get("name"):
        if folder.distinguished:
            raise GraphError(400, "ErrorInvalidRequest", "The default calendar keeps its name.")
        folder.name = given["name"]
    _color(folder, given)
    call.state.change_folder(folder)
    return _one(call, folder)


def _color(folder: Folder, given: dict[str, Json]) -> None:
    if given.get("color"):
        folder.extended["graph/color"] = {"uri": {}, "value": given["color"]}


def delete(call: Call) -> Answer:
    """Delete a calendar with all that is in it."""
    folder = calendar_of(call)
    if folder.distinguished:
        raise GraphError(
            400, "ErrorDeleteDistinguishedFolder", "Distinguished folders cannot be deleted."
        )
    call.state.remove_folder(folder)
    return Answer(204)
