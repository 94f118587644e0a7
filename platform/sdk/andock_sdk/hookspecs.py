"""The hooks. An entry point of the group `andock.plugins` is a callable without arguments that
returns one integration object; methods marked with `hookimpl` answer these hooks.

`describe` runs at start in a child process with a deadline. Every other hook runs in a worker's
killable process with a deadline, never in the web process.
"""

from collections.abc import Callable
from typing import Literal, Self

import pluggy
from pydantic import BaseModel, ConfigDict, model_validator

from andock_sdk.connector import CollectionKind, Connector
from andock_sdk.context import Context, Grant
from andock_sdk.forms import Answers, FieldErrors, Form
from andock_sdk.listing import Listing
from andock_sdk.steps import Diagnosis, Discovered, Report, TestReport

PROJECT = "andock"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


class Redirect(BaseModel):
    """Authorizing goes on at another site. `state` comes back with the member."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str
    state: str


Holding = Literal["appointments", "tasks", "calls"]


class SyncJob(BaseModel):
    """A declaration: this collection, in this role. Core alone schedules, runs and writes.

    `holds` says what of Andock's own goes into a calendar; the one always holds appointments.
    Contacts have one folder, in the role of the one.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    collection: str
    kind: CollectionKind = "calendar"
    role: Literal["one", "import", "planning"]
    """one: Andock's own appointments (or contacts) go there, both ways, and what else it has comes
    as well. import: blocks come from there. planning: only what it `holds` of Andock's own."""
    holds: frozenset[Holding] = frozenset()
    minimum_minutes: int = 5
    connector: Callable[[Context, Grant], Connector]

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.kind == "contacts":
            if self.role != "one" or self.holds:
                raise ValueError("a folder of contacts has the role of the one and holds nothing")
        elif self.role == "one":
            object.__setattr__(self, "holds", self.holds | {"appointments"})
        elif "appointments" in self.holds:
            raise ValueError("appointments go to the one calendar")
        elif self.role == "planning" and not self.holds:
            raise ValueError("a calendar for planning holds tasks or calls")
        return self


class ConnectionFacts(BaseModel):
    """What observers learn of a connection: ids and state, never content."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    connection_id: str
    tenant_id: str
    integration: str
    state: str


class IntegrationSpec:
    """Hooks that are called on one integration alone."""

    @hookspec(firstresult=True)
    def describe(self) -> Listing | None:
        """How the integration presents itself."""

    @hookspec(firstresult=True)
    def authorize(
        self, context: Context, answers: Answers
    ) -> Grant | FieldErrors | Redirect | None:
        """Turn the filled-in form into a grant. No network: `test` does the real work."""

    @hookspec(firstresult=True)
    def discover(self, context: Context, answers: Answers, report: Report) -> Discovered | None:
        """Find the server from the user name, step by step. No password is handed over."""

    @hookspec(firstresult=True)
    def test(self, context: Context, grant: Grant, report: Report) -> TestReport | None:
        """Try the grant for real, step by step: reach, sign in, list. A wrong password is tried
        once."""

    @hookspec(firstresult=True)
    def diagnose(
        self, context: Context, grant: Grant, report: Report, write_probe: bool
    ) -> Diagnosis | None:
        """Find out what is wrong, each step with what was tried, what it means and what to do.

        Goes as far as it gets: a step that fails ends those that need it and no others. Without a
        password in the grant nothing signs in. With `write_probe` an entry is written and deleted
        again, without attendees and under a name that says what it is. No step holds what an item
        holds. Optional: without it, core checks the servers that the test calls
        (see `andock_sdk.diagnosis`)."""

    @hookspec(firstresult=True)
    def settings_form(self, context: Context, grant: Grant, settings: Answers) -> Form | None:
        """What can be synchronised, with choices read live, `settings` being the present ones."""

    @hookspec(firstresult=True)
    def sync_jobs(self, context: Context, settings: Answers) -> list[SyncJob] | None:
        """Which collections to synchronise under these settings."""


class ObserverSpec:
    """Hooks that every plugin may listen to."""

    @hookspec
    def connection_added(self, connection: ConnectionFacts) -> None:
        """A connection was saved for the first time."""

    @hookspec
    def connection_removed(self, connection: ConnectionFacts) -> None:
        """A connection was disconnected; its grant is destroyed."""

    @hookspec
    def connection_needs_attention(self, connection: ConnectionFacts, error: str) -> None:
        """A connection stopped working; `error` is a message key."""

    @hookspec
    def sync_finished(self, connection: ConnectionFacts, counts: dict[str, int]) -> None:
        """A run ended. `counts`: created, updated, deleted, per side ("in.created")."""
