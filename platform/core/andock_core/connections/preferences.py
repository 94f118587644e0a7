"""How a member wants a connection to be kept, whatever its plugin: a column of the connection, in
clear text, because nothing in it tells about anybody.

What decides what is synchronised has a digest (`wanted`). The member agrees to it after a preview
(`confirmed`); nothing runs while the two differ.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from andock_core import clock
from andock_core.calendar.window import MONTHS_AHEAD, MONTHS_BACK, Window
from andock_core.connections import sealed
from andock_core.connections.errors import AnswersRefused
from andock_core.jobs.lease import abandon_runs
from andock_core.storage import Collection, Connection, Pair
from andock_core.sync.plan import Policy, Role
from andock_core.vault import Vault

MOST_BACK, MOST_AHEAD = 12, 36


class Preferences(BaseModel):
    """The settings that every connection has.

    `direction`: both, in (nothing is written there) or out (nothing is written here). `winner`:
    whose value counts where both sides changed the same field. `months_back`, `months_ahead`: the
    window. `invitations`: whether attendees may be mailed. `new_visible`: what is new in the one
    calendar becomes an appointment instead of a private block.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    direction: Literal["both", "in", "out"] = "both"
    winner: Literal["theirs", "ours"] = "theirs"
    months_back: int = Field(default=MONTHS_BACK, ge=1, le=MOST_BACK)
    months_ahead: int = Field(default=MONTHS_AHEAD, ge=1, le=MOST_AHEAD)
    invitations: bool = False
    new_visible: bool = False

    def window(self, now: datetime) -> Window:
        """What is kept in step at `now` (aware)."""
        return Window.around(now, self.months_back, self.months_ahead)

    def policy(self, role: Role, *, silent: bool, can_invite: bool) -> Policy:
        """What the planner goes by. `silent`, `can_invite`: what the other side can do. What is
        imported comes in, whichever way the rest goes."""
        return Policy(
            role=role,
            winner=self.winner,
            new_visible=self.new_visible,
            silent=silent,
            direction="both" if role == "import" else self.direction,
            invite=self.invitations and can_invite,
        )


def of(connection: Connection) -> Preferences:
    """A connection's preferences; what was never said is as at first."""
    return Preferences.model_validate(connection.preferences or {})


def checked(given: Mapping[str, Any]) -> Preferences:
    """Preferences from a form: all text, a missing one as at first. Raises AnswersRefused."""
    try:
        return Preferences.model_validate(dict(given))
    except ValidationError as error:
        keys = {"int_parsing": "field.number", "literal_error": "field.not_offered"}
        found = {
            str(each["loc"][0]): keys.get(each["type"], "field.range") for each in error.errors()
        }
        raise AnswersRefused(found) from error


def put(session: Session, vault: Vault, connection: Connection, preferences: Preferences) -> None:
    """Keep preferences, in the caller's transaction.

    Where they change nothing but who wins, a confirmed connection stays so: what is synchronised
    is the same. What lies outside the window is looked at again, because the window may have
    grown.
    """
    before = of(connection)
    was_confirmed = connection.wanted == connection.confirmed
    connection.preferences = preferences.model_dump()
    same = before.model_copy(update={"winner": preferences.winner}) == preferences
    want(session, vault, connection)
    if same and was_confirmed:
        connection.confirmed = connection.wanted
    if grows(before, preferences):
        outside = (Pair.connection_id == connection.id, Pair.state == "outside")
        session.execute(update(Pair).where(*outside).values(next_try_at=clock.now()))


def grows(before: Preferences, after: Preferences) -> bool:
    """Whether a window reaches further than before, on either end."""
    return after.months_back > before.months_back or after.months_ahead > before.months_ahead


def want(session: Session, vault: Vault, connection: Connection) -> None:
    """Note what is wanted now. Where that was not agreed to, a run that waits is called off, and
    one under way ends at its next transaction, because its lease is gone."""
    connection.wanted = _digest(session, vault, connection)
    if connection.wanted == connection.confirmed:
        return
    connection.queued_at = connection.requested_at = None
    if connection.lease_until is not None:
        connection.fence += 1
        connection.lease_holder, connection.lease_until, connection.progress = "", None, None
        abandon_runs(session, connection.id, connection.fence)


def rest(session: Session, vault: Vault, connection: Connection) -> None:
    """As part of a run: what was let go of is no longer wanted, and nobody has to agree to that."""
    connection.wanted = connection.confirmed = _digest(session, vault, connection)


def _digest(session: Session, vault: Vault, connection: Connection) -> str:
    """64 hexadecimal digits for all that decides what is synchronised."""
    session.flush()
    rows = session.scalars(select(Collection).where(Collection.connection_id == connection.id))
    collections = sorted(
        (row.ref, row.kind, row.role, sorted(map(str, row.holds)), row.retired, row.letting_go)
        for row in rows
    )
    settings = sealed.open_settings(vault, connection)
    said = [collections, settings, of(connection).model_dump()]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
