"""Live reload with real processes: a changed file shows in the marketplace and in the next job."""

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from andock_core import accounts, config
from andock_core.core import Core
from andock_core.storage import migrate
from tests.jobs.workers import ROOT, wait_until

PASSWORD = "ein langes Passwort"
SOURCE = """
from andock_sdk import Account, Discovered, Grant, SyncJob, TestReport, Text, hookimpl
from tests.host.odd_plugins import listing
from tests.support.memory_plugin import _FORM as FORM

class Live:
    @hookimpl
    def describe(self):
        texts = {{"title": Text(en="{title}"), "authorize_form": FORM}}
        return listing("live").model_copy(update=texts)

    @hookimpl
    def authorize(self, context, answers):
        return Grant(secrets={{}})

    @hookimpl
    def discover(self, context, answers, report):
        return Discovered(server="{server}")

    @hookimpl
    def test(self, context, grant, report):
        return TestReport(account=Account(key="k", label="l"))

    @hookimpl
    def sync_jobs(self, context, settings):
        return []

def plugin():
    return Live()
"""


@dataclass
class House:
    """Web and worker of an installation with an editable plugin."""

    url: str
    source: Path
    log: Path
    browser: requests.Session

    def write(self, title: str, server: str) -> None:
        """Save the plugin's file, as an editor does."""
        fresh = self.source.with_suffix(".new")
        fresh.write_text(SOURCE.format(title=title, server=server))
        fresh.replace(self.source)

    def page(self, path: str) -> str:
        """A page as the signed-in member sees it."""
        answer = self.browser.get(self.url + path, timeout=10)
        assert answer.status_code == 200, f"{path}: {answer.status_code}"
        return answer.text

    def post(self, path: str, form: dict[str, str]) -> requests.Response:
        """Send a form."""
        found = re.search(r'csrf-token" content="([^"]+)"', self.page("/sign-in"))
        assert found
        form = {**form, "csrf_token": found[1]}
        return self.browser.post(self.url + path, data=form, timeout=10)

    def said(self) -> str:
        """What the processes logged."""
        return self.log.read_text()

    def found_server(self) -> str:
        """The server that the plugin's code finds in a worker."""
        added = self.post("/marketplace/live/add", {}).text
        found = re.search(r"/connections/[0-9a-f]{32}", added)
        assert found
        part = f"{found[0]}/search"
        self.post(f"{found[0]}/access", {"act": "search", "answer-user": "a@b.example"})
        wait_until(lambda: "data-found" in self.page(part))
        return self.page(part).partition('data-found="')[2].partition('"')[0]


@pytest.fixture
def house(tmp_path: Path, redis_url: str) -> Iterator[House]:
    """All processes are those that an operator starts."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    source = tmp_path / "src" / "live_plugin.py"
    source.parent.mkdir()
    source.write_text(SOURCE.format(title="Before the change", server="first.example"))
    known = source.parent / "live_plugin-1.0.dist-info"  # what `pip install -e` leaves
    known.mkdir()
    (known / "METADATA").write_text("Metadata-Version: 2.1\nName: live-plugin\nVersion: 1.0\n")
    (known / "entry_points.txt").write_text("[andock.plugins]\nlive = live_plugin:plugin\n")
    environment = {
        **os.environ,
        "ANDOCK_HOME": str(tmp_path / "home"),
        "ANDOCK_BASE_URL": f"http://127.0.0.1:{port}",
        "ANDOCK_DEVELOPER": "1",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'andock.db'}",
        "REDIS_URL": redis_url,
        "PYTHONPATH": os.pathsep.join((str(source.parent), str(ROOT))),
    }
    migrate.upgrade(environment["DATABASE_URL"])
    core = Core.open(config.load(environment), probe=False)
    tenant = accounts.create_tenant(core.storage, "firma", "Firma")
    accounts.create_member(core.storage, tenant, "anna@firma.test", "Anna", PASSWORD)
    core.close()
    log = tmp_path / "log"
    commands = (
        ["-m", "gunicorn", "app:app", "--bind", f"127.0.0.1:{port}", "--workers", "2"],
        ["worker.py", "--queue", "interactive"],
    )
    with log.open("ab") as file:
        running = [
            subprocess.Popen(
                [sys.executable, *words], cwd=ROOT, env=environment, stdout=file, stderr=file
            )
            for words in commands
        ]
    made = House(f"http://127.0.0.1:{port}", source, log, requests.Session())
    try:
        wait_until(lambda: made.said().count("under development") == 3)
        wait_until(lambda: "worker ready" in made.said())
        signing_in = {"email": "anna@firma.test", "password": PASSWORD}
        assert made.post("/sign-in", signing_in).status_code == 200
        yield made
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait(15)


@pytest.mark.more
def test_a_changed_file_shows_without_a_restart(house: House) -> None:
    """In both web processes, and the next job runs the new code, in the same worker process."""
    assert "Before the change" in house.page("/marketplace/")
    assert house.found_server() == "first.example"
    workers = re.findall(r"worker-interactive\[(\d+)\] worker ready", house.said())
    house.write("After the change", "second.example")
    wait_until(lambda: house.said().count("plugin looked at anew integration=live") == 2)
    for _ in range(8):  # whichever process answers
        assert "After the change" in house.page("/marketplace/")
        assert "Before the change" not in house.page("/marketplace/")
    wait_until(lambda: house.said().count("worker ready") == 2)
    assert re.findall(r"worker-interactive\[(\d+)\] worker ready", house.said()) == 2 * workers
    assert house.found_server() == "second.example"
    house.source.write_text("this is no Python")
    wait_until(lambda: "SyntaxError (live_plugin.py:1)" in house.said())
    house.write("Mended", "third.example")
    wait_until(lambda: "Mended" in house.page("/marketplace/"))
