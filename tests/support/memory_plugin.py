"""A tiny integration, "memory-calendar": calendars, contacts and tasks in one SQLite file.

It goes through the same pages and the same engine as every other plugin. Load it with
`extra_plugins=["tests.support.memory_plugin:integration"]`. Its service lives in the file that the
environment variable `ANDOCK_MEMORY_FILE` names, so that it survives processes; a test fills it and
looks at it with `tests.support.memory_service.MemoryService`.
"""

import os
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from andock_sdk import (
    Account,
    Answers,
    Capabilities,
    ChangePage,
    Collection,
    Context,
    Discovered,
    Field,
    FieldErrors,
    Form,
    Grant,
    Item,
    Listing,
    Message,
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
    standard,
)
from tests.support.memory_service import MemoryService

SLUG = "memory-calendar"
FILE = "ANDOCK_MEMORY_FILE"
SERVER = "memory.example"
PATIENCE = 0.05
"""Seconds for which the connector waits for a service that does not answer."""

_FORM = Form(
    fields=(
        Field(name="user", label=Text(en="User name", de="Benutzername")),
        Field(name="password", label=Text(en="Password", de="Passwort"), kind="password"),
        Field(
            name="server",
            label=Text(en="Server", de="Server"),
            required=False,
            found_by_search=True,
        ),
    )
)

_MESSAGES = {
    "sign_in.refused": Message(
        title=Text(en="Wrong password", de="Falsches Passwort"),
        advice=Text(en="Type it again.", de="Geben Sie es noch einmal ein."),
    ),
    "server.unknown": Message(
        title=Text(en="Unknown server", de="Unbekannter Server"),
        advice=Text(en="Only memory.example answers.", de="Nur memory.example antwortet."),
    ),
}


def integration() -> "MemoryCalendar":
    """What the entry point calls."""
    return MemoryCalendar()


def service() -> MemoryService:
    """The service that the environment names. Raises KeyError when it names none."""
    return MemoryService(Path(os.environ[FILE]))


class MemoryCalendar:
    """The integration."""

    @hookimpl
    def describe(self) -> Listing:
        """How it presents itself."""
        return Listing(
            slug=SLUG,
            title=Text(en="Memory Calendar", de="Gedächtniskalender"),
            publisher="Andock tests",
            version="1.0.0",
            summary=Text(en="A calendar in a file.", de="Ein Kalender in einer Datei."),
            description=Text(en="For tests alone.", de="Nur für Tests."),
            icon='<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">'
            '<rect x="3" y="5" width="18" height="16" rx="3" fill="#7c5cff"/></svg>',
            categories=("calendar",),
            moves_from=(SLUG,),
            works_with=Text(en="Nothing real", de="Nichts Echtem"),
            data_goes_to=Text(en="A file on this machine", de="Einer Datei auf dieser Maschine"),
            permissions=(
                Permission(
                    icon="calendar",
                    what=Text(en="Calendars", de="Kalender"),
                    access=Text(en="Read and write", de="Lesen und schreiben"),
                ),
            ),
            keywords=("memory", "test"),
            authorize_form=_FORM,
            messages=_MESSAGES,
        )

    @hookimpl
    def authorize(self, context: Context, answers: Answers) -> Grant | FieldErrors:
        """User, password and server as the grant."""
        missing = {name: "field.required" for name in ("user", "password") if not answers.get(name)}
        if missing:
            return FieldErrors(errors=missing)
        return Grant(
            secrets={
                "user": str(answers["user"]),
                "password": str(answers["password"]),
                "server": str(answers.get("server") or SERVER),
            }
        )

    @hookimpl
    def discover(self, context: Context, answers: Answers, report: Report) -> Discovered:
        """Always the one server there is, unless the name has no domain."""
        title = Text(en="Asking the memory", de="Das Gedächtnis wird befragt")
        report(Step(key="ask", title=title, state="running"))
        if "@" not in str(answers.get("user", "")):
            report(Step(key="ask", title=title, state="failed"))
            return Discovered(error="server.unknown")
        report(Step(key="ask", title=title, state="done", milliseconds=1))
        return Discovered(server=SERVER)

    @hookimpl
    def test(self, context: Context, grant: Grant, report: Report) -> TestReport:
        """Reach, sign in, list."""
        reach = Text(en="Server reached", de="Server erreicht")
        if service().take_fault("test", ("before",)):
            report(Step(key="reach", title=reach, state="failed"))
            return TestReport(error=errors.Transient.default_key)
        if grant.secrets["server"] != SERVER:
            report(Step(key="reach", title=reach, state="failed"))
            return TestReport(error="server.unknown")
        report(Step(key="reach", title=reach, state="done", milliseconds=1))
        sign_in = Text(en="Signed in", de="Angemeldet")
        try:
            user = _signed_in(grant)
        except errors.BadCredentials as error:
            report(Step(key="sign-in", title=sign_in, state="failed"))
            return TestReport(error=error.key)
        report(Step(key="sign-in", title=sign_in, state="done", milliseconds=1))
        count = len(service().collections(user))
        report(
            Step(
                key="calendars",
                title=Text(en="Calendars found", de="Kalender gefunden"),
                state="done",
                detail=Text(en=f"{count} calendars", de=f"{count} Kalender"),
                milliseconds=1,
            )
        )
        return TestReport(account=Account(key=user, label=user), facts={"tested": "yes"})

    @hookimpl
    def settings_form(self, context: Context, grant: Grant, settings: Answers) -> Form:
        """The usual question for calendars."""
        return standard.settings_form(service().collections(_signed_in(grant)), settings)

    @hookimpl
    def sync_jobs(self, context: Context, settings: Answers) -> list[SyncJob]:
        """The usual declarations."""
        return standard.sync_jobs(settings, connect)


