"""`make run` as a newcomer types it: in a fresh clone, with an empty home folder."""

import os
import signal
import statistics
import subprocess
import time
from pathlib import Path

import pytest
from calendars import calendar
from feed_server import FeedServer
from playwright.sync_api import Browser

from andock_demo.processes import of_home
from andock_demo.settings import ROOT
from tests.examples.side_by_side import EXAMPLES, MakeRun, page_times, pip_install
from tests.examples.visit import Visit
from tests.support.demo import free_ports

pytestmark = [pytest.mark.more, pytest.mark.timeout(900)]

# What finding the package index may take on a machine; nothing else is handed over.
INHERITED = ("PATH", "LANG", "SSL_CERT_FILE", "HTTPS_PROXY", "NO_PROXY")


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The committed state of this tree, somewhere else."""
    folder = tmp_path_factory.mktemp("fresh") / "andock"
    subprocess.run(["git", "clone", "--quiet", ROOT, folder], check=True)
    return folder


@pytest.fixture(scope="module")
def ports() -> tuple[int, int]:
    """The same for every start in the clone: connections remember the stand-in's address."""
    return free_ports()


def environment(clone: Path) -> dict[str, str]:
    """A newcomer's environment: an empty home, none of the test run's settings."""
    home = clone.parent / "home"
    home.mkdir(exist_ok=True)
    pip = {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
    kept = {name: os.environ[name] for name in INHERITED if name in os.environ}
    # The environment's own Python is not what a newcomer has on the path.
    kept["PATH"] = os.pathsep.join(
        part for part in kept["PATH"].split(os.pathsep) if str(ROOT) not in part
    )
    return {**pip, **kept, "HOME": str(home)}


def test_make_run_in_a_fresh_clone(clone: Path, ports: tuple[int, int]) -> None:
    """One command gets it going; Ctrl-C at the terminal ends it and leaves no process."""
    settings = {"ANDOCK_PORT": str(ports[0]), "ANDOCK_SANDBOX_PORT": str(ports[1])}
    log = clone.parent / "make.log"
    with log.open("wb") as output:
        make = subprocess.Popen(
            ["make", "run"],
            cwd=clone,
            env={**environment(clone), **settings},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    home = clone / "var"
    deadline = time.monotonic() + 600
    while not (home / "demo.json").exists():
        assert make.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.2)
    assert len(of_home(home)) >= 7
    os.killpg(make.pid, signal.SIGINT)  # as a terminal does: to everyone in the foreground
    make.wait(20)
    assert of_home(home) == []
    assert list((clone.parent / "home").rglob("*.ctl")) == []  # nothing of ours outside


def test_plugins_by_pip_side_by_side(
    clone: Path, ports: tuple[int, int], browser: Browser, capsys: pytest.CaptureFixture[str]
) -> None:
    """A plugin that an operator installed is found at the next start and stays, however often the
    environment is refreshed. One that works, one that is broken, hostile ones and an outdated one
    live side by side: the marketplace shows each for what it is, pages stay quick, the workers
    survive, and nobody else's connection is touched."""
    around = environment(clone)
    subprocess.run(["make", "env"], cwd=clone, env=around, check=True)
    with FeedServer(clone.parent) as feed:
        feed.text = calendar("DTSTART:20261124T080000Z\nDTEND:20261124T090000Z\nSUMMARY:Geheim")
        around["ANDOCK_CA_FILE"] = str(feed.ca_file)
        around["ANDOCK_EGRESS_ALLOW"] = f"localhost:{feed.port}"
        pip_install(clone, around, EXAMPLES[0])
        (clone / ".venv" / ".andock-installed").unlink()  # so that the lock is installed anew
        with MakeRun(clone, ports, around) as first:
            assert "icalendar-subscription" in first.andock("plugins", "list")
        pip_install(clone, around, *EXAMPLES[1:])
        with MakeRun(clone, ports, around) as run:

            def say(words: str) -> None:
                with capsys.disabled():
                    print(f"\n{words}", end="")  # noqa: T201 - the raw figures

            visit = Visit(run, browser, clone.parent, say)
            visit.shows_each_for_what_it_is()
            visit.subscribes(feed)
            visit.bears_the_hostile_one()
            visit.touches_nobody_else()
            visit.sets_the_observer_aside()
            seconds = page_times(run, visit.person.page.request, say)
            assert statistics.median(seconds["with"]) < 2
