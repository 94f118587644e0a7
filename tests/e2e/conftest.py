"""A whole Andock as `make run` starts it, and people with browsers."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser

from tests.e2e.person import Person
from tests.e2e.words import GERMAN, Words
from tests.support.demo import DemoRun


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoRun]:
    """The demo in an empty data folder of this module alone, ready to use."""
    with DemoRun(tmp_path_factory.mktemp("e2e") / "home") as run:
        yield run


@pytest.fixture
def person(demo: DemoRun, browser: Browser) -> Iterator[Callable[..., Person]]:
    """Make a person of the demo, by e-mail, with a browser of their own in a language."""
    with ExitStack() as stack:

        def enter(email: str, words: Words = GERMAN, width: int = 1280) -> Person:
            context = stack.enter_context(
                browser.new_context(
                    locale=words.locale,
                    timezone_id="Europe/Berlin",
                    viewport={"width": width, "height": 900},
                )
            )
            return Person(context.new_page(), demo.ready, email, words)

        yield enter
