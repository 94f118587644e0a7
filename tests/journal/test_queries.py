"""The journal's pages: runs folded, lines filtered, searched after their seals were opened."""

import time
from datetime import timedelta

import pytest

from andock_core import clock
from andock_core.connections.errors import NotFound
from andock_core.journal import queries, runs
from andock_core.journal.queries import Filter
from andock_core.journal.runs import Quiet, RunRow
from andock_core.runs.sealing import Seals
from andock_core.storage import SYSTEM, JournalLine, Scope
from andock_core.storage.types import new_id
from andock_core.sync.ports import Line
from tests.journal.acts import last_run
from tests.runs.stage import Stage, appointment


def lines(stage: Stage, **wanted: object) -> list[str]:
    found = queries.page(stage.core, stage.scope, stage.connection_id, Filter(**wanted))  # type: ignore[arg-type]
    return [line.title for line in found.lines]


def shown(stage: Stage) -> list[str]:
    found = runs.page(stage.core, stage.scope, stage.connection_id)
    return [
        f"{row.runs} quiet" if isinstance(row, Quiet) else f"{row.trigger}, {row.lines}"
        for row in found.rows
    ]


def test_runs_with_nothing_to_do_are_one_line(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    stage.run()
    stage.create(appointment("Kick-off"))
    for _ in range(4):
        stage.run()
    assert shown(stage) == ["3 quiet", "schedule, 1", "1 quiet"]


@pytest.mark.more
def test_runs_come_in_pages_that_do_not_split_what_is_folded(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    for name in ("Kick-off", "Offer"):
        stage.create(appointment(name))
        for _ in range(3):
            stage.run()
    pages = []
    older = ""
    while True:
        found = runs.page(stage.core, stage.scope, stage.connection_id, older, size=1)
        pages.append([type(row) for row in found.rows])
        older = found.older
        if not older:
            break
    assert pages == [[Quiet], [RunRow], [Quiet], [RunRow]]


def test_lines_are_filtered(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    entry_id = stage.create(appointment("Kick-off"))
    stage.memory.put(stage.imported, appointment("Dentist"))
    stage.run()
    first = last_run(stage)
    stage.edit(entry_id, location="Room 4")
    stage.run()
    assert sorted(lines(stage)) == ["Dentist", "Kick-off", "Kick-off"]
    assert lines(stage, side="here") == ["Dentist"]
    assert lines(stage, action="update") == ["Kick-off"]
    assert sorted(lines(stage, run_id=first)) == ["Dentist", "Kick-off"]
    assert lines(stage, problems=True) == []
    assert lines(stage, since=clock.now() + timedelta(hours=1)) == []
    names = queries.collections(stage.core, stage.scope, stage.connection_id)
    by_collection = [lines(stage, collection_id=each) for each in names]
    assert sorted(map(len, by_collection)) == [1, 2]


def test_a_search_finds_what_a_line_says_before_and_after(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    entry_id = stage.create(appointment("Kick-off", location="Old harbour"))
    stage.create(appointment("Offer", day=4))
    stage.run()
    stage.edit(entry_id, location="Room 4")
    stage.run()
    assert lines(stage, text="HARBOUR") == ["Kick-off", "Kick-off"]
    assert lines(stage, text="room kick") == ["Kick-off"]
    assert lines(stage, text="nobody said that") == []


def test_no_title_lies_in_the_clear(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    stage.create(appointment("Very particular words"))
    stage.run()
    for row in stage.rows(JournalLine):
        columns = [str(getattr(row, each.key)) for each in JournalLine.__table__.columns]
        assert "particular" not in " ".join(columns)


def test_a_stranger_sees_nothing(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    stage.create(appointment("Kick-off"))
    stage.run()
    (row,) = stage.rows(JournalLine)
    other = Scope(stage.scope.tenant_id, "somebody-else")
    where = (stage.core, other, stage.connection_id)
    for look in (
        lambda: runs.page(*where),
        lambda: runs.one(*where, row.run_id),
        lambda: runs.summary(*where),
        lambda: queries.page(*where, Filter()),
        lambda: queries.line(*where, row.id),
        lambda: queries.collections(*where),
    ):
        with pytest.raises(NotFound):
            look()


@pytest.mark.more
def test_ten_thousand_lines_are_searched_in_quick_portions(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    stage.run()
    many(stage, 10_000)
    begun = time.monotonic()
    portions = [queries.page(stage.core, stage.scope, stage.connection_id, Filter(text="needle"))]
    longest = time.monotonic() - begun
    while portions[-1].older:
        begun = time.monotonic()
        portions.append(
            queries.page(
                stage.core,
                stage.scope,
                stage.connection_id,
                Filter(text="needle"),
                portions[-1].older,
            )
        )
        longest = max(longest, time.monotonic() - begun)
    found = [line.title for portion in portions for line in portion.lines]
    assert found == ["needle 9000", "needle 0"]
    assert len(portions) == 5
    assert longest < 3  # on a busy machine; the figure is in the docs


def many(stage: Stage, number: int) -> None:
    """So many lines, two of which say "needle"."""
    seals = Seals(stage.core.vault, stage.scope.tenant_id, stage.scope.member_id)
    start = clock.now() - timedelta(days=30)
    (run,) = stage.runs()
    with stage.core.storage.write(SYSTEM) as session:
        for index in range(number):
            name = f"{'hay' if index % 9000 else 'needle'} {index}"
            identifier = new_id()
            line = Line("here", "create", "new there", None, appointment(name))
            session.add(
                JournalLine(
                    id=identifier,
                    tenant_id=stage.scope.tenant_id,
                    run_id=run.id,
                    connection_id=stage.connection_id,
                    collection_id="-",
                    side="here",
                    action="create",
                    at=start + timedelta(seconds=index),
                    content=seals.line_content(identifier, line),
                )
            )
