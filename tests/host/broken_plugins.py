"""Plugins that do not get as far as being called, each for its own reason."""

import os
import time
from typing import Any

from andock_sdk import Answers, Context, Discovered, Form, Listing, Report, hookimpl
from tests.host.odd_plugins import ICON, SECRET, Good, listing


def raising() -> Good:
    """Fails when it is loaded."""
    raise RuntimeError(SECRET)


def exiting() -> Good:
    """Ends the process."""
    os._exit(0)


def hanging() -> Good:
    """Never comes back."""
    while True:
        time.sleep(1)


def nothing() -> None:
    """Returns nothing."""


def lying() -> Any:
    """Describes itself with something else."""

    class Lying(Good):
        @hookimpl
        def describe(self) -> Any:
            return {"slug": "odd"}

    return Lying()


def forging() -> Any:
    """Describes itself with a listing that was never validated."""

    class Forging(Good):
        @hookimpl
        def describe(self) -> Listing:
            return listing().model_copy(update={"slug": "../../etc", "title": 5})

    return Forging()


def scripted_icon() -> Any:
    """Has an icon with a script."""

    class Scripted(Good):
        @hookimpl
        def describe(self) -> Listing:
            return listing(icon=ICON.replace("<rect", "<script>alert(1)</script><rect"))

    return Scripted()


def misspelt() -> Any:
    """Has a hook that Andock does not know."""

    class Misspelt(Good):
        @hookimpl
        def sync_job(self) -> None:
            """Meant to be sync_jobs."""

    return Misspelt()


def newer() -> Any:
    """Has a hook of a later SDK, marked optional."""

    class Newer(Good):
        slug = "newer"

        @hookimpl(optionalhook=True)
        def contacts(self) -> None:
            """Of a later SDK."""

    return Newer()


def wrong_arguments() -> Any:
    """Asks for an argument that Andock does not hand over."""

    class Wrong(Good):
        @hookimpl
        def settings_form(self, database: Any) -> Form | None:
            return None

    return Wrong()


def half() -> Any:
    """Lacks what every integration needs."""

    class Half:
        @hookimpl
        def describe(self) -> Listing:
            return listing()

        @hookimpl
        def discover(self, context: Context, answers: Answers, report: Report) -> Discovered:
            return Discovered()

    return Half()
