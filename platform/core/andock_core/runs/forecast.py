"""What a preview tells, as data. It holds titles of the owner's items: sealed wherever it rests."""

from pydantic import BaseModel, ConfigDict

from andock_core.sync.preview import Effect, title_of
from andock_sdk import Appointment, Item, Slot

EXAMPLES = 3
LONGEST = 120
"""Characters of a title."""


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True)


class Example(_Data):
    """One item by its title. `when` is None for what has no time."""

    title: str
    when: Slot | None = None


class Found(_Data):
    """How many items, and the first few of them."""

    count: int = 0
    examples: tuple[Example, ...] = ()


class Part(_Data):
    """One calendar or folder of contacts; `kind` and `role` as in its table. `retired`: it is let
    go of."""

    name: str
    kind: str
    role: str
    retired: bool = False
    found: dict[Effect, Found] = {}


class Forecast(_Data):
    """What a run would do, by collection. `mails`: e-mails that the other side would send at most.
    `invitations`: the member wants attendees to be told, and the other side can."""

    parts: tuple[Part, ...] = ()
    mails: int = 0
    invitations: bool = False

    def count(self, *effects: Effect) -> int:
        """How many items in all have one of these effects."""
        return sum(part.found[e].count for part in self.parts for e in effects if e in part.found)

    def examples(self, *effects: Effect) -> list[Example]:
        """The first few of them."""
        found = (part.found[e] for part in self.parts for e in effects if e in part.found)
        return [example for each in found for example in each.examples][:EXAMPLES]


class Tally:
    """Counts as they come, by collection."""

    def __init__(self) -> None:
        self._found: dict[str, dict[Effect, tuple[int, list[Example]]]] = {}

    def add(self, collection_id: str, effect: Effect, item: Item | None) -> None:
        """One more."""
        mine = self._found.setdefault(collection_id, {})
        number, examples = mine.get(effect, (0, []))
        example = _example(item)
        if example is not None and len(examples) < EXAMPLES:
            examples.append(example)
        mine[effect] = (number + 1, examples)

    def of(self, collection_id: str) -> dict[Effect, Found]:
        """What was counted for one collection."""
        mine = self._found.get(collection_id, {})
        return {
            effect: Found(count=number, examples=tuple(examples))
            for effect, (number, examples) in mine.items()
        }


def _example(item: Item | None) -> Example | None:
    if item is None:
        return None
    when = item.when if isinstance(item, Appointment) else None
    return Example(title=title_of(item)[:LONGEST], when=when)
