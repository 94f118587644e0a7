"""Microsoft 365 of the benches, in a process of its own so that its work is not counted."""

import resource
import sys
from pathlib import Path

from andock_sandbox import Sandbox
from andock_sandbox.server import SandboxServer
from bench.exchange_server import fill
from bench.served import obey

OFFICE, LARGE = (f"{name}@bench.test" for name in ("office", "large"))
OFFICE_ITEMS, LARGE_ITEMS = 2_000, 5_000
FURTHER = ("Familie", "Verein")
"""Calendars of the office mailbox besides its own; the sizes do not matter there."""
LASTS = 24 * 3600.0
_ALL = "Calendars.ReadWrite"


class Orders:
    """What the bench may ask for."""

    def __init__(self, home: Path) -> None:
        self.box = Sandbox()
        for email, events in ((OFFICE, OFFICE_ITEMS), (LARGE, LARGE_ITEMS)):
            fill(self.box.add_mailbox(email, "", name=email), events)
        office = self.box.mailbox(OFFICE)
        for name in FURTHER:
            office.add_calendar(name)
        self.server = SandboxServer(self.box, tls_home=home).start()

    def about(self) -> dict[str, object]:
        """Where Graph is, and access tokens by mailbox."""
        emails = [box.email for box in self.box.mailboxes]
        return {
            "graph": self.server.graph_url,
            "authority": self.server.cloud_url,
            "port": self.server.port,
            "ca": str(self.server.ca_file),
            "scopes": _ALL,
            "tokens": {email: self.box.bearer(email, LASTS) for email in emails},
        }

    def state(self) -> dict[str, object]:
        """`cpu`: seconds of this process so far; `requests` to Graph, a batch being one."""
        used = resource.getrusage(resource.RUSAGE_SELF)
        return {"cpu": used.ru_utime + used.ru_stime, "requests": self.box.cloud.count()}

    def touch(self, email: str, count: int) -> dict[str, object]:
        """Change so many entries, spread over the calendar."""
        mailbox = self.box.mailbox(email)
        events = mailbox.events(mailbox.calendar)
        for event in events[1 :: max(1, len(events) // count)][:count]:
            mailbox.update_event(event["id"], location="Anderswo")
        return {}


if __name__ == "__main__":
    obey(Orders(Path(sys.argv[1])))
