"""`make run` as a whole: it starts, it ends, it starts again, whatever happened to it before."""

import signal
import ssl
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.request import HTTPCookieProcessor, HTTPSHandler, build_opener, urlopen

import pytest
from sqlalchemy import select

from andock_core.storage import SYSTEM, Connection, Run, Storage
from andock_demo.address_books import BENS as BENS_PEOPLE
from andock_demo.appointments import APPOINTMENTS
from andock_demo.home import LOCK, open_home
from andock_demo.other_mailboxes import BENS
from andock_demo.people import BEN
from tests.support.databases import temporary_database
from tests.support.demo import COMMAND, DemoRun, free_ports

pytestmark = pytest.mark.timeout(240)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One data folder for the tests of this module, which follow one another.

    Its path is longer than a socket's address may be.
    """
    return tmp_path_factory.mktemp("demo") / ("x" * 100)


@pytest.fixture(scope="module")
def running(home: Path) -> Iterator[DemoRun]:
    """The first run on a fresh folder."""
    with DemoRun(home) as run:
        yield run


def test_it_gets_ready(running: DemoRun) -> None:
    """The site answers, and what a person needs is printed."""
    with urlopen(running.ready["web_url"] + "/healthz", timeout=5) as answer:
        assert answer.status == 200
    told = running.told()
    assert running.ready["web_url"] in told
    assert all(user["email"] in told for user in running.ready["users"])


def test_demo_json_has_what_scripts_need(running: DemoRun) -> None:
    """Exactly the promised fields; first user and first mailbox are one person; private."""
    ready = running.ready
    assert stat.S_IMODE(running.ready_file.stat().st_mode) == 0o600
    assert set(ready) == {"web_url", "users", "exchange", "microsoft", "sandbox"}
    assert set(ready["sandbox"]) == {"control", "token", "pages", "registration"}
    people = {one["email"] for one in ready["exchange"]["mailboxes"]}
    assert set(ready["sandbox"]["pages"]) == people
    assert all(
        set(user) == {"email", "password", "role", "tenant", "name"} for user in ready["users"]
    )
    exchange = ready["exchange"]
    assert set(exchange) == {"server", "ews_url", "ca_file", "mailboxes"}
    assert all(set(mailbox) == {"email", "password"} for mailbox in exchange["mailboxes"])
    microsoft = ready["microsoft"]
    assert microsoft["authority"] == f"https://localhost:{running.ports[1]}/organizations"
    assert microsoft["graph_url"] == f"https://localhost:{running.ports[1]}/v1.0"
    assert microsoft["mailboxes"] == exchange["mailboxes"]
    assert all(microsoft[name] for name in ("ca_file", "client_id", "client_secret"))
    assert microsoft["redirect_uri"].startswith("http://127.0.0.1:")
    assert exchange["mailboxes"][0]["email"] == ready["users"][0]["email"]
    assert exchange["server"] == f"localhost:{running.ports[1]}"
    assert Path(exchange["ca_file"]).is_file()
    assert len({user["tenant"] for user in ready["users"]}) == 2
    assert {user["role"] for user in ready["users"]} == {"member", "admin"}


def test_the_other_side_is_at_hand(running: DemoRun) -> None:
    """The stand-in's pages are told, and open by its authority."""
    pages, told = running.ready["sandbox"], running.told()
    trusted = ssl.create_default_context(cafile=running.ready["exchange"]["ca_file"])
    opener = build_opener(HTTPSHandler(context=trusted), HTTPCookieProcessor())
    for address in (pages["control"], next(iter(pages["pages"].values()))):
        assert address in told
        with opener.open(address, timeout=10) as page:
            assert "token" not in page.url


def test_the_colleague_is_connected(running: DemoRun) -> None:
    """Ben's mailbox is in step from the start: his entries and contacts came in, his appointments
    went out."""
    storage = Storage(f"sqlite:///{running.home / 'andock.db'}")
    with storage.read(SYSTEM) as session:
        connections = session.scalars(select(Connection)).all()
        states = [connection.state for connection in connections]
        runs = session.execute(select(Run.state, Run.counts)).all()
    storage.close()
    assert states == ["active"], running.log("seed-connect")
    came = len(BENS) + len(BENS_PEOPLE)
    assert ("done", {"in.created": came, "out.created": len(APPOINTMENTS[BEN.email])}) in [
        tuple(run) for run in runs
    ]


def test_the_data_folder_is_private(running: DemoRun) -> None:
    """Nobody else on the machine can read what the demo keeps."""
    readable = [
        path
        for path in [running.home, *running.home.rglob("*")]
        if stat.S_IMODE(path.lstat().st_mode) & 0o077 and not path.is_symlink()
    ]
    assert readable == []


def test_a_second_run_is_told(running: DemoRun) -> None:
    """On the same folder, and on the same ports, with the way out; the first one goes on."""
    second = DemoRun(running.home)
    assert second.process.wait(30) == 2
    assert "ANDOCK_HOME=" in second.told()
    for ports, name in (
        (running.ports, "ANDOCK_PORT"),
        ((free_ports()[0], running.ports[1]), "ANDOCK_SANDBOX_PORT"),
    ):
        other = DemoRun(running.home.with_name("other"), ports)
        assert other.process.wait(30) == 2
        assert f"{name}=" in other.told()
    assert running.ready_file.exists()


@pytest.mark.more
def test_ctrl_c_leaves_nothing_and_the_data_stays(running: DemoRun) -> None:
    """After Ctrl-C no process is left; the next run knows the same passwords."""
    before = running.ready
    assert len(running.processes()) >= 7
    assert running.stop(signal.SIGINT) == 0
    assert running.processes() == []
    assert not running.ready_file.exists()
    with DemoRun(running.home, running.ports) as again:
        assert again.ready == before
        assert again.stop(signal.SIGTERM) == 0
        assert again.processes() == []


@pytest.mark.more
def test_a_killed_run_leaves_nothing(home: Path) -> None:
    """After kill -9 its parts end by themselves, and the next run starts, even at once."""
    with DemoRun(home) as first:
        first.process.kill()
        first.process.wait()
        first.ready_file.unlink()
        with DemoRun(home, first.ports) as second:
            assert second.ready["users"]
            second.process.kill()
            second.process.wait()
            second.wait_gone()
    assert (home / LOCK).exists()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child")
@pytest.mark.more
def test_it_ends_when_make_is_killed(home: Path) -> None:
    """Started by make, it does not outlive it."""
    code = f"import subprocess; subprocess.run({[*COMMAND, '--end-with-parent']})"
    with DemoRun(home, command=[sys.executable, "-c", code]) as run:
        run.process.kill()
        run.process.wait()
        run.wait_gone()
        open_home(home).close()


@pytest.mark.more  # half a minute
def test_it_uses_the_stores_it_is_given(tmp_path: Path, postgres_url: str, redis_url: str) -> None:
    """With DATABASE_URL and REDIS_URL it makes neither a SQLite file nor a Valkey of its own."""
    with (
        temporary_database(postgres_url) as database,
        DemoRun(tmp_path / "home", DATABASE_URL=database, REDIS_URL=redis_url) as run,
    ):
        assert not (run.home / "andock.db").exists()
        assert not [process for process in run.processes() if "valkey" in process.name()]
        assert run.stop() == 0
