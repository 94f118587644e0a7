"""The exceptions of a series: bringing the changed and cancelled occurrences that Exchange holds
to those that are wanted. Each occurrence is written on its own, with its own change key."""

from collections.abc import Callable
from contextlib import suppress

from andock_exchange_calendar import invitations, operations, writing
from andock_exchange_calendar.client import Client
from andock_exchange_calendar.soap import fields
from andock_sdk import Appointment, errors
from andock_sdk.series import Plan, index, place


def apply(
    client: Client,
    master: str,
    wanted: Appointment,
    todo: Plan,
    day_zone: str,
    written: Callable[[], None],
    *,
    tell: bool,
) -> None:
    """Write the exceptions; `written` is called after each. Raises Unrepresentable before the first
    is sent, Conflict when an occurrence changes under our hands. `tell`: attendees are to be
    told."""
    old = client.is_old
    changes = [
        (
            index(wanted, original),
            invitations.of_occurrence(wanted, before, after, wanted=tell),
            writing.occurrence_values(
                wanted, original, before, after, day_zone=day_zone, old_server=old
            ),
        )
        for original, (before, after) in todo.changes.items()
    ]
    deleted = [place(wanted, original) for original in todo.deletes]
    for number, send, values in changes:
        if values:
            _update(client, master, number, values, send)
            written()
    cancel = invitations.of_new(wanted, wanted=tell)
    for which in deleted:
        if which is None:
            continue
        with suppress(errors.Gone):  # cancelled already
            client.one(operations.delete_item(operations.occurrence_id(master, which), cancel))
        written()


def _update(
    client: Client, master: str, number: int, values: writing.Values, send: operations.Send
) -> None:
    try:
        message = client.one(operations.get_occurrence(master, number))
        identity = fields(fields(message)["Items"][0])["ItemId"]
        ref, version = identity.get("Id", ""), identity.get("ChangeKey", "")
        client.one(operations.update_item(ref, version, writing.updates(values), send))
    except errors.Gone as gone:  # the occurrence, not the series
        raise errors.Conflict(detail="occurrence cancelled meanwhile") from gone
