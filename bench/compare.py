"""`make compare`: the same schedules through Andock, vdirsyncer's algorithm and a naive loop.

All three meet the same people, the same server and the same faults, in one calendar in step both
ways (no windows, no private blocks, no second run at the same time). vdirsyncer's `sync` is the
real one (from PyPI, in build/compare), between two storages that hold our documents; items are
told apart by an id that both sides share, which is what it needs. SEEDS schedules (2,000).
"""

import asyncio
import json
import os
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from importlib import import_module
from typing import Any

from andock_core.proof.values import tag, texts_in, values
from andock_core.proof.world import World
from andock_core.sync.documents import differing, dump, fields_of, load
from andock_core.sync.plan import Policy
from andock_sdk import Item, Patch, RemoteItem, errors
from tests.sync.prove import table

NAMES = ("duplicates", "lost items", "lost edits", "wrong deletes", "out of step", "never quiet")


class Plain(World):
    """A world that every one of them can live in. Andock runs in it as it is."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.subject.abilities = frozenset({"planned"})  # no other connection has an item
        self.deleted: set[str] = set()
        self.stops: tuple[type[Exception], ...] = (ConnectionError,)

    def enters(self, item: Item) -> datetime | None:
        """All is in the window."""
        return self.now

    def wrongly_deleted(self) -> set[str]:
        """What was deleted on a side, and by no person."""
        lines = (line for line in self.subject.journal() if line.action == "delete")
        mine = {tag(line.before) for line in lines if line.before}
        return (self.deleted | mine) - self.people.ledger.deleted

    def told(self) -> Iterator[str]:
        """What a journal keeps of those who lost."""
        for line in self.subject.journal():
            for lost in line.lost:
                yield from texts_in(lost.value)

    def _policy(self) -> Policy:
        return Policy("one", "theirs" if self.random.random() < 0.5 else "ours", new_visible=True)

    def _another_run(self) -> None:
        """Not compared: they lock."""


class Other(Plain):
    """Somebody else's algorithm between Andock's entries and the other side."""

    def _one_run(self) -> None:
        self.runs += 1
        try:
            self.synchronise()
        except ZeroDivisionError as error:  # what a broken connector raises
            raise errors.PluginBug from error

    def synchronise(self) -> None:
        """Bring both sides in step."""
        raise NotImplementedError

    def there(self) -> dict[str, RemoteItem]:
        """All items there, by their ids."""
        refs, cursor = list[str](), None
        while True:
            page = self.remote.changes("calendar", cursor)
            refs += [change.ref for change in page.changes if change.kind == "changed"]
            cursor = page.cursor
            if not page.more:
                break
        found = self.remote.read("calendar", list(dict.fromkeys(refs))) if refs else []
        return {tag(one.item): one for one in found if isinstance(one, RemoteItem)}

    def write_there(self, ref: str, item: Item, expected: str) -> RemoteItem:
        """The whole document."""
        before = self.remote.items[ref].item if ref in self.remote.items else item
        fields = fields_of(item) - {"uid"}
        return self.remote.update(
            "calendar", ref, Patch(item=item, before=before, fields=fields), expected
        )

    def at_commit(self, change: Callable[[], None]) -> None:
        """A local write, with all that may happen around it."""
        self._store_gate("commit.before")
        change()
        self._store_gate("commit.after")

    def new_id(self) -> str:
        """For an entry."""
        return self._new_id()


class Naive(Other):
    """Fetch all, compare with what was there after the last run, write."""

    known: dict[str, tuple[str, str]]

    def synchronise(self) -> None:
        """Whoever changed since the last run is copied to the other side."""
        self.known = getattr(self, "known", {})
        there, here = self.there(), {tag(one.item): one for one in self.subject.entries()}
        for name in {**here, **there, **self.known}:
            mine, yours, before = here.get(name), there.get(name), self.known.get(name)
            if mine and yours:
                changed = before is None or _text(mine.item) != before[0]
                if _text(mine.item) == _text(yours.item):
                    continue
                alone = _text(yours.item) == (before[1] if before else "")
                if changed and (alone or self.policy.winner == "ours"):
                    self.write_there(yours.ref, mine.item, self._now(yours.ref))
                else:
                    self._edit(mine.entry_id, yours.item)
            elif mine and before:
                self.deleted.add(name)
                self.at_commit(lambda: self._delete(mine.entry_id))  # noqa: B023 - called at once
            elif mine:
                self.remote.create("calendar", mine.item, "")
            elif yours and before:
                self.deleted.add(name)
                self.remote.delete("calendar", yours.ref, self._now(yours.ref))
            elif yours:
                self.at_commit(lambda: self.subject.create(self.new_id(), yours.item))  # noqa: B023
        there, here = self.there(), {tag(one.item): one for one in self.subject.entries()}
        self.known = {
            name: (_text(here[name].item), _text(there[name].item))
            for name in here
            if name in there
        }

    def _edit(self, entry_id: str, item: Item) -> None:
        self.at_commit(lambda: self.subject.edit(entry_id, item) if self._has(entry_id) else None)

    def _delete(self, entry_id: str) -> None:
        if self._has(entry_id):
            self.subject.delete(entry_id)

    def _has(self, entry_id: str) -> bool:
        return any(one.entry_id == entry_id for one in self.subject.entries())

    def _now(self, ref: str) -> str:
        held = self.remote.items.get(ref)
        return f"v{held.number}" if held else ""


class Vdirsyncer(Other):
    """`vdirsyncer.sync.sync`. One side wins a conflict, as `conflict_resolution` is set."""

    asks = False

    def synchronise(self) -> None:
        """One run; what goes wrong with an item is reported, and the rest goes on."""
        code, status = import_module("vdirsyncer.sync"), import_module("vdirsyncer.sync.status")
        if not hasattr(self, "status"):
            self.status = status.SqliteStatus(":memory:")
        wins = "b wins" if self.policy.winner == "theirs" else "a wins"
        try:
            asyncio.run(
                code.sync(
                    _Here(self),
                    _There(self),
                    self.status,
                    conflict_resolution=None if self.asks else wins,
                    error_callback=_report,
                )
            )
        except import_module("vdirsyncer.exceptions").Error:
            return  # it stops, and a person has to look


class Asking(Vdirsyncer):
    """As it comes: conflicts are left to a person, who never answers here."""

    asks = True


class _Storage:
    read_only = no_delete = False

    def __init__(self, world: Other) -> None:
        self.world = world
        self.items = import_module("vdirsyncer.vobject").Item

    @asynccontextmanager
    async def at_once(self) -> AsyncIterator[None]:
        yield

    def packed(self, item: Item) -> Any:
        return self.items(f"BEGIN:VCALENDAR\nUID:{tag(item)}\nX-DOC:{_text(item)}\nEND:VCALENDAR")

    def unpacked(self, item: Any) -> Item:
        line = next(one for one in item.raw.splitlines() if one.startswith("X-DOC:"))
        return load({**json.loads(line[6:]), "uid": ""})


class _Here(_Storage):
    async def list(self) -> AsyncIterator[tuple[str, str]]:
        for one in self.world.subject.entries():
            yield one.entry_id, str(one.version)

    async def get_multi(self, hrefs: Sequence[str]) -> AsyncIterator[tuple[str, Any, str]]:
        for one in self.world.subject.entries():
            if one.entry_id in hrefs:
                yield one.entry_id, self.packed(one.item), str(one.version)

    async def upload(self, item: Any) -> tuple[str, str]:
        entry_id = self.world.new_id()
        document = self.unpacked(item)
        self.world.at_commit(lambda: self.world.subject.create(entry_id, document))
        return entry_id, "1"

    async def update(self, href: str, item: Any, etag: str) -> str:
        document = self.unpacked(item)
        self.world.at_commit(lambda: self._edit(href, document, etag))
        return str(int(etag) + 1)

    async def delete(self, href: str, etag: str) -> None:
        self.world.at_commit(lambda: self._delete(href, etag))

    def _edit(self, href: str, document: Item, etag: str) -> None:
        self._expect(href, etag)
        self.world.subject.edit(href, document)

    def _delete(self, href: str, etag: str) -> None:
        self._expect(href, etag)
        gone = next(one for one in self.world.subject.entries() if one.entry_id == href)
        self.world.deleted.add(tag(gone.item))
        self.world.subject.delete(href)

    def _expect(self, href: str, etag: str) -> None:
        found = [one for one in self.world.subject.entries() if one.entry_id == href]
        if not found or str(found[0].version) != etag:
            raise errors.Conflict


class _There(_Storage):
    async def list(self) -> AsyncIterator[tuple[str, str]]:
        self.found = self.world.there()
        for one in self.found.values():
            yield one.ref, one.version

    async def get_multi(self, hrefs: Sequence[str]) -> AsyncIterator[tuple[str, Any, str]]:
        for one in self.found.values():
            if one.ref in hrefs:
                yield one.ref, self.packed(one.item), one.version

    async def upload(self, item: Any) -> tuple[str, str]:
        made = self.world.remote.create("calendar", self.unpacked(item), "")
        return made.ref, made.version

    async def update(self, href: str, item: Any, etag: str) -> str:
        return self.world.write_there(href, self.unpacked(item), etag).version

    async def delete(self, href: str, etag: str) -> None:
        held = self.world.remote.items.get(href)
        self.world.remote.delete("calendar", href, etag)
        if held:
            self.world.deleted.add(tag(held.item))


def _report(error: Exception) -> None:
    """As its command line does: a line in a log, and on with the rest."""


def _text(item: Item) -> str:
    return json.dumps({**dump(item), "uid": ""}, sort_keys=True)


def findings(world: Plain) -> Iterator[str]:
    """What did not hold after a schedule."""
    world.play()
    quiet = world.settle(4)
    here = {tag(one.item): one.item for one in world.subject.entries()}
    there = {tag(held.item): held.item for held in world.remote.items.values()}
    both = [one.item for one in world.subject.entries()]
    both += [held.item for held in world.remote.items.values()]
    if len(both) > len(here) + len(there):
        yield "duplicates"
    if world.people.ledger.made - world.people.ledger.deleted - here.keys() - there.keys():
        yield "lost items"
    kept = {value for item in both for value in values(item).values()}
    if world.people.ledger.alive() - kept - set(world.told()):
        yield "lost edits"
    if world.wrongly_deleted():
        yield "wrong deletes"
    if here.keys() != there.keys() or any(
        differing(here[name], there[name]) and values(here[name]) != values(there[name])
        for name in here
    ):
        yield "out of step"
    if quiet >= 4:
        yield "never quiet"


def count(kind: type[Plain], seeds: int) -> Counter[str]:
    """In how many schedules what did not hold."""
    found: Counter[str] = Counter()
    for seed in range(seeds):
        found.update(findings(kind(seed)))
    return found


def main() -> int:
    """Print the table."""
    seeds = int(os.environ.get("SEEDS", "2000"))
    sides: dict[str, type[Plain]] = {
        "Andock": Plain,
        "vdirsyncer, one side wins": Vdirsyncer,
        "vdirsyncer, conflicts wait": Asking,
        "fetch all, compare, write": Naive,
    }
    rows: list[list[object]] = []
    for name, kind in sides.items():
        found = count(kind, seeds)
        rows.append([name, *(found[one] for one in NAMES)])
    print(f"{seeds} schedules each; in how many of them there were")
    print(table(["", *NAMES], rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
