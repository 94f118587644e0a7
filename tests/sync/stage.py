"""A small stage for one story: a model of the other side, the store in memory, and a run."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from andock_core.proof.remote import ModelRemote, Nature
from andock_core.proof.store import Memory
from andock_core.proof.subject import GatedStore, Setting
from andock_core.sync.execute import run_collection
from andock_core.sync.plan import Policy
from andock_core.sync.ports import Surroundings
from andock_sdk import Item, errors
from andock_sdk.connector import CollectionKind


class Stage:
    """Nothing fails but what `at` says: a gate ("create.after") and what then happens, once."""

    def __init__(
        self,
        policy: Policy | None = None,
        *,
        kind: CollectionKind = "calendar",
        nature: Nature | None = None,
    ) -> None:
        self.now = datetime(2026, 11, 22, 8, tzinfo=UTC)
        self.policy = policy or Policy("one")
        self.kind = kind
        self.at: dict[str, Callable[[], str]] = {}
        self.memory = Memory(Setting(kind, self.policy, lambda: self.now))
        self.remote = ModelRemote(self._gate, lambda: self.now, nature or Nature())
        self.unforeseen: list[Exception] = []
        self._ids = 0

    def here(self, item: Item, entry_id: str = "e" * 32) -> str:
        """The member makes an entry."""
        self.memory.create(entry_id, item)
        return entry_id

    def run(self, minutes: int = 10) -> None:
        """A run, some minutes later. Connection-wide errors end it quietly."""
        self.now += timedelta(minutes=minutes)
        around = Surroundings(
            now=lambda: self.now,
            new_id=self._new_id,
            enters=lambda item: self.now,
            unforeseen=self.unforeseen.append,
        )
        store = GatedStore(self.memory.store(), self._commit_gate)
        with suppress(errors.AndockError, InterruptedError):
            run_collection(
                store,
                self.remote,
                ref="calendar",
                collection_id="c" * 32,
                policy=self.policy,
                around=around,
                kind=self.kind,
            )

    def items(self) -> list[Item]:
        """What Andock holds."""
        return [local.item for local in self.memory.entries()]

    def _gate(self, place: str) -> str:
        happens = self.at.pop(place, None)
        return happens() if happens else ""

    def _commit_gate(self, place: str) -> None:
        self._gate(place)

    def _new_id(self) -> str:
        self._ids += 1
        return f"{self._ids:032x}"


def dies() -> str:
    """The process, for a gate."""
    raise InterruptedError


def unknown() -> str:
    """The answer is lost, for a gate."""
    raise errors.Transient
