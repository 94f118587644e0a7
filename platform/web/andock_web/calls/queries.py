"""What the pages of the calls show, as plain data in the member's wall time."""

import re
from dataclasses import dataclass

from sqlalchemy.orm import Session

from andock_core.accounts import MemberInfo
from andock_core.clock import now
from andock_core.planning.calls import MOST, Calls
from andock_core.storage.tables import Call
from andock_web import formats
from andock_web.calls.words import outcome_words
from andock_web.lines import one_line

ALL = 2000
"""As many as one page can sensibly hold."""
_SPOKEN = re.compile(r"[^\W\d_].*")  # "040 123 ext. 4": what follows is for people
_DIALLED = re.compile(r"[^0-9+*#]")


@dataclass(frozen=True)
class Row:
    """A call in the list. `dial` is the number as a telephone takes it, empty without one."""

    id: str
    version: int
    whom: str
    number: str
    dial: str
    when: str
    minutes: int
    done: bool
    late: bool
    outcome: str
    has_notes: bool
    left_out: bool


@dataclass(frozen=True)
class Lists:
    """The page: the calls to make, or those made; `more` are not shown."""

    done: bool
    rows: list[Row]
    more: bool
    any_done: bool


def lists(session: Session, member: MemberInfo, *, done: bool, whole: bool) -> Lists:
    """The calls to make, or those made. `whole`: without a limit to speak of."""
    calls = Calls(session, member.tenant_id, member.id)
    limit = ALL if whole else MOST
    found = calls.past(limit + 1) if done else calls.upcoming(limit + 1)
    any_done = done or bool(calls.past(1))
    return Lists(done, [_row(call) for call in found[:limit]], len(found) > limit, any_done)


def dialled(number: str) -> str:
    """The number for a `tel:` link."""
    return _DIALLED.sub("", _SPOKEN.sub("", number))


def _row(call: Call) -> Row:
    late = call.start_at is not None and call.start_at < now() and call.done_at is None
    return Row(
        id=call.id,
        version=call.version,
        whom=one_line(call.whom or call.number),
        number=one_line(call.number),
        dial=dialled(call.number),
        when=formats.at(call.start_at) if call.start_at else "",
        minutes=call.minutes,
        done=call.done_at is not None,
        late=late,
        outcome=outcome_words(call.outcome),
        has_notes=bool(call.notes),
        left_out=call.start_at is not None and not call.planned,
    )
