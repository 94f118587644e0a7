"""What a calendar shows of an entry, and the few thousand of them that a process remembers.

Opening a seal costs more than all else in a month's view, so an owner's faces are kept between
requests: in this process's memory alone (docs/decisions/0011-faces.md).
"""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any, NamedTuple

from andock_core.calendar.entries import HIDING

MOST = 20_000
"""Faces that are kept; those unused for longest go first."""
LARGEST = 2_000
"""Characters of a face that is kept: a longer one is opened each time, so memory stays bounded."""


@dataclass(frozen=True, slots=True)
class Changed:
    """What one occurrence of a series says differently; None as the series says it."""

    title: str | None
    place: str | None
    sensitivity: str | None


@dataclass(frozen=True, slots=True)
class Face:
    """The few things of a document that a calendar shows. `changed` is by original start."""

    title: str
    place: str
    repeats: bool
    sensitivity: str
    editable: bool
    attendees: int
    changed: dict[str, Changed]

    def words(self, original_start: str) -> tuple[str, str]:
        """Title and place of an occurrence."""
        changed = self.changed.get(original_start)
        if changed is None:
            return self.title, self.place
        return (
            self.title if changed.title is None else changed.title,
            self.place if changed.place is None else changed.place,
        )

    def hides(self, original_start: str) -> bool:
        """Whether the other side marked this one occurrence of a visible series as private."""
        changed = self.changed.get(original_start)
        if changed is None or self.sensitivity in HIDING:
            return False  # a marked series is visible only because its owner agreed to that
        return changed.sensitivity in HIDING


class Key(NamedTuple):
    """One state of one owner's entry.

    `stamp` says when it was written: an entry that was deleted and brought back counts on from
    the version it went with, so the same version may come twice with other words.
    """

    tenant_id: str
    owner_id: str
    entry_id: str
    version: int
    stamp: str


class Faces:
    """Faces of the entries whose owners looked at them. Safe to share between threads.

    Nothing is ever cleared: another state of an entry has another key.
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._kept: OrderedDict[Key, Face] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def known(self, keys: Iterable[Key]) -> dict[str, Face]:
        """By entry: those of `keys` that are kept."""
        found: dict[str, Face] = {}
        with self._lock:
            for key in keys:
                face = self._kept.get(key)
                if face is not None:
                    self._kept.move_to_end(key)
                    found[key.entry_id] = face
        return found

    def keep(self, faces: Mapping[Key, Face]) -> None:
        """Keep these, and let go of the ones unused for longest."""
        with self._lock:
            for key, face in faces.items():
                if _length(face) <= LARGEST:
                    self._kept[key] = face
                    self._kept.move_to_end(key)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)


def face_of(document: Mapping[str, Any]) -> Face:
    """The face of a stored `andock_sdk.Appointment`. It was validated when it was written."""
    overrides = document.get("overrides") or {}
    return Face(
        title=document.get("subject", ""),
        place=document.get("location", ""),
        repeats=bool(document.get("recurrence")),
        sensitivity=document.get("sensitivity", "normal"),
        editable=document.get("editable", True),
        attendees=len(document.get("attendees", ())),
        changed={
            start: Changed(each.get("subject"), each.get("location"), each.get("sensitivity"))
            for start, each in overrides.items()
        },
    )


def _length(face: Face) -> int:
    changed = sum(
        len(start) + len(each.title or "") + len(each.place or "")
        for start, each in face.changed.items()
    )
    return len(face.title) + len(face.place) + changed
