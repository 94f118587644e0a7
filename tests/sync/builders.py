"""Short ways to build what the planner looks at."""

from typing import Any

from andock_core.sync.documents import Base
from andock_core.sync.plan import Agreed, Kind, Local, Policy
from andock_sdk import Appointment, RemoteItem, Slot

ZONE = "Europe/Berlin"
ONE = Policy("one")
IMPORT = Policy("import")


def slot(day: int = 24, hour: int = 9, hours: int = 1) -> Slot:
    """A timed slot in November 2026, in Berlin."""
    return Slot(
        start=f"2026-11-{day:02}T{hour:02}:00:00",
        end=f"2026-11-{day:02}T{hour + hours:02}:00:00",
        start_zone=ZONE,
        end_zone=ZONE,
    )


def item(subject: str = "Jour fixe", **fields: Any) -> Appointment:
    """A single appointment."""
    return Appointment(**{"when": slot(), "subject": subject, **fields})


def series(subject: str = "Jour fixe", **fields: Any) -> Appointment:
    """A weekly series."""
    return item(subject, **{"recurrence": "FREQ=WEEKLY;COUNT=8", **fields})


def local(document: Appointment, kind: Kind = "own", version: int = 1) -> Local:
    """An entry."""
    return Local("e" * 32, kind, document, version)


def remote(document: Appointment, version: str = "v1", operation_id: str = "") -> RemoteItem:
    """A remote item."""
    return RemoteItem(ref="ref", version=version, item=document, operation_id=operation_id)


def agreed(
    base_local: Appointment,
    base_remote: Appointment | None = None,
    kind: Kind = "own",
    lacking: frozenset[str] = frozenset(),
) -> Agreed:
    """What both sides agreed on, at entry version 1 and remote version v1."""
    there = base_local if base_remote is None else base_remote
    return Agreed(kind, Base(base_local, lacking), Base(there, lacking), 1, "v1")
