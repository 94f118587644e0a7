"""Fixtures: a real Chromium, driven by Playwright."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.support.ensure_browser import find_chromium

FLAGS = [
    "--no-sandbox",  # CI runs as root, where Chromium's sandbox does not
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",  # tests talk to loopback alone
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Where the Chromium is; `make test` has made sure that there is one."""
    path = find_chromium()
    if path is None:
        pytest.fail("No Chromium: run `make test`, or tests/support/ensure_browser.py")
    return path


@pytest.fixture(scope="session")
def browser(chromium_path: str) -> Iterator[Browser]:
    """A headless browser for the whole run; each test opens a context of its own."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_path, args=FLAGS)
        yield chromium
        chromium.close()
