"""`andock plugins`: the operator's switch, and a look at what is not installed yet."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from andock_core.host.probing import Finding
from andock_core.host.sources import Source
from tests.command.conftest import Run

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
    assert not sources
    return []


def test_an_unknown_plugin_cannot_be_switched_off(run: Run, company: str) -> None:
    assert "There is no plugin" in str(run("plugins", "disable", "never-heard-of").exception)


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
