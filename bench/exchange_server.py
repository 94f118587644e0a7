"""The Exchange Server of the benches, in a process of its own so that its work is not counted."""

import resource
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from andock_sandbox import Mailbox, Sandbox
from andock_sandbox.server import SandboxServer
from bench.forward import Forwarder
from bench.served import obey

PASSWORD = "only-measured-here"  # noqa: S105 - of an invented mailbox
OFFICE, LARGE, SMALL = (f"{name}@bench.test" for name in ("office", "large", "small"))
OFFICE_ITEMS, LARGE_ITEMS, SMALL_ITEMS = 2_000, 4_500, 300
LARGE_CONTACTS = 500
NOTE = "Bitte Unterlagen mitbringen. "
NOTES = (
    "<html><body><p>Bitte Unterlagen mitbringen &amp; vorher lesen.</p>"
    + "<p>Der Raum ist ab neun Uhr offen.</p>" * 12
    + "</body></html>"
)


SIZES = (
    (OFFICE, OFFICE_ITEMS, 0),
    (LARGE, LARGE_ITEMS, LARGE_CONTACTS),
    (SMALL, SMALL_ITEMS, 0),
)


def fill(mailbox: Mailbox, events: int, contacts: int = 0) -> None:
    """Of ten entries one is a series with a changed and a cancelled occurrence, one lasts all day,
    two are meetings with four people; the rest are plain, with notes as text or HTML."""
    first = datetime(2026, 11, 2, 8, tzinfo=UTC)
    for number in range(events):
        start = first + timedelta(days=number % 400, hours=number // 400 % 9)
        more: dict[str, Any] = {
            "body": NOTES if number % 2 else "Bitte Unterlagen mitbringen. " * 8
        }
        kind = number % 10
        if kind == 0:
            more["recurrence"] = "FREQ=WEEKLY;COUNT=20"
        if kind == 1:
            more["all_day"] = True
            start = start.replace(hour=23) - timedelta(days=1)
        if kind in (2, 3):
            more["attendees"] = [(f"Gast {n}", f"gast{n}@partner.test") for n in range(4)]
        end = start + (timedelta(days=1) if kind == 1 else timedelta(minutes=45))
        ref = mailbox.add_event(
            mailbox.calendar,
            f"Abstimmung zum Vorhaben {number}",
            start,
            end,
            location=f"Raum {number % 20}",
            categories=["Rot"] if number % 4 == 0 else [],
            reminder=15,
            **more,
        )
        if kind == 0:
            mailbox.change_occurrence(ref, 3, location="Großer Saal")
            mailbox.delete_occurrence(ref, 5)
    for number in range(contacts):
        mailbox.address_book.add(
            mailbox.address_book.default,
            given=f"Greta{number}",
            surname=f"Hahn-{number}",
            company=f"Partner {number % 50} GmbH",
        )


class Orders:
    """What the bench may ask for."""

    def __init__(self, home: Path) -> None:
        self.box = Sandbox()
        self.requests = 0
        sizes = (
            (OFFICE, OFFICE_ITEMS, 0),
            (LARGE, LARGE_ITEMS, LARGE_CONTACTS),
            (SMALL, SMALL_ITEMS, 0),
        )
        for email, events, contacts in sizes:
            fill(self.box.add_mailbox(email, PASSWORD, name=email), events, contacts)
        self.server = SandboxServer(self.box, tls_home=home).start()
        self.server.on_exchange = self._count
        self.forwarder = Forwarder(self.server.port)

    def _count(self, *_: object) -> None:
        self.requests += 1

    def about(self) -> dict[str, object]:
        """Where the server is: `port` directly, `far` by the forwarder."""
        return {
            "port": self.server.port,
            "far": self.forwarder.port,
            "ca": str(self.server.ca_file),
            "calendars": {box.email: box.calendar for box in self.box.mailboxes},
            "contacts": {box.email: box.address_book.default for box in self.box.mailboxes},
        }

    def state(self) -> dict[str, object]:
        """`cpu`: seconds of this process so far; EWS `requests`; `bytes` by the forwarder."""
        used = resource.getrusage(resource.RUSAGE_SELF)
        return {
            "cpu": used.ru_utime + used.ru_stime,
            "requests": self.requests,
            "bytes": self.forwarder.bytes,
        }

    def latency(self, seconds: float) -> dict[str, object]:
        """Move the forwarder away."""
        self.forwarder.latency = seconds
        return {}

    def touch(self, email: str, count: int) -> dict[str, object]:
        """Change so many entries, spread over the calendar."""
        mailbox = self.box.mailbox(email)
        events = mailbox.events(mailbox.calendar)
        for event in events[1 :: max(1, len(events) // count)][:count]:
            mailbox.update_event(event["id"], location=f"Raum {self.requests}")
        return {}


if __name__ == "__main__":
    obey(Orders(Path(sys.argv[1])))
