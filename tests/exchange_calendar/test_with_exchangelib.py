"""An independent client on the other side: exchangelib writes and reads, our connector agrees."""

from typing import Any

import pytest
from exchangelib import CalendarItem, EWSDateTime
from exchangelib.items import SEND_TO_NONE
from exchangelib.recurrence import Recurrence, WeeklyPattern

from andock_exchange_calendar.connector import ExchangeConnector
from andock_sandbox import Mailbox
from andock_sandbox.server import SandboxServer
from andock_sdk import Body, Override, Patch, RemoteItem
from tests.exchange_calendar.surroundings import PASSWORD, appointment, days, held_in, slot
from tests.sandbox.exchange_client import BERLIN, date, open_account, trusted

__all__ = ["trusted"]


@pytest.fixture
def account(trusted: SandboxServer) -> Any:
    """Anna's account, as exchangelib has it."""
    return open_account(trusted, password=PASSWORD)


def read(connector: ExchangeConnector, ref: str) -> RemoteItem:
    """The one item."""
    (result,) = connector.read("", [ref])
    assert isinstance(result, RemoteItem)
    return result


def test_reads_what_exchangelib_wrote(
    connector: ExchangeConnector, anna: Mailbox, account: Any
) -> None:
    """A series with an exception and a cancellation, over the end of summer time."""
    series = CalendarItem(
        account=account,
        folder=account.calendar,
        subject="Jour fixe",
        start=_berlin(2026, 10, 20, 9),
        end=_berlin(2026, 10, 20, 10),
        recurrence=Recurrence(
            pattern=WeeklyPattern(interval=1, weekdays=["Tuesday"]),
            start=date(2026, 10, 20),
            number=4,
        ),
    ).save(send_meeting_invitations=SEND_TO_NONE)
    second = series.occurrence(index=2)
    second.refresh()
    second.location = "Raum 2"
    second.save(update_fields=["location"], send_meeting_invitations=SEND_TO_NONE)
    series.occurrence(index=3).delete(send_meeting_cancellations=SEND_TO_NONE)
    item = held_in(read(connector, series.id))
    assert item.when == slot("2026-10-20T09:00:00", "2026-10-20T10:00:00")
    assert item.recurrence == "FREQ=WEEKLY;BYDAY=TU;COUNT=4"
    assert item.overrides == {"2026-10-27T09:00:00": Override(location="Raum 2")}
    assert item.cancellations == ("2026-11-03T09:00:00",)


def test_exchangelib_reads_what_we_wrote(
    connector: ExchangeConnector, anna: Mailbox, account: Any
) -> None:
    """Created, then changed: the independent client sees both."""
    made = connector.create(
        anna.calendar,
        appointment(subject="Von Andock", body=Body(content="Notiz"), busy="away"),
        "op",
    )
    seen = account.calendar.get(id=made.ref)
    assert (seen.subject, seen.start, seen.legacy_free_busy_status) == (
        "Von Andock",
        _berlin(2026, 11, 24, 9),
        "OOF",
    )
    all_day = held_in(made).model_copy(update={"when": days("2026-11-24", "2026-11-26")})
    patch = Patch(item=all_day, before=held_in(made), fields=frozenset({"when"}))
    connector.update(anna.calendar, made.ref, patch, made.version)
    seen = account.calendar.get(id=made.ref)
    assert (seen.is_all_day, seen.start, seen.end) == (True, date(2026, 11, 24), date(2026, 11, 25))


def _berlin(year: int, month: int, day: int, hour: int) -> Any:
    return EWSDateTime(year, month, day, hour, tzinfo=BERLIN)
