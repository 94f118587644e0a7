"""`andock plugins`: the operator's switch, and a look at what is not installed yet."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from andock_command.opened import core
from andock_core.host import Catalog, breaker
from andock_core.host.catalog import Listed
from andock_core.host.probing import Finding
from andock_core.host.reasons import Reason
from andock_core.host.sources import Source
from andock_core.storage import SYSTEM, PluginJob
from tests.command.conftest import Run
from tests.connections.world import PLUGIN
from tests.support.memory_plugin import SLUG

PACKAGE = "andock-exchange-calendar"
EXAMPLES = Path(__file__).parents[2] / "examples"


def test_a_plugin_is_switched_off_and_on(
    run: Run, company: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By its package's name, without looking at it: it may hang."""
    monkeypatch.setattr("andock_core.host.catalog.probe_all", _nobody)
    done = run("plugins", "disable", PACKAGE)
    assert done.exit_code == 0, done.output
    assert "is switched off" in done.output
    assert "already" in run("plugins", "disable", PACKAGE).output
    assert "switched off by the operator" in run("plugins", "list").output
    assert "SWITCHED OFF" in run("plugins", "check", PACKAGE).output
    assert "is switched on" in run("plugins", "enable", PACKAGE).output


def _nobody(sources: Sequence[Source]) -> list[tuple[Source, Finding]]:
    assert PACKAGE not in [source.distribution for source in sources]
    return [(source, Finding(broken=Reason("load.no_turn"))) for source in sources]


def test_an_unknown_plugin_cannot_be_switched_off(run: Run, company: str) -> None:
    assert "There is no plugin" in str(run("plugins", "disable", "never-heard-of").exception)


@pytest.fixture
def memory(monkeypatch: pytest.MonkeyPatch) -> Listed:
    """A plugin that is named instead of installed, and is the only one; looked at once."""
    monkeypatch.setattr("andock_core.host.catalog.installed", list)
    monkeypatch.setenv("ANDOCK_EXTRA_PLUGINS", PLUGIN)
    (only,) = Catalog((PLUGIN,)).all()
    found = Finding(only.listing, hooks=only.hooks)

    def looked_at(sources: Sequence[Source]) -> list[tuple[Source, Finding]]:
        return [(source, found) for source in sources]

    monkeypatch.setattr("andock_core.host.catalog.probe_all", looked_at)
    return only


def test_a_plugin_that_is_named_is_checked_without_a_database(run: Run, memory: Listed) -> None:
    """As somebody does who is about to write one."""
    assert f"Works: {SLUG}" in run("plugins", "check").output


def test_what_was_set_aside_is_told_and_let_in_again(
    run: Run, company: str, memory: Listed
) -> None:
    """By the same command that switches a plugin on."""
    with core() as opened:
        for _ in range(breaker.MOST):
            breaker.note(opened.storage, memory, breaker.OBSERVERS, "plugin.hanging")
    assert "works; set aside: observers" in run("plugins", "list").output
    assert "SET ASIDE    observers: plugin.hanging, 20" in run("plugins", "show", SLUG).output
    assert f"andock plugins enable {SLUG}" in run("doctor").output
    assert f"{SLUG}: called again: observers." in run("plugins", "enable", SLUG).output
    assert "SET ASIDE" not in run("plugins", "show", SLUG).output


def test_how_a_job_of_the_installation_went_is_told(run: Run, company: str, memory: Listed) -> None:
    """By its error's key."""
    moment = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
    with core() as opened, opened.storage.write(SYSTEM) as session:
        session.add(
            PluginJob(
                id="1",
                integration=SLUG,
                name="sweep",
                minutes=60,
                started_at=moment,
                ended_at=moment,
                next_due_at=moment + timedelta(hours=1),
                error="transient",
            )
        )
    assert (
        "  job          sweep: transient, ended 2026-11-22 09:30 UTC, next 2026-11-22 10:30 UTC"
        in run("plugins", "show", SLUG).output
    )


@pytest.mark.more  # builds packages
@pytest.mark.parametrize(
    ("example", "exit_code", "words"),
    [
        ("icalendar_subscription", 0, ("asks for     The published calendar: read", "Works: ")),
        ("broken_calendar", 1, ("DOES NOT WORK: fails when it is loaded: RuntimeError",)),
        ("outdated_calendar", 1, ("LACKS        andock-sdk<1,>=0.8", "made for contract 0")),
    ],
)
def test_a_package_is_looked_at_before_it_is_installed(
    run: Run, example: str, exit_code: int, words: tuple[str, ...]
) -> None:
    """Nothing of it stays."""
    done = run("plugins", "check", "--path", str(EXAMPLES / example))
    assert bool(done.exit_code) == bool(exit_code), done.output
    assert all(one in done.output for one in words), done.output
    assert example.replace("_", "-") not in run("plugins", "list").output


@pytest.mark.more  # builds a package
def test_a_folder_without_a_plugin_says_so(run: Run, tmp_path: Path) -> None:
    done = run("plugins", "check", "--path", str(tmp_path))
    assert "cannot be installed" in str(done.exception)
