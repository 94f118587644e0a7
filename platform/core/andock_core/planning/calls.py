"""A member's calls: those to make, and those that were made."""

from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, select

from andock_core.clock import now
from andock_core.planning.records import Records
from andock_core.storage.tables import Call
from andock_core.storage.types import new_id

Outcome = Literal["", "reached", "not_reached", "callback", "message"]
OUTCOMES: tuple[Outcome, ...] = ("", "reached", "not_reached", "callback", "message")
MINUTES = 15
MOST = 25
"""How many calls one list shows."""


class Calls(Records[Call]):
    """The calls of one member: `Calls(session, tenant_id, owner_id)`.

    `get`, `need`, `replace`, `delete` and `bring_back` are those of all records.
    """

    table = Call

    def create(
        self,
        whom: str,
        *,
        number: str = "",
        contact_id: str | None = None,
        start_at: datetime | None = None,
        minutes: int = MINUTES,
        notes: str = "",
        outcome: Outcome = "",
        done: bool = False,
        planned: bool = True,
        call_id: str | None = None,
    ) -> Call:
        """A new call. `done`: it has been made already."""
        return self._added(
            Call(
                id=call_id or new_id(),
                tenant_id=self._tenant_id,
                owner_id=self._owner_id,
                version=1,
                whom=whom,
                number=number,
                contact_id=contact_id,
                start_at=start_at,
                minutes=minutes,
                notes=notes,
                outcome=outcome,
                done_at=now() if done else None,
                planned=planned,
            )
        )

    def set_done(
        self, call: Call, done: bool, *, expected_version: int, outcome: Outcome | None = None
    ) -> Call:
        """Tick it off, perhaps with what came of it, or open it again. Raises RecordChanged."""
        values: dict[str, object] = {"done_at": now() if done else None}
        if outcome is not None:
            values["outcome"] = outcome
        return self.replace(call, values, expected_version=expected_version)

    def unplan(self, call: Call, *, expected_version: int) -> Call:
        """Take it out of the planning; the call stays. Raises RecordChanged."""
        return self.replace(call, {"planned": False}, expected_version=expected_version)

    def planned(self) -> list[Call]:
        """All that have a place in the calendar, done ones too, by start."""
        found = select(Call).where(*self._own(), Call.planned, Call.start_at.is_not(None))
        return list(self._session.scalars(found.order_by(Call.start_at, Call.id)))

    def upcoming(self, limit: int = MOST) -> list[Call]:
        """Those to make, overdue ones first, without a time last."""
        found = select(Call).where(*self._own(), Call.done_at.is_(None))
        order = (Call.start_at.is_(None), Call.start_at, Call.id)
        return list(self._session.scalars(found.order_by(*order).limit(limit)))

    def past(self, limit: int = MOST) -> list[Call]:
        """Those made, the latest first."""
        found = select(Call).where(*self._own(), Call.done_at.is_not(None))
        order = (Call.start_at.is_(None), Call.start_at.desc(), Call.id)
        return list(self._session.scalars(found.order_by(*order).limit(limit)))

    def _own(self) -> tuple[ColumnElement[bool], ...]:
        return (Call.owner_id == self._owner_id,)
