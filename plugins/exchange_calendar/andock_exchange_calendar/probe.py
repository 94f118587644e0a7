"""The doctor's probe: an entry that is written and deleted again, and says what it is."""

from datetime import timedelta
from uuid import uuid4

from andock_exchange_calendar.client import Client
from andock_exchange_calendar.connector import ExchangeConnector
from andock_exchange_calendar.soap import m, t
from andock_sdk import Appointment, Context, Slot, errors

NAME = "Andock: Test der Verbindung / connection test"


def create(context: Context, client: Client, calendar: str) -> str:
    """Write the probe; its id. An answer that was lost leaves an entry that its operation id
    finds, and a run that comes by knows it by that id for Andock's own."""
    connector, operation = ExchangeConnector(context, client), uuid4().hex
    try:
        return connector.create(calendar, _entry(context), operation).ref
    except errors.Transient:
        made = connector.find_operation(calendar, operation)
        if made is None:
            raise
        return made.ref


def destroy(client: Client, ref: str) -> None:
    """Delete the probe for good: nobody has to find it among the deleted items."""
    client.one(
        m(
            "DeleteItem",
            m("ItemIds", t("ItemId", Id=ref)),
            DeleteType="HardDelete",
            SendMeetingCancellations="SendToNone",
        )
    )


def _entry(context: Context) -> Appointment:
    """Tomorrow at the same time, five minutes, taking none of the member's."""
    start = (context.now() + timedelta(days=1)).replace(second=0, microsecond=0, tzinfo=None)
    slot = Slot(
        start=start.isoformat(),
        end=(start + timedelta(minutes=5)).isoformat(),
        start_zone="UTC",
        end_zone="UTC",
    )
    return Appointment(when=slot, subject=NAME, busy="free")
