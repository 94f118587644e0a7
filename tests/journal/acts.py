"""What the member does with the journal, in short verbs."""

from collections.abc import Iterator

import pytest
from sqlalchemy import update

from andock_core.jobs.queue import Queue
from andock_core.journal import undo
from andock_core.journal.undo import Target
from andock_core.storage import SYSTEM, Connection, JournalLine
from tests.runs.stage import Stage


@pytest.fixture(autouse=True)
def no_queue(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Runs start when a test says so."""
    with monkeypatch.context() as patch:
        patch.setattr(Queue, "enqueue", lambda *_args, **_options: None)
        yield


def take_back(stage: Stage, run_id: str = "", line_id: str = "") -> int:
    """The member takes it back, and a worker does it."""
    target = Target(run_id=run_id, line_id=line_id)
    asked = undo.ask(stage.core, stage.scope, stage.connection_id, target)
    with stage.core.storage.write(SYSTEM) as session:
        session.execute(update(Connection).values(queued_at=None, requested_at=None))
    stage.run()
    return asked


def outcomes(stage: Stage, run_id: str) -> list[tuple[str, str]]:
    """What became of a run's lines: (undo, reason), sorted."""
    lines = [row for row in stage.rows(JournalLine) if row.run_id == run_id]
    return sorted((row.undo, row.undo_reason) for row in lines)


def last_run(stage: Stage) -> str:
    """The newest run."""
    return stage.runs()[-1].id
