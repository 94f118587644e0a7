"""Whether all is well afterwards: equal, nothing doubled, nothing lost, no mail, quick recovery."""

import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, update

from andock_core import clock
from andock_core.calendar.entries import document_of
from andock_core.jobs.due import request_run
from andock_core.runs.execute import LONGEST_CALL
from andock_core.runs.held import held, release
from andock_core.runs.sealing import Seals
from andock_core.storage import SYSTEM, Connection, Entry, InboxItem, JournalLine, Pair, Run
from andock_core.storage.tables import Intent
from andock_sdk import Appointment
from tests.kill.editors import Ledger
from tests.kill.house import LEASE_SECONDS, House, Person, wait_until
from tests.kill.killer import Kill

PEACE_SECONDS = 180
SETTLES_SECONDS = LEASE_SECONDS + LONGEST_CALL.total_seconds()
RECOVERY_SECONDS = LEASE_SECONDS + 60
Row = tuple[str, str, datetime, datetime]


@dataclass
class Verdict:
    """What was found. All lists are empty and `mails` is 0 when all is well."""

    duplicates: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    unequal: list[str] = field(default_factory=list)
    unsettled: list[str] = field(default_factory=list)
    mails: int = 0
    recoveries: list[float] = field(default_factory=list)
    runs: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)

    @property
    def slow(self) -> list[float]:
        """Recoveries that took too long."""
        return [seconds for seconds in self.recoveries if seconds > RECOVERY_SECONDS]

    @property
    def well(self) -> bool:
        """Whether nothing is wrong."""
        faults = (self.duplicates, self.lost, self.unequal, self.unsettled, self.slow)
        return not any(faults) and self.mails == 0

    @property
    def recovery(self) -> str:
        """Median and longest, in seconds."""
        if not self.recoveries:
            return "-"
        return f"{median(self.recoveries):.1f} / {max(self.recoveries):.1f} s"


def make_peace(house: House) -> None:
    """Nobody edits and nobody kills: two more good runs of every connection, after writes whose
    outcome was unknown must have settled, the member pressed "try again" and said that held deletes
    are meant. Raises TimeoutError."""
    ends = time.monotonic() + SETTLES_SECONDS
    while time.monotonic() < ends:
        house.keep_workers()
        time.sleep(0.5)
    for _ in range(2):
        for person in house.people:
            with house.core.storage.write(person.scope) as session:
                again = (
                    Pair.connection_id == person.connection_id,
                    Pair.state.in_(("dirty", "aside")),
                )
                session.execute(
                    update(Pair).where(*again).values(state="dirty", next_try_at=clock.now())
                )
                for side in held(session, person.connection_id):
                    release(session, person.connection_id, side)
        _everybody_runs(house)


def _everybody_runs(house: House) -> None:
    begun = clock.now()
    for person in house.people:
        request_run(house.core, person.scope, person.connection_id)

    def all_ran() -> bool:
        house.keep_workers()
        with house.core.storage.read(SYSTEM) as session:
            good = (Run.started_at >= begun, Run.state.in_(("done", "held")))
            count = session.scalar(select(func.count(Run.connection_id.distinct())).where(*good))
            busy = session.scalar(
                select(func.count(Connection.id)).where(Connection.lease_until.is_not(None))
            )
        return count == len(house.people) and not busy

    wait_until(all_ran, PEACE_SECONDS)


def judge(house: House, ledger: Ledger, kills: list[Kill]) -> Verdict:
    """Look at everything. Call it in peace."""
    found = Verdict(mails=len(house.box.outbox))
    alive: set[str] = set()
    for person in house.people:
        here, there = _here(house, person), _there(person)
        _compare(found, ledger, house, person, here, there)
        alive |= _values(here) | _values(there)
        alive |= _told(house, person)
    lost = {value for value, fate in ledger.fate.items() if fate == "alive"} - alive
    found.lost += [f"edit {value}" for value in sorted(lost)]
    _unsettled(house, found)
    found.recoveries = list(_recoveries(house, kills))
    return found


def last_run_was_idle(house: House) -> list[str]:
    """A further run of everybody; journal lines that it made although nothing was to be done."""
    begun = clock.now()
    _everybody_runs(house)
    with house.core.storage.read(SYSTEM) as session:
        lines = session.execute(
            select(JournalLine.action, JournalLine.side, JournalLine.reason).where(
                JournalLine.at >= begun
            )
        ).all()
    return [f"idle run: {line.action} {line.side} {line.reason}" for line in lines]


def _compare(
    found: Verdict,
    ledger: Ledger,
    house: House,
    person: Person,
    here: list[tuple[str, str, Row]],
    there: list[tuple[str, str, Row]],
) -> None:
    for side, rows in (("here", here), ("there", there)):
        for what, counted in (
            ("tag", Counter(tag for tag, _, _ in rows)),
            ("uid", Counter(uid for _, uid, _ in rows if uid)),
        ):
            found.duplicates += [
                f"{person.email} {side} {what} {key} x{count}"
                for key, count in counted.items()
                if count > 1
            ]
    mine = {tag: row for tag, _, row in here}
    yours = {tag: row for tag, _, row in there}
    found.unequal += [
        f"{person.email} {tag}: here {mine.get(tag)} there {yours.get(tag)}"
        f" deleted {ledger.deleted.get(tag, 'never')}{_history(house, person, tag)}"
        for tag in sorted(mine.keys() | yours.keys())
        if mine.get(tag) != yours.get(tag)
    ]
    owed = {
        tag for tag, owner in ledger.made.items() if owner == person.email
    } - ledger.deleted.keys()
    found.lost += [f"{person.email} {tag}" for tag in sorted(owed - (mine.keys() & yours.keys()))]


