"""Own jobs and calls from the other side with real parts: dispatcher, Valkey, work-horses."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from andock_core.connections import sealed
from andock_core.jobs.queue import Queue
from andock_core.webhooks import addresses
from tests.authorizing.conftest import REDIRECT, Place
from tests.jobs.workers import ROOT, wait_until
from tests.support.memory_plugin import FILE
from tests.support.redirect_plugin import CLIENT_STATE, SLUG

pytestmark = [pytest.mark.more, pytest.mark.timeout(120)]


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Nothing here depends on the kind of database."""
    return sqlite_url


@pytest.fixture
def house(place: Place, redis_url: str, tmp_path: Path) -> Iterator[Place]:
    """A worker with a dispatcher beside it."""
    settings = place.core.settings
    environment = {
        **os.environ,
        "ANDOCK_HOME": str(settings.home),
        "ANDOCK_KEYS": ",".join(settings.keys),
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": redis_url,
        "ANDOCK_EXTRA_PLUGINS": REDIRECT,
        "ANDOCK_EGRESS_ALLOW": ",".join(settings.egress_allow),
        FILE: str(tmp_path / "memory.db"),
    }
    place.core.queue = Queue(redis_url)
    command = [sys.executable, "worker.py", "--queue", "background", "--scheduler"]
    with (tmp_path / "log").open("wb") as log:
        worker = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    yield place
    worker.terminate()
    worker.wait(30)
    place.core.queue.close()


def test_jobs_run_by_themselves_and_calls_reach_the_plugin(house: Place, app: Flask) -> None:
    """Declared when the worker started, claimed by the dispatcher, run in work-horses."""
    connection_id = house.made(house.world.anna)
    wait_until(lambda: {one.get("job") for one in house.told()} >= {"sweep", "renew"}, 60)
    url = addresses.url(house.core, house.world.anna, connection_id, SLUG, "changes")
    path = url.removeprefix(house.core.settings.base_url)
    said = f'{{"clientState": "{CLIENT_STATE}"}}'
    assert app.test_client().post(path, data=said).status_code == 202

    def notes() -> dict[str, object]:
        row = house.world.row(connection_id)
        return sealed.open_sealed(house.core.vault, row, "notebook") or {}

    wait_until(lambda: notes().get("calls") == 1)
    assert str(notes()["hook"]).endswith(path)
