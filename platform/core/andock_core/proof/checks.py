"""What must hold after a schedule, and the counts of what did not."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from andock_core.proof.store import Memory
from andock_core.proof.subject import Paired, Setting, Subject
from andock_core.proof.values import tag, texts_in, values
from andock_core.proof.world import Reach, World
from andock_sdk import Item
from andock_sdk.connector import CollectionKind

MOST_RUNS = 2


class Broken(AssertionError):
    """Something does not hold. The text begins with which."""


@dataclass
class Outcome:
    """How a schedule ended."""

    world: World
    runs: int
    broken: dict[str, object] = field(default_factory=dict)


def judge(
    seed: int,
    kind: CollectionKind = "calendar",
    make: Callable[[Setting], Subject] = Memory,
    reach: Reach | None = None,
) -> Outcome:
    """Play a schedule and look at everything. Raises what the core or the store raised."""
    world = World(seed, kind, make, reach)
    try:
        world.play()
        outcome = Outcome(world, world.settle())
        outcome.broken = {name: found for name, found in _findings(outcome) if found}
        return outcome
    finally:
        world.subject.close()


def check(
    seed: int,
    kind: CollectionKind = "calendar",
    make: Callable[[Setting], Subject] = Memory,
) -> Outcome:
    """As `judge`; raises Broken."""
    outcome = judge(seed, kind, make)
    if outcome.broken:
        raise Broken("; ".join(f"{name}: {found}" for name, found in outcome.broken.items()))
    return outcome


def _findings(outcome: Outcome) -> Iterator[tuple[str, object]]:
    world = outcome.world
    here = [local.item for local in world.subject.entries()]
    there = [held.item for held in world.remote.items.values()]
    yield "duplicates", _doubles(here) + _doubles(there)
    yield "lost items", sorted(_lost_items(world, here + there))
    yield "lost edits", sorted(_lost_edits(world, here + there))
    yield "wrong deletes", sorted(_wrong_deletes(world))
    yield "mails", world.mails
    yield "shown unasked", sorted(_shown_unasked(world))
    yield "converges late", outcome.runs if outcome.runs > MOST_RUNS else 0
    yield "open intents", world.subject.open_intents()
    yield "unforeseen errors", world.unforeseen
    yield "out of step", list(_out_of_step(world))
    yield "wrong direction", list(_against_direction(world))
    yield "next run writes", _next_run_writes(world)


def _doubles(items: list[Item]) -> list[str]:
    return [name for name, count in Counter(map(tag, items)).items() if count > 1]


def _lost_items(world: World, items: list[Item]) -> set[str]:
    ledger = world.people.ledger
    return ledger.made - ledger.deleted - {tag(item) for item in items}


def _lost_edits(world: World, items: list[Item]) -> set[str]:
    """Values that nobody overwrote or deleted, and that are nowhere, not even in the journal."""
    missing = world.people.ledger.alive()
    for item in items:
        missing -= set(values(item).values())
    for line in world.subject.journal():
        for lost in line.lost:
            missing -= set(texts_in(lost.value))
    return missing


def _wrong_deletes(world: World) -> set[str]:
    """Items that Andock deleted on a side, and no person anywhere."""
    found = {
        tag(line.before)
        for line in world.subject.journal()
        if line.action == "delete" and line.before is not None
    }
    return found - world.people.ledger.deleted


def _shown_unasked(world: World) -> set[str]:
    """What somebody made there and colleagues can read, without the member's word."""
    if world.kind == "contacts" or world.policy.new_visible:
        return set()
    visible = (local for local in world.subject.entries() if local.kind in ("own", "converted"))
    return {tag(local.item) for local in visible} - world.people.ledger.shown


def _out_of_step(world: World) -> Iterator[str]:
    """Every pair holds the same on both sides; all is out or in that belongs there."""
    if world.policy.direction != "both":
        return
    here = {local.entry_id: local for local in world.subject.entries()}
    pairs = {pair.ref: pair for pair in world.subject.pairs()}
    for ref, held in world.remote.items.items():
        pair = pairs.pop(ref, None)
        if pair is None:
            if world.policy.role != "planning":
                yield f"{tag(held.item)} is only there"
        elif pair.kind and pair.entry_id in here:
            yield from _difference(world, here[pair.entry_id].item, held.item)
        elif pair.kind or not _is_rightly_noted(world, pair, held.item):
            yield f"{tag(held.item)} is {pair.state} without an entry"
    yield from (f"a pair for {ref}, which is not there" for ref in pairs)
    yield from _not_out(world, {pair.entry_id for pair in world.subject.pairs() if pair.kind})


def _difference(world: World, mine: Item, yours: Item) -> Iterator[str]:
    one, other = values(mine), values(yours)
    for place in sorted(one.keys() | other.keys()):
        if one.get(place) != other.get(place):
            yield f"{tag(mine)} {place}: {one.get(place)} here, {other.get(place)} there"
    for name in ("recurrence", "cancellations", "sensitivity"):
        if getattr(mine, name, None) != getattr(yours, name, None):
            yield f"{tag(mine)} {name}"


def _is_rightly_noted(world: World, pair: Paired, item: Item) -> bool:
    if pair.state == "twin":
        return True
    enters = world.enters(item)
    return pair.state == "outside" and (enters is None or enters > world.now)


def _not_out(world: World, paired: set[str]) -> Iterator[str]:
    for local in world.subject.entries():
        goes = local.kind == "planned" or (local.kind == "own" and world.policy.role == "one")
        if goes and local.entry_id not in paired:
            yield f"{tag(local.item)} is only here"


def _against_direction(world: World) -> Iterator[str]:
    if world.policy.direction == "in":
        yield from (f"{call} there" for call, _ in world.remote.writes)
    if world.policy.direction == "out":
        for line in world.subject.journal():
            if line.side == "here" and line.before != line.after and not _hides(line.after):
                yield f"{line.action} here: {line.reason}"


def _hides(item: Item | None) -> bool:
    """It may become a block, which is as it is there."""
    return getattr(item, "sensitivity", "") == "private"


def _next_run_writes(world: World) -> int:
    before = len(world.remote.writes)
    world.run(timedelta(minutes=2))
    return len(world.remote.writes) - before
