"""Taking a delete back: what to keep of what goes, and how it comes back.

A run may have been there in between. While the pair with the item on the other side still stands,
the entry comes back under its old id, as if it had never been away. Once the pair is gone, the item
there is deleted, or will be in a moment: then it comes back as a new entry, which the next run
creates there anew. Either way no run takes it away again.
"""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from andock_core.calendar.access import open_entry, why_not
from andock_core.calendar.edit import Refused
from andock_core.calendar.entries import Entries
from andock_core.storage.tables import Entry, Intent, Pair
from andock_sdk import Appointment, Override


def kept_entry(entry: Entry, item: Appointment) -> dict[str, Any]:
    """All of an appointment that is about to be deleted, as JSON."""
    return {
        "entry": entry.id,
        "version": entry.version,
        "origin": entry.origin,
        "converted": entry.converted,
        "document": item.model_dump(mode="json"),
    }


def kept_occurrence(entry: Entry, item: Appointment, original_start: str) -> dict[str, Any]:
    """What a cancelled occurrence was: its override, if it had one."""
    override = item.overrides.get(original_start)
    return {
        "entry": entry.id,
        "at": original_start,
        "override": None if override is None else override.model_dump(mode="json"),
    }


def bring_back(session: Session, entries: Entries, kept: dict[str, Any]) -> Entry:
    """Undo the delete of an entry or an occurrence. Twice does no more than once.

    Raises EntryGone when an occurrence's series went meanwhile; Refused when it is read-only now.
    """
    if "at" in kept:
        return _occurrence(entries, kept)
    present = entries.get(kept["entry"])
    if present is not None:
        return present
    paired = _stands(session, kept["entry"])
    made = entries.create(
        Appointment.model_validate(kept["document"]),
        visibility="appointment",
        origin=kept["origin"] if paired else "andock",
        entry_id=kept["entry"] if paired else None,
    )
    if paired:
        # Pages and runs that still hold the version of before see that it changed.
        made.version, made.converted = kept["version"] + 1, kept["converted"]
        session.flush()
    return made


def _stands(session: Session, entry_id: str) -> bool:
    """Whether the item on the other side is there and no run is about to delete it."""
    pair = select(Pair.id).where(Pair.entry_id == entry_id).limit(1)
    begun = select(Intent.id).where(Intent.entry_id == entry_id, Intent.action == "delete").limit(1)
    return session.scalar(pair) is not None and session.scalar(begun) is None


def _occurrence(entries: Entries, kept: dict[str, Any]) -> Entry:
    entry, item = open_entry(entries, kept["entry"])
    if kept["at"] not in item.cancellations:
        return entry
    reason = why_not(entry, item)
    if reason:
        raise Refused(reason)
    overrides = dict(item.overrides)
    if kept["override"] is not None:
        overrides[kept["at"]] = Override.model_validate(kept["override"])
    left = tuple(each for each in item.cancellations if each != kept["at"])
    whole = item.model_copy(update={"overrides": overrides, "cancellations": left})
    return entries.replace(entry, whole, expected_version=entry.version)
