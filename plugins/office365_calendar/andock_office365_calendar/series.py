"""The exceptions of a series: bringing the changed and cancelled occurrences that Graph holds to
those that are wanted. Each occurrence is written on its own, with its own ETag."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from andock_office365_calendar import reading, slots, writing
from andock_office365_calendar.client import Client, Json
from andock_office365_calendar.reading import path_of, version
from andock_sdk import Appointment, RemoteItem, errors
from andock_sdk.series import Plan, check_alone, index, plan

Written = Callable[[], None]
"""To be called when something has been written."""


def renew(client: Client, ref: str, wanted: Appointment, held: Json, written: Written) -> Json:
    """Take the pattern away and write it again, which lets go of all exceptions: a cancelled
    occurrence comes back only so. Two conditional writes; the series as it then stands."""
    for recurrence in (None, writing.pattern(wanted)):
        made = client.patch(path_of(ref), {"recurrence": recurrence}, version(held))
        written()
        held = reading.answered(client, ref, version(made))
    return held


def bring(
    client: Client, ref: str, wanted: Appointment, held: Json, written: Written
) -> RemoteItem:
    """Bring the exceptions of the series whose master is `held` to those that are wanted; the
    series as it then stands. Raises Unrepresentable before the first is sent, Conflict when an
    occurrence changes under our hands, Transient when somebody else was there as well."""
    before = reading.remote_item(ref, held)
    todo = plan(_series(before), wanted)
    if todo.empty:
        return before
    _apply(client, held, wanted, todo, written)
    after = reading.read_one(client, ref)
    check_alone(_series(before), wanted, todo, _series(after))
    return after


def _series(held: RemoteItem) -> Appointment:
    assert isinstance(held.item, Appointment)  # noqa: S101 - events are read as nothing else
    return held.item


def _apply(client: Client, held: Json, wanted: Appointment, todo: Plan, written: Written) -> None:
    """Write the exceptions, one after the other."""
    changes = {
        original: writing.occurrence(wanted, original, before, after)
        for original, (before, after) in todo.changes.items()
        if index(wanted, original)
    }
    for original, properties in changes.items():
        if properties:
            _update(client, held, wanted, original, properties)
            written()
    for original in todo.deletes:
        found = _occurrence(client, held, wanted, original)
        if found is not None:
            with suppress(errors.Gone):  # cancelled already
                client.delete(path_of(found["id"]), version(found))
            written()


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
