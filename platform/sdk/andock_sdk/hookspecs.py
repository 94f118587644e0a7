"""The hooks. An entry point of the group `andock.plugins` is a callable without arguments that
returns one integration object; methods marked with `hookimpl` answer these hooks.

`describe` and `jobs` run at start in a child process with a deadline. Every other hook runs in a
worker's killable process with a deadline, never in the web process.

An implementation may leave out arguments that it does not need.
"""

from collections.abc import Callable
from typing import Any, Literal, Self

import pluggy
from pydantic import BaseModel, ConfigDict, Field, model_validator

from andock_sdk.connector import CollectionKind, Connector
from andock_sdk.context import Context, Grant
from andock_sdk.forms import Answers, FieldErrors, Form
from andock_sdk.jobs import OwnJob
from andock_sdk.listing import Listing
from andock_sdk.steps import Diagnosis, Discovered, Report, TestReport
from andock_sdk.webhooks import HookAnswer, HookRequest

PROJECT = "andock"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


class Redirect(BaseModel):
    """Authorizing goes on at another site.

    `url` is https, its host stands in the listing's `sign_in_hosts`, and its query has `state` as
    the parameter of that name: random, made for this one sign-in. The other site sends the member
    back to `Context.callback_url` with that state. It counts once, for ten minutes, for the browser
    session that it was made for. `memory` (JSON, at most 64 kB; a PKCE verifier, a nonce) is kept
    sealed and handed to `authorized`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str = Field(max_length=8192)
    state: str = Field(min_length=16, max_length=512, repr=False)
    memory: dict[str, Any] = Field(default={}, repr=False)


Holding = Literal["appointments", "tasks", "calls"]


class SyncJob(BaseModel):
    """A declaration: this `collection`, in this role. Core alone schedules, runs and writes.

    `collection` is the `ref` of a `Collection` and `kind` its kind. `connector` makes the object
    that reads and writes it. `minimum_minutes` (at most a week) is for a side that must not be
    asked more often: core asks every half hour, and sooner after a failure, but by itself no more
    often than this, as of the settings that were saved last. A click, and a call from the other
    side, still ask at once. `holds` says what of Andock's own goes into a calendar; the one always
    holds appointments. Contacts have one folder and tasks one list, in the role of the one; where
    there is a list, no calendar holds tasks.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    collection: str
    kind: CollectionKind = "calendar"
    role: Literal["one", "import", "planning"]
    """one: Andock's own appointments (contacts, tasks) go there, both ways, and what else it has
    comes as well. import: blocks come from there. planning: only what of Andock's own it
    `holds`."""
    holds: frozenset[Holding] = frozenset()
    minimum_minutes: int = Field(default=1, ge=1, le=10080)
    connector: Callable[[Context, Grant], Connector]

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.kind != "calendar":
            if self.role != "one" or self.holds:
                raise ValueError(f"a collection of {self.kind} is the one and holds nothing")
        elif self.role == "one":
            object.__setattr__(self, "holds", self.holds | {"appointments"})
        elif "appointments" in self.holds:
            raise ValueError("appointments go to the one calendar")
        elif self.role == "planning" and not self.holds:
            raise ValueError("a calendar for planning holds tasks or calls")
        return self


class ConnectionFacts(BaseModel):
    """What observers learn of a connection: ids and state, never content.

    `connection_id` and `tenant_id` are opaque, `integration` is a slug. `state`: "added" (no grant
    yet), "authorized" (nothing chosen yet), "active" or "attention".
    """

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
        self, context: Context, answers: Answers, wanted: Answers
    ) -> Grant | FieldErrors | Redirect | None:
        """Turn the filled-in form into a grant, or lead to another site's sign-in. No network:
        `test` does the real work.

        `wanted` are the settings that the access has to be enough for: those of a connection in
        use, or those that `sync_jobs` answered with `MoreAccess`; empty at first. So a plugin
        asks for little at first and for more when more is switched on."""

    @hookspec(firstresult=True)
    def authorized(
        self, context: Context, answers: Answers, params: dict[str, str], memory: dict[str, Any]
    ) -> Grant | None:
        """The member came back from a `Redirect`: turn the answer into a grant.

        `params` is the query that the other site sent them with, `answers` what was typed before
        they went, `memory` the redirect's. The state was checked and is used up. A refusal comes
        here too: raise `Declined`, `ApprovalNeeded` or another error. `test` follows. Only plugins
        that redirect have it."""

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
        """Which collections to synchronise under these settings. Raises `MoreAccess` when the
        member has to allow more first (`Context.facts` says what the grant reaches)."""

    @hookspec(firstresult=True)
    def jobs(self) -> list[OwnJob] | None:
        """Jobs of the plugin's own. Asked once, at start."""

    @hookspec(firstresult=True)
    def check_operator(self, context: Context, report: Report) -> Diagnosis | None:
        """Whether what the operator filled in works (`Context.operator`), step by step: nobody has
        signed in, there is no connection. The operator reads it in English, after
        `andock plugins configure SLUG --check`. Optional."""

    @hookspec(firstresult=True)
    def webhook(self, context: Context, grant: Grant, request: HookRequest) -> HookAnswer | None:
        """The other side called an address that `Context.webhook_url` made. It was answered
        already. Calls may come twice, late, or from a stranger."""


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
