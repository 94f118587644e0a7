"""The exceptions of a series: bringing the changed and cancelled occurrences that Graph holds to
those that are wanted. Each occurrence is written on its own, with its own ETag."""

from contextlib import suppress
from datetime import datetime, timedelta

from andock_office365_calendar import slots, writing
from andock_office365_calendar.client import Client, Json
from andock_office365_calendar.reading import path_of, version
from andock_sdk import Appointment, errors
from andock_sdk.series import Plan, index


def apply(client: Client, held: Json, wanted: Appointment, todo: Plan) -> None:
    """Write the exceptions of the series whose master is `held`. Raises Unrepresentable before
    the first is sent, Conflict when an occurrence changes under our hands."""
    written = {
        original: writing.occurrence(wanted, original, before, after)
        for original, (before, after) in todo.changes.items()
        if index(wanted, original)
    }
    for original, properties in written.items():
        if properties:
            _update(client, held, wanted, original, properties)
    for original in todo.deletes:
        found = _occurrence(client, held, wanted, original)
        if found is not None:
            with suppress(errors.Gone):  # cancelled already
                client.delete(path_of(found["id"]), version(found))


def _update(
    client: Client, held: Json, wanted: Appointment, original: str, properties: Json
) -> None:
    found = _occurrence(client, held, wanted, original)
    if found is None:
        raise errors.Conflict(detail="occurrence cancelled meanwhile")
    try:
        client.patch(path_of(found["id"]), properties, version(found))
    except errors.Gone as gone:  # the occurrence, not the series
        raise errors.Conflict(detail="occurrence cancelled meanwhile") from gone


def _occurrence(client: Client, held: Json, wanted: Appointment, original: str) -> Json | None:
    """The occurrence with that original start: one that is changed already may lie anywhere, the
    others lie where the series puts them."""
    for exception in held.get("exceptionOccurrences") or ():
        if slots.original_start(wanted.when, exception["originalStart"]) == original:
            return client.get(f"{path_of(exception['id'])}?$select=id")
    day = datetime.fromisoformat(original).date()
    low, high = (day + timedelta(days=days) for days in (-1, 2))
    answer = client.get(
        f"{path_of(held['id'])}/instances?startDateTime={low}T00:00:00Z"
        f"&endDateTime={high}T00:00:00Z&$select=id,originalStart,start,isAllDay&$top=50"
    )
    for instance in answer.get("value") or ():
        start = instance.get("originalStart") or instance["start"]["dateTime"]
        if slots.original_start(wanted.when, start) == original:
            return dict(instance)
    return None
