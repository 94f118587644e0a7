"""The journal is kept for a set time."""

from datetime import timedelta

from sqlalchemy import update

from andock_core import clock
from andock_core.jobs.housekeeping import purge_journal
from andock_core.storage import SYSTEM, JournalLine, Run
from tests.runs.stage import Stage, appointment


def test_old_runs_go_with_their_lines_and_the_newest_stays(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    for name in ("Kick-off", "Offer", "Review"):
        stage.create(appointment(name))
        stage.run()
    oldest, middle, newest = stage.runs()
    with stage.core.storage.write(SYSTEM) as session:
        for run, days in ((oldest, 95), (middle, 80), (newest, 79)):
            moment = clock.now() - timedelta(days=days)
            session.execute(update(Run).where(Run.id == run.id).values(started_at=moment))
    assert purge_journal(stage.core.storage, clock.now(), 90) == 1
    assert [run.id for run in stage.runs()] == [middle.id, newest.id]
    assert {row.run_id for row in stage.rows(JournalLine)} == {middle.id, newest.id}
    assert purge_journal(stage.core.storage, clock.now(), 2) == 1
    assert [run.id for run in stage.runs()] == [newest.id]
