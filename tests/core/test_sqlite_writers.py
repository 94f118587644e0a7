"""SQLite under several writing processes: nobody is told that the database is locked."""

import time
from multiprocessing import get_context
from multiprocessing.queues import Queue as ProcessQueue

import pytest
from sqlalchemy import func, select

from andock_core.storage import SYSTEM, Storage, Tenant

WRITERS = 4


def _write(url: str, name: str, seconds: float, results: "ProcessQueue[int | str]") -> None:
    storage, count = Storage(url), 0
    until = time.monotonic() + seconds
    try:
        while time.monotonic() < until:
            with storage.write(SYSTEM) as session:
                # Reads first: what a deferred transaction would fail at.
                session.scalar(select(func.count()).select_from(Tenant))
                session.add(Tenant(slug=f"{name}-{count}", name=name))
            count += 1
    except Exception as error:
        results.put(repr(error))
    else:
        results.put(count)


def _run_writers(url: str, seconds: float) -> list[int | str]:
    spawn = get_context("spawn")
    results: ProcessQueue[int | str] = spawn.Queue()
    processes = [
        spawn.Process(target=_write, args=(url, f"w{n}", seconds, results)) for n in range(WRITERS)
    ]
    for process in processes:
        process.start()
    found = [results.get(timeout=seconds + 60) for _ in processes]
    for process in processes:
        process.join()
    return found


@pytest.mark.parametrize(
    "seconds", [pytest.param(2, id="2s"), pytest.param(60, id="60s", marks=pytest.mark.more)]
)
def test_four_processes_write_without_a_locked_error(sqlite_url: str, seconds: int) -> None:
    found = _run_writers(sqlite_url, seconds)
    assert all(isinstance(count, int) and count > 0 for count in found), found
    storage = Storage(sqlite_url)
    with storage.read(SYSTEM) as session:
        stored = session.scalar(select(func.count()).select_from(Tenant))
    storage.close()
    assert stored == sum(count for count in found if isinstance(count, int))
    print(f"{WRITERS} writers, {seconds} s: {found} transactions, no error")  # noqa: T201