def connect(context: Context, grant: Grant) -> "MemoryConnector":
    """A connector that is signed in. Raises BadCredentials."""
    return MemoryConnector(service(), _signed_in(grant), context)


def _signed_in(grant: Grant) -> str:
    user = grant.secrets["user"]
    if not service().signs_in(user, grant.secrets["password"]):
        raise errors.BadCredentials
    return user


class MemoryConnector:
    """Reads and writes the service, with the faults that the service was told to show.

    Each call asks the service for a fault before its effect and after it: "before" (nothing
    happened), "lost" (it happened, the answer is lost), "throttled", "crash" (it happened, and
    the process dies at once), "garbage", "hanging", "conflict", "gone", "sign-in".
    """

    def __init__(
        self, memory: MemoryService, user: str, context: Context | None = None, page: int = 3
    ) -> None:
        self._memory = memory
        self._user = user
        self._context = context
        self._page = page

    @property
    def capabilities(self) -> Capabilities:
        """All there is, unless the service says that its writes are not silent."""
        return Capabilities(silent_writes=self._memory.flag("silent", default=True))

    def collections(self) -> list[Collection]:
        """The user's calendars, folders of contacts and lists of tasks."""
        self._before("collections")
        return self._memory.collections(self._user)

    def changes(self, collection: str, cursor: str | None) -> ChangePage:
        """Small pages, so that paging is always exercised."""
        self._before("changes")
        if not self._memory.has(collection):
            raise errors.CollectionGone
        page = self._memory.changes(collection, cursor, self._page)
        if page is None:
            raise errors.CursorLost
        self._after("changes")
        return page

    def read(self, collection: str, refs: Sequence[str]) -> list[ReadResult]:
        """One result per ref."""
        self._before("read")
        return [self._memory.read(collection, ref) for ref in refs]

    def create(self, collection: str, item: Item, operation_id: str) -> RemoteItem:
        """Create; a second create with the same id makes a second item, as Exchange would."""
        self._before("create")
        made = self._memory.create(collection, item, operation_id)
        self._after("create")
        return made

    def update(self, collection: str, ref: str, patch: Patch, expected: str) -> RemoteItem:
        """Write the patch's fields onto what is there."""
        self._before("update")
        found = self._expect(collection, ref, expected)
        fields = {name: getattr(patch.item, name) for name in patch.fields}
        made = self._memory.edit(ref, by="andock", **fields)
        self._after("update")
        assert found.ref == made.ref
        return made

    def delete(self, collection: str, ref: str, expected: str) -> None:
        """Delete what is there."""
        self._before("delete")
        self._expect(collection, ref, expected)
        self._memory.remove(ref, by="andock")
        self._after("delete")

    def find_operation(self, collection: str, operation_id: str) -> RemoteItem | None:
        """Look the id up."""
        self._before("find_operation")
        return self._memory.find_operation(collection, operation_id)

    def close(self) -> None:
        """Nothing to let go of."""

    def _expect(self, collection: str, ref: str, expected: str) -> RemoteItem:
        found = self._memory.read(collection, ref)
        if not isinstance(found, RemoteItem):
            raise errors.Gone
        if found.version != expected:
            raise errors.Conflict
        return found

    def _before(self, call: str) -> None:
        self._memory.record(call)
        fault = self._memory.take_fault(
            call, ("before", "garbage", "hanging", "throttled", "conflict", "gone", "sign-in")
        )
        if fault == "hanging":
            time.sleep(PATIENCE)
        if fault in ("before", "garbage", "hanging"):
            raise errors.Transient
        if fault == "throttled":
            now = self._context.now() if self._context else None
            raise errors.Throttled(until=now + timedelta(minutes=7) if now else None)
        if fault == "conflict":
            raise errors.Conflict
        if fault == "gone":
            raise errors.Gone
        if fault == "sign-in":
            raise errors.BadCredentials

    def _after(self, call: str) -> None:
        fault = self._memory.take_fault(call, ("lost", "crash"))
        if fault == "lost":
            raise errors.Transient
        if fault == "crash":
            os._exit(9)  # as kill -9 would: no finally, no commit
