"""Mail to attendees: none, unless the member switched invitations on. Seen in the outbox."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from andock_exchange_calendar.connector import ExchangeConnector
from andock_sandbox import Mailbox, Sandbox
from andock_sandbox.server import SandboxServer
from andock_sdk import Appointment, Attendee, Override, Person, RemoteItem
from tests.exchange_calendar.surroundings import (
    Surroundings,
    appointment,
    connector_for,
    held_in,
    slot,
)
from tests.exchange_calendar.test_writing import patch

BEA, CEM = (
    Attendee(person=Person(name=name, email=f"{name.lower()}@musterfirma.test"))
    for name in ("Bea", "Cem")
)
LATER = slot("2026-11-24T11:00:00", "2026-11-24T12:00:00")


@pytest.fixture
def telling(context: Surroundings, server: SandboxServer) -> Iterator[ExchangeConnector]:
    """A connector of a member who switched invitations on."""
    made = connector_for(replace(context, invitations=True), server)
    yield made
    made.close()


def meeting(connector: ExchangeConnector, anna: Mailbox, **fields: object) -> RemoteItem:
    """A meeting of Anna's with Bea."""
    item = appointment(**{"attendees": (BEA,), "subject": "Runde", **fields})
    return connector.create(anna.calendar, item, "op")


def mails(box: Sandbox) -> list[tuple[str, tuple[str, ...]]]:
    """What would have been sent since the last look."""
    found = [(mail.kind, mail.to) for mail in box.outbox]
    box.outbox.clear()
    return found


def changed(connector: ExchangeConnector, made: RemoteItem, **fields: object) -> Appointment:
    """The meeting after an update of these fields."""
    before = held_in(made)
    return held_in(connector.update("", made.ref, patch(before, **fields), made.version))


def test_without_the_switch_nobody_is_told(
    connector: ExchangeConnector, anna: Mailbox, box: Sandbox
) -> None:
    """Created, changed, deleted, in silence."""
    made = meeting(connector, anna)
    after = connector.update(
        anna.calendar, made.ref, patch(held_in(made), when=LATER, attendees=(CEM,)), made.version
    )
    connector.delete(anna.calendar, made.ref, after.version)
    assert mails(box) == []


def test_with_the_switch_attendees_are_told(
    telling: ExchangeConnector, anna: Mailbox, box: Sandbox
) -> None:
    """Of the meeting, of its new time, and of its end."""
    made = meeting(telling, anna)
    assert mails(box) == [("MeetingRequest", (BEA.person.email,))]
    after = telling.update(anna.calendar, made.ref, patch(held_in(made), when=LATER), made.version)
    assert mails(box) == [("MeetingUpdate", (BEA.person.email,))]
    telling.delete(anna.calendar, made.ref, after.version)
    assert mails(box) == [("MeetingCancellation", (BEA.person.email,))]


def test_who_stays_is_not_told_of_who_comes(
    telling: ExchangeConnector, anna: Mailbox, box: Sandbox
) -> None:
    """Only the list changed: those who were added or taken out hear of it."""
    made = meeting(telling, anna)
    mails(box)
    changed(telling, made, attendees=(BEA, CEM))
    assert mails(box) == [("MeetingRequest", (CEM.person.email,))]


@pytest.mark.parametrize(
    "own", [{"reminder_minutes": 5}, {"categories": ("Rot",)}, {"busy": "free"}]
)
def test_what_is_the_members_own_is_told_to_nobody(
    telling: ExchangeConnector, anna: Mailbox, box: Sandbox, own: dict[str, object]
) -> None:
    """A reminder concerns nobody else."""
    made = meeting(telling, anna)
    mails(box)
    changed(telling, made, **own)
    assert mails(box) == []


def test_a_changed_and_a_cancelled_occurrence_are_told(
    telling: ExchangeConnector, anna: Mailbox, box: Sandbox
) -> None:
    """Each once, and the series itself is not announced again."""
    made = meeting(telling, anna, recurrence="FREQ=DAILY;COUNT=4")
    mails(box)
    changed(
        telling,
        made,
        overrides={"2026-11-25T09:00:00": Override(location="Raum 3")},
        cancellations=("2026-11-26T09:00:00",),
    )
    assert sorted(mails(box)) == [
        ("MeetingCancellation", (BEA.person.email,)),
        ("MeetingUpdate", (BEA.person.email,)),
    ]


def test_an_appointment_without_attendees_makes_no_meeting(
    telling: ExchangeConnector, anna: Mailbox, box: Sandbox
) -> None:
    """The switch changes nothing for what is the member's alone."""
    made = meeting(telling, anna, attendees=())
    telling.delete(anna.calendar, made.ref, made.version)
    assert mails(box) == []


def test_the_capabilities_name_it(connector: ExchangeConnector) -> None:
    """Core shows the switch only where it does something."""
    assert connector.capabilities.invitations
    assert connector.capabilities.silent_writes
