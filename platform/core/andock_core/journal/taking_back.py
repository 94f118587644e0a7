"""Which fields of a change can be taken back, given what is there now. Pure.

What changed since stays: a field goes back only while it holds what the change put there.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from andock_core.journal.differences import Row, rows, value_at, with_values
from andock_sdk import Appointment, Attendee, Item

_PATTERN = frozenset({"when", "recurrence"})


@dataclass(frozen=True)
class Restored:
    """The document as it shall be. `back`: what goes back (before: now, after: then). `kept`:
    what changed since and stays (before: as the change left it, after: now)."""

    item: Item
    back: tuple[Row, ...] = ()
    kept: tuple[Row, ...] = ()


def restored(now: Item, before: Item, after: Item) -> Restored:
    """What taking back the change from `before` to `after` makes of the document `now`."""
    back: list[Row] = []
    kept: list[Row] = []
    changed = [row for row in rows(before, after) if not _only_answers(row)]
    together = _pattern_moved(changed, now, before, after)
    for row in changed:
        present = value_at(now, row.path)
        if present == row.before:
            continue  # it is as it was
        stays = present != row.after or (row.path in _PATTERN and together is False)
        (kept if stays else back).append(
            Row(row.path, row.after if stays else present, present if stays else row.before)
        )
    return _made(now, back, kept)


def chosen(now: Item, values: dict[str, Any]) -> Item:
    """The document with the values that the member chose. Raises ValueError."""
    return with_values(now, values)


def _made(now: Item, back: list[Row], kept: list[Row]) -> Restored:
    values = {row.path: _writable(row, now) for row in back}
    try:
        return Restored(with_values(now, values), tuple(back), tuple(kept))
    except ValueError:  # what is left of it does not fit together any more
        stays = tuple(Row(row.path, row.before, row.before) for row in back)
        return Restored(now, (), (*stays, *kept))


def _pattern_moved(changed: Iterable[Row], now: Item, before: Item, after: Item) -> bool | None:
    """Time and rule of a series go back together or not at all; None when neither changed."""
    paths = {row.path for row in changed} & _PATTERN
    if not paths or not any(
        isinstance(item, Appointment) and item.recurrence for item in (now, before, after)
    ):
        return None
    return all(value_at(now, path) == value_at(after, path) for path in _PATTERN)


def _only_answers(row: Row) -> bool:
    """What attendees answered is theirs."""
    return row.path == "attendees" and _people(row.before) == _people(row.after)


def _people(attendees: tuple[Attendee, ...] | None) -> list[tuple[str, str]]:
    return [(one.person.email, one.role) for one in attendees or ()]


def _writable(row: Row, now: Item) -> Any:
    """Attendees come back with the answers that they have given by now."""
    if row.path != "attendees":
        return row.after
    given = {one.person.email: one.answer for one in getattr(now, "attendees", ())}
    return tuple(
        one.model_copy(update={"answer": given.get(one.person.email, one.answer)})
        for one in row.after
    )
