"""One occurrence of a series as an appointment of its own, and what colleagues see of it."""

from typing import Any

from andock_core.calendar.expand import slot_at
from andock_sdk import NO_REMINDER, Appointment, Override


def occurrence_document(item: Appointment, original_start: str) -> Appointment | None:
    """The occurrence as a single appointment; None when the series has none there.

    An empty `original_start` means the item itself.
    """
    if not original_start:
        return item
    slot = slot_at(item, original_start)
    if slot is None:
        return None
    changed = item.overrides.get(original_start, Override())
    own = {name: value for name, value in changed if value is not None}
    if own.get("reminder_minutes") == NO_REMINDER:
        own["reminder_minutes"] = None
    alone = {"recurrence": "", "overrides": {}, "cancellations": ()}
    return item.model_copy(update=own | alone | {"when": slot})


def public_document(item: Appointment) -> dict[str, Any]:
    """A single appointment reduced to what colleagues see, as JSON.

    Notes and attendees stay with the owner, so they need not be kept in the clear.
    """
    return Appointment(
        when=item.when, subject=item.subject, location=item.location, busy=item.busy
    ).model_dump(mode="json")
