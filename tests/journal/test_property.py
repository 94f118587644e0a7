"""Whatever a run did: taking it back restores both sides, but for what changed since."""

import random
from typing import Any

import pytest

from andock_core.sync import breaker
from andock_sdk import Appointment
from tests.journal.acts import last_run, no_queue, outcomes, take_back
from tests.runs.stage import Stage, appointment
from tests.support.memory_service import document

__all__ = ["no_queue"]
HERE = ("subject", "location")
THERE = ("reminder_minutes", "busy")
ENTRIES = 6
Documents = dict[str, tuple[Any, ...]]


class Play:
    """Appointments in step, each with a category of its own by which both sides know it."""

    def __init__(self, stage: Stage, seed: int) -> None:
        self.stage = stage
        self.chance = random.Random(seed)
        self.numbers = 0
        for index in range(ENTRIES):
            label = (f"label-{index}",)
            fields: dict[str, Any] = {"recurrence": "FREQ=DAILY;COUNT=5"} if index == 0 else {}
            self.stage.create(appointment(f"Entry {index}", index, categories=label, **fields))
        stage.run()

    def new(self, field: str) -> Any:
        """A value that nobody has had yet."""
        self.numbers += 1
        if field == "reminder_minutes":
            return self.numbers
        if field == "busy":
            return self.chance.choice(["free", "tentative", "away", "elsewhere"])
        return f"{field} {self.numbers}"

    def here(self) -> dict[str, str]:
        """Label → entry id."""
        return {item.categories[0]: key for key, (_, item) in self.stage.here().items()}

    def there(self) -> dict[str, str]:
        """Label → ref."""
        found = self.stage.memory.items(self.stage.one)
        return {document(each).categories[0]: ref for ref, each in found.items()}

    def documents(self) -> tuple[Documents, Documents]:
        """What both sides hold, by label."""
        local = {item.categories[0]: _said(item) for _, item in self.stage.here().values()}
        found = self.stage.memory.items(self.stage.one).values()
        return local, {document(each).categories[0]: _said(document(each)) for each in found}

    def change(self, label: str) -> None:
        """One edit or delete on either side, or an edit on both."""
        stage, what = (
            self.stage,
            self.chance.choice(["here", "there", "both", "gone", "gone there"]),
        )
        if what == "gone":
            return stage.remove(self.here()[label])
        if what == "gone there":
            return stage.memory.remove(self.there()[label])
        if what in ("here", "both"):
            field = self.chance.choice(HERE)
            stage.edit(self.here()[label], **{field: self.new(field)})
        if what in ("there", "both"):
            field = self.chance.choice(THERE)
            stage.memory.edit(self.there()[label], **{field: self.new(field)})
        return None

    def some(self) -> list[str]:
        """Some of the labels."""
        labels = sorted(self.here())
        return self.chance.sample(labels, self.chance.randint(1, len(labels)))


def _said(item: Appointment) -> tuple[Any, ...]:
    return tuple(
        getattr(item, name) for name in (*HERE, *THERE, "when", "recurrence", "cancellations")
    )


@pytest.fixture
def many_deletes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The breaker is looked at elsewhere."""
    monkeypatch.setattr(breaker, "LEAST", 1000)


def play(stage: Stage, seed: int) -> None:
    """Change, run, take back: all as before. Change, run, change again, take back: all as before,
    but for what was changed again."""
    game = Play(stage, seed)
    before = game.documents()
    for label in game.some():
        game.change(label)
    stage.run()
    take_back(stage, last_run(stage))
    assert game.documents() == before
    stage.in_step()

    changed = game.some()
    for label in changed:
        stage.memory.edit(game.there()[label], subject=game.new("subject"))
    stage.run()
    run = last_run(stage)
    again = sorted(game.chance.sample(changed, game.chance.randint(0, len(changed))))
    later = {label: game.new("subject") for label in again}
    for label, subject in later.items():
        if game.chance.random() < 0.5:
            stage.edit(game.here()[label], subject=subject)
        else:
            stage.memory.edit(game.there()[label], subject=subject)
    take_back(stage, run)
    expected = tuple(
        {
            label: (later[label], *said[1:]) if label in later else said
            for label, said in side.items()
        }
        for side in before
    )
    assert game.documents() == expected
    kept = [("skipped", "changed")] * len(again)
    assert outcomes(stage, run) == sorted([("done", "")] * (len(changed) - len(again)) + kept)
    stage.in_step()


@pytest.mark.usefixtures("many_deletes")
@pytest.mark.parametrize("seed", range(1))
def test_taking_back_restores_both_sides_but_for_what_changed_since(
    sqlite_stage: Stage, seed: int
) -> None:
    play(sqlite_stage, seed)


@pytest.mark.more
@pytest.mark.usefixtures("many_deletes")
@pytest.mark.parametrize("seed", range(100, 110))
def test_and_so_it_does_in_many_more_games(stage: Stage, seed: int) -> None:
    play(stage, seed)
