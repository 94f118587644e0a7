"""A plugin that keeps the contract, or breaks it in the way that a test asks for.

Each callable is an entry point: "tests.host.odd_plugins:good".
"""

import os
import signal
import sys
import threading
import time
from collections.abc import Sequence
from typing import Any

from andock_sdk import (
    Answers,
    Capabilities,
    ChangePage,
    Collection,
    Connector,
    Context,
    FieldErrors,
    Grant,
    Item,
    Listing,
    Patch,
    Permission,
    ReadResult,
    RemoteItem,
    Report,
    Step,
    SyncJob,
    TestReport,
    Text,
    errors,
    hookimpl,
)

SECRET = "correct horse battery staple"
ICON = '<svg xmlns="http://www.w3.org/2000/svg"><rect width="4" height="4"/></svg>'


def listing(slug: str = "odd", icon: str = ICON) -> Listing:
    """A listing like any other."""
    word = Text(en="Odd")
    return Listing(
        slug=slug,
        title=word,
        publisher="Tests",
        version="1.0.0",
        summary=word,
        description=word,
        icon=icon,
        categories=("calendar",),
        works_with=word,
        data_goes_to=word,
        permissions=(Permission(icon="calendar", what=word, access=word),),
    )


class Good:
    """Keeps the contract. What the hooks do depends on the answers, so that tests choose."""

    slug = "odd"

    @hookimpl
    def describe(self) -> Listing:
        """How it presents itself."""
        return listing(self.slug)

    @hookimpl
    def authorize(self, context: Context, answers: Answers) -> Grant | FieldErrors:
        """Whatever `do` says."""
        result: Any = MISDEEDS[str(answers.get("do", "well"))](context)
        return result  # type: ignore[no-any-return]

    @hookimpl
    def test(self, context: Context, grant: Grant, report: Report) -> TestReport:
        """Reports a step; the wrong kind of step if the grant says so."""
        step: Any = "no step" if grant.secrets.get("lie") else STEP
        report(step)
        return TestReport()

    @hookimpl
    def sync_jobs(self, context: Context, settings: Answers) -> list[SyncJob]:
        """One import, its connector doing whatever the settings say."""
        how = str(settings.get("connector", "well"))

        def connect(context: Context, grant: Grant) -> Connector:
            return OddConnector(how)

        return [SyncJob(collection="c", role="import", connector=connect)]


STEP = Step(key="a", title=Text(en="A"), state="done")


def _raise_secret(context: Context) -> Any:
    raise KeyError(SECRET)


def _hang(context: Context) -> Any:
    try:
        time.sleep(60)
    except Exception:  # a plugin that swallows everything
        time.sleep(60)


def _exit(context: Context) -> Any:
    sys.exit(SECRET)


def _die(context: Context) -> Any:
    os.kill(os.getpid(), signal.SIGKILL)


def _refuse(context: Context) -> Any:
    raise errors.BadCredentials


def _bad_key(context: Context) -> Any:
    raise errors.MemberError(f"The password {SECRET} is wrong!")


def _note(context: Context) -> Any:
    context.state.put("seen", {"times": 1})
    return Grant(secrets={"server": context.server_for("Firm.Example")})


MISDEEDS: dict[str, Any] = {
    "well": lambda context: Grant(secrets={"password": SECRET}),
    "raise": _raise_secret,
    "hang": _hang,
    "exit": _exit,
    "die": _die,
    "refuse": _refuse,
    "bad key": _bad_key,
    "note": _note,
    "lie": lambda context: {"secrets": {}},
    "nothing": lambda context: None,
    "forge": lambda context: Grant.model_construct(secrets="not a dict", facts={}),
}


class OddConnector:
    """A connector that does what it was told to."""

    def __init__(self, how: str) -> None:
        if how == "no connection":
            raise OSError(SECRET)
        self._how = how

    capabilities = Capabilities()

    def collections(self) -> list[Collection]:
        """Nonsense."""
        made: Any = "none" if self._how == "lie" else [Collection(ref="c", name="C")]
        return made  # type: ignore[no-any-return]

    def changes(self, collection: str, cursor: str | None) -> ChangePage:
        """An error of the tree, or one of Python's."""
        if self._how == "lost":
            raise errors.CursorLost
        raise ValueError(SECRET)

    def read(self, collection: str, refs: Sequence[str]) -> list[ReadResult]:
        """One result too few."""
        return []

    def create(self, collection: str, item: Item, operation_id: str) -> RemoteItem:
        """Never."""
        raise NotImplementedError

    def update(self, collection: str, ref: str, patch: Patch, expected: str) -> RemoteItem:
        """Never."""
        raise NotImplementedError

    def delete(self, collection: str, ref: str, expected: str) -> None:
        """Never."""
        raise NotImplementedError

    def find_operation(self, collection: str, operation_id: str) -> RemoteItem | None:
        """Nothing."""
        return None

    def close(self) -> None:
        """Nothing to let go of."""


def good() -> Good:
    """Keeps the contract."""
    return Good()


def lingering() -> Good:
    """Takes long to load, prints, and has a thread that keeps a process from ending."""
    time.sleep(0.5)  # more than a worker lets each work-horse wait
    print(SECRET, flush=True)  # noqa: T201 - that is the point
    threading.Thread(target=time.sleep, args=(600,)).start()
    return Good()


def chatty() -> Good:
    """Prints while it is loaded, and leaves a thread running."""
    sys.stdout.write('{"listing": "mine"}\n')
    sys.stdout.flush()
    os.write(1, b"noise\n")
    threading.Thread(target=time.sleep, args=(60,)).start()
    return Good()