def _here(house: House, person: Person) -> list[tuple[str, str, Row]]:
    """Tag, UID and content of what Andock holds."""
    with house.core.storage.read(person.scope) as session:
        rows = session.scalars(select(Entry).where(Entry.owner_id == person.scope.member_id)).all()
        documents = [document_of(house.core.vault, row) for row in rows]
    return [(item.body.content.strip(), item.uid, _row(item)) for item in documents]


def _history(house: House, person: Person, tag: str) -> str:
    """What Andock knows of an entry, for whoever looks for the reason."""
    seals = Seals(house.core.vault, person.scope.tenant_id, person.scope.member_id)
    told = []
    with house.core.storage.read(person.scope) as session:
        mine = select(Entry).where(Entry.owner_id == person.scope.member_id)
        for row in session.scalars(mine).all():
            if document_of(house.core.vault, row).body.content.strip() == tag:
                told.append(f"entry {row.id} {row.visibility} {row.origin} v{row.version}")
        lines = session.scalars(
            select(JournalLine)
            .where(JournalLine.connection_id == person.connection_id)
            .order_by(JournalLine.at)
        ).all()
        for line in lines:
            content = seals.line(line)
            item = content["after"] or content["before"] or {}
            if item.get("body", {}).get("content", "").strip() == tag:
                told.append(f"{line.at:%H:%M:%S} {line.action} {line.side} ({line.reason})")
        ids = {row.entry_id for row in lines} | {line[6:38] for line in told}
        for pair in session.scalars(select(Pair).where(Pair.entry_id.in_(ids))).all():
            if any(pair.entry_id in line for line in told):
                told.append(
                    f"pair {pair.ref[-12:]} {pair.kind} {pair.state} v{pair.entry_version}"
                    f" {pair.operation_id[-8:]}"
                )
    return "".join(f"\n    {line}" for line in told)


def _row(item: Appointment) -> Row:
    start, end = (
        datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
        for wall, zone in (
            (item.when.start, item.when.start_zone),
            (item.when.end, item.when.end_zone),
        )
    )
    return item.subject, item.location, start, end


def _there(person: Person) -> list[tuple[str, str, Row]]:
    """Tag, UID and content of what the mailbox holds, from the sandbox's own notes."""
    found = []
    for calendar in person.calendars:
        for event in person.mailbox.events(calendar):
            props: dict[str, Any] = event["props"]
            start, end = (datetime.fromisoformat(str(event[name])) for name in ("start", "end"))
            row = (str(props.get("Subject", "")), str(props.get("Location", "")), start, end)
            tag = str((props.get("Body") or {}).get("text", "")).strip()
            found.append((tag, str(props.get("UID", "")), row))
    return found


def _values(rows: Iterable[tuple[str, str, Row]]) -> set[str]:
    return {value for _, _, row in rows for value in row[:2]}


def _told(house: House, person: Person) -> set[str]:
    """The losers of conflicts, from the person's journal."""
    seals = Seals(house.core.vault, person.scope.tenant_id, person.scope.member_id)
    with house.core.storage.read(person.scope) as session:
        mine = JournalLine.connection_id == person.connection_id
        lines = session.scalars(select(JournalLine).where(mine)).all()
        return {str(lost["value"]) for line in lines for lost in seals.line(line)["lost"]}


def _unsettled(house: House, found: Verdict) -> None:
    with house.core.storage.read(SYSTEM) as session:
        for state, error in session.execute(select(Run.state, Run.error)):
            found.runs[state] += 1
            if error:
                found.errors[error] += 1
        pairs = session.execute(select(Pair.state, Pair.error).where(Pair.state != "ok")).all()
        found.unsettled += [f"pair {state} {error}" for state, error in pairs]
        open_intents = session.scalar(select(func.count(Intent.id))) or 0
        refs = session.scalars(select(InboxItem.ref)).all()
    found.unsettled += ["open intent"] * open_intents
    found.unsettled += [f"still announced: {ref[-12:]}" for ref in refs]


def _recoveries(house: House, kills: list[Kill]) -> Iterable[float]:
    """Seconds from a kill to the end of the connection's next finished run. Where another kill
    came between, the clock starts with the last one."""
    with house.core.storage.read(SYSTEM) as session:
        finished = (Run.state.in_(("done", "held")), Run.ended_at.is_not(None))
        rows = session.execute(select(Run.connection_id, Run.ended_at).where(*finished)).all()
    for kill in kills:
        later = [row.ended_at for row in rows if row.connection_id == kill.connection_id]
        ends = min((end for end in later if end > kill.at), default=None)
        again = any(
            other.connection_id == kill.connection_id
            and other.at > kill.at
            and (ends is None or other.at < ends)
            for other in kills
        )
        if again:
            continue
        yield float("inf") if ends is None else (ends - kill.at).total_seconds()
