"""A schedule made from a seed: people edit on both sides, also during runs, and things fail."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

from andock_core.proof.faults import Faults
from andock_core.proof.people import People
from andock_core.proof.remote import ModelRemote, Nature, Remote
from andock_core.proof.store import Memory
from andock_core.proof.subject import GatedStore, Setting, Subject
from andock_core.sync.execute import run_collection
from andock_core.sync.plan import Policy
from andock_core.sync.ports import Surroundings
from andock_sdk import Appointment, Item, errors
from andock_sdk.connector import CollectionKind

Gate = Callable[[str], str]
"""Called before and after a call's effect ("create.before"). May raise, or name an oddity."""
Reach = Callable[[Gate, Callable[[], datetime]], Remote]
"""Makes the other side, from the gate and the schedule's clock."""

ROUNDS = 6
PAUSES = (timedelta(minutes=2), timedelta(hours=7), timedelta(hours=7), timedelta(days=2))
LEASE = timedelta(seconds=60)
HORIZON = timedelta(days=22)
"""What begins later than this is outside the window."""


MANY = 8
"""With fewer pairs than this an empty list may pass for some deletes that are meant."""


class Crash(BaseException):
    """The process died."""


class World:
    """Two sides, one pair of hands on each, and runs in between."""

    def __init__(
        self,
        seed: int,
        kind: CollectionKind = "calendar",
        make: Callable[[Setting], Subject] = Memory,
        reach: Reach | None = None,
    ) -> None:
        self.random = Random(seed)  # noqa: S311 - a schedule is to be the same each time
        self.kind = kind
        self.now = datetime(2026, 11, 22, 8, tzinfo=UTC)
        self.faults = Faults(self.random)
        self.policy = self._policy()
        draw = self.random.random
        nature = Nature(not self.policy.silent, draw() < 0.3, draw() < 0.3)
        self.remote: Remote
        if reach is None:
            self.remote = ModelRemote(self._call_gate, lambda: self.now, nature)
        else:
            self.remote = reach(self._call_gate, lambda: self.now)
            silent = self.remote.capabilities.silent_writes
            self.policy = replace(self.policy, silent=silent)
        self.subject = make(Setting(kind, self.policy, lambda: self.now))
        sides = (self.subject, self.remote)
        self.people = People(self.random, kind, self.policy, sides, self._new_id)
        self.unforeseen: list[Exception] = []
        self.mails = 0
        self.runs = 0
        self._ids = 0
        self._busy = self._taken_over = False

    def play(self, rounds: int = ROUNDS) -> None:
        """Edits, faults, runs; afterwards nothing fails any more."""
        self.people.begin()
        self.run()
        for _ in range(rounds):
            for _ in range(self.random.randrange(5)):
                self.people.act()
            if self.random.random() < 0.1:
                self.remote.lose_cursors()
            if self.random.random() < 0.2:
                self.subject.release("breaker.here")
                self.subject.release("breaker.there")
            self.faults.budget = self.random.randrange(6)
            self.run()
        self.faults.budget = 0
        self.mails = len(self.remote.outbox)
        self.now += timedelta(days=2)
        self.remote.land()
        self.subject.retry()

    def settle(self, most: int = 6) -> int:
        """Runs in peace, and the member says yes to whatever waits for them. How many runs it took
        until one had nothing to do, not counting those that ended with a question."""
        took = 0
        for _ in range(most):
            asked = self.agree()
            before, writes = self.subject.fingerprint(), len(self.remote.writes)
            self.run(timedelta(minutes=2))
            if before == self.subject.fingerprint() and writes == len(self.remote.writes):
                return took
            took += not (asked or self._waits())
        return most

    def agree(self) -> bool:
        """The member means what is held, and wants it sent. Whether anything was held."""
        waits = self._waits()
        for error in ("breaker.here", "breaker.there", "mail.would"):
            self.subject.release(error)
        return waits

    def run(self, pause: timedelta | None = None) -> None:
        """One run, whatever becomes of it."""
        self.now += self.random.choice(PAUSES) if pause is None else pause
        self._busy, self.people.between_runs = True, False
        self._taken_over = False
        try:
            self._one_run()
        except (Crash, errors.AndockError):
            if not self.faults.fired:
                raise
        except Exception as error:
            if not isinstance(error, self.stops) or not self.faults.fired:
                raise
        finally:
            self._busy, self.people.between_runs = False, True
            if self.remote.blank:
                self.remote.blank = False
                self.remote.lose_cursors()

    def enters(self, item: Item) -> datetime | None:
        """When an item comes into the window."""
        if not isinstance(item, Appointment):
            return self.now
        start = datetime.fromisoformat(item.when.start).replace(tzinfo=UTC)
        return self.now if start < self.now + HORIZON else start - HORIZON

    def _one_run(self) -> None:
        self.runs += 1
        store = self.subject.store()
        self.stops = store.stops
        run_collection(
            GatedStore(store, self._store_gate),
            self.remote,
            ref="calendar",
            collection_id="c" * 32,
            policy=self.policy,
            around=Surroundings(
                now=lambda: self.now,
                new_id=self._new_id,
                enters=self.enters,
                unforeseen=self.unforeseen.append,
            ),
            kind=self.kind,
        )

    def _policy(self) -> Policy:
        draw = self.random.random
        if self.kind == "contacts":
            return Policy("one", "theirs" if draw() < 0.5 else "ours")
        where = draw()
        return Policy(
            role="one" if where < 0.65 else "import" if where < 0.95 else "planning",
            winner="theirs" if draw() < 0.5 else "ours",
            new_visible=draw() < 0.3,
            silent=draw() < 0.85,
            direction="both" if draw() < 0.9 else "in" if draw() < 0.5 else "out",
        )

    # -- what happens at a gate

    def _call_gate(self, place: str) -> str:
        kind = self._at(place)
        if kind in ("error before the effect", "answer lost"):
            raise errors.Transient
        if kind == "throttled":
            raise errors.Throttled
        if kind == "sign-in refused":
            raise errors.MemberError
        if kind == "bug in the connector":
            raise ZeroDivisionError
        if kind == "empty list":
            self.remote.blank = self._may_be_blank()
            self.remote.lose_cursors()
        return kind

    def _store_gate(self, place: str) -> None:
        kind = self._at(place)
        if kind == "database fails":
            raise self.stops[-1]
        if kind == "lease lost":
            self.subject.store()  # a run that does nothing took over

    def _at(self, place: str) -> str:
        """Whatever happens there on any side; the kind of fault that is left to raise."""
        if not self._busy:
            return ""
        kind = self.faults.draw(place)
        if kind.startswith("crash"):
            raise Crash(place)
        if kind.startswith("edit"):
            self.people.act()
        if kind == "lease lost, another run":
            self._another_run()
        return kind

    def _another_run(self) -> None:
        """This one was frozen for longer than its lease; another one does all the work."""
        if self._taken_over:
            return  # nobody is frozen for as long as two leases
        self._taken_over = True
        budget, self.faults.budget = self.faults.budget, 0
        self.now += LEASE
        self._one_run()
        self.faults.budget = budget

    def _may_be_blank(self) -> bool:
        """Whether an empty list can be told from a calendar that somebody emptied: by the breaker,
        so there must be many pairs. Not once the member has said that what is missing may go: when
        the server says again that it is gone, list and item, nobody could know better."""
        pairs = self.subject.pairs()
        real = [pair for pair in pairs if pair.kind and pair.ref]
        decided = any(pair.state == "release" for pair in pairs)
        return len(real) >= MANY and self.policy.direction == "both" and not decided

    def _waits(self) -> bool:
        return any(pair.state == "held" for pair in self.subject.pairs())

    def _new_id(self) -> str:
        self._ids += 1
        return f"{self._ids:032x}"
