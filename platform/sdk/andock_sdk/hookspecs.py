"""The hooks. An entry point of the group `andock.plugins` is a callable without arguments that
returns one integration object; methods marked with `hookimpl` answer these hooks.

`describe` runs at start in a child process with a deadline. Every other hook runs in a worker's
killable process with a deadline, never in the web process.
"""

from collections.abc import Callable
from typing import Literal

import pluggy
from pydantic import BaseModel, ConfigDict

from andock_sdk.connector import CollectionKind, Connector
from andock_sdk.context import Context, Grant
from andock_sdk.forms import Answers, FieldErrors, Form
from andock_sdk.listing import Listing
from andock_sdk.steps import Discovered, Report, TestReport

PROJECT = "andock"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


class Redirect(BaseModel):
    """Authorizing goes on at another site. `state` comes back with the member."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str
    state: str


class SyncJob(BaseModel):
    """A declaration: this collection, in this role. Core alone schedules, runs and writes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    collection: str
    kind: CollectionKind = "calendar"
    role: Literal["one", "import"]
    """one: Andock's own appointments go there, both ways. import: blocks come from there."""
    minimum_minutes: int = 5
    connector: Callable[[Context, Grant], Connector]


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
