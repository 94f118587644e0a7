"""The tutorial "Your first plugin in ten minutes", followed to the letter."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.docs.documented import ROOT
from tests.docs.tutorial import Outcome, blocks, follow, fresh_environment
from tests.e2e.person import Person
from tests.e2e.words import ENGLISH
from tests.support.demo import DemoRun

pytestmark = [pytest.mark.more, pytest.mark.timeout(300)]

PAGE = ROOT / "docs/first-plugin.md"
# What a reader has done already, and what goes on until Ctrl-C: both are done here.
SET_UP = "cd /path/to/andock\nmake dev\nsource .venv/bin/activate\n"
DEMO = "andock demo\n"
ANNA = "anna@musterfirma.test"


@pytest.fixture(scope="module")
def commands(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of `andock`, `python` and `pip` of a fresh environment."""
    return fresh_environment(tmp_path_factory.mktemp("environment") / "venv")


@pytest.fixture(scope="module")
def followed(commands: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Outcome]:
    """What the page's commands did, up to the demo."""
    return follow(PAGE, tmp_path_factory.mktemp("reader"), commands, {SET_UP, DEMO})


@pytest.fixture(scope="module")
def demo(
    followed: list[Outcome], commands: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[DemoRun]:
    """`andock demo` in the environment into which the page installed the plugin."""
    home = tmp_path_factory.mktemp("demo") / "var"
    with DemoRun(home, command=(str(commands / "andock"), "demo")) as run:
        yield run


def test_the_page_has_the_blocks_that_are_done_here() -> None:
    """Nothing else is left out."""
    run = [text for language, text in blocks(PAGE) if language == "sh"]
    assert run.count(SET_UP) == run.count(DEMO) == 1
    assert len(run) >= 5


def test_the_commands_print_what_the_page_promises(followed: list[Outcome]) -> None:
    """Each block, in order; one that may fail says so."""
    assert [outcome for outcome in followed if not outcome.kept] == []
    assert sum(bool(outcome.promised) for outcome in followed) >= 2


@pytest.mark.browser
def test_the_plugin_is_added_in_the_running_marketplace(demo: DemoRun, browser: Browser) -> None:
    """The page's last steps: add, authorize, test, choose; the holiday stands in the calendar."""
    with browser.new_context(locale="en-GB") as context:
        page = context.new_page()
        words = replace(ENGLISH, product="Public Holidays")
        anna = Person(page, demo.ready, ANNA, words)
        anna.sign_in()
        anna.add_integration("Holidays")
        page.get_by_role("radio", name="Germany").check()
        anna.test_access()
        anna.button(words.go_on).click()
        page.get_by_role("checkbox", name=re.compile("^Deutschland")).check()
        anna.button(words.save).click()
        page.wait_for_url("**/preview")
        anna.agree()
        year = datetime.now(UTC).year
        page.wait_for_function(
            "url => fetch(url).then(r => r.text()).then(text => text.includes('1. Weihnacht'))",
            arg=f"{anna.web_url}/calendar/spans?from={year}-12-20&to={year}-12-31",
            polling=500,
            timeout=60_000,
        )
        assert anna.trouble == []
