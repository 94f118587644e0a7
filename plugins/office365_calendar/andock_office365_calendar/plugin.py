"""The integration object: the hooks, each in a line or two."""

import re
from typing import Any

from andock_office365_calendar import checks, config, later, operator_check, sign_in, subscriptions
from andock_office365_calendar.connector import connect, look
from andock_sdk import (
    Answers,
    Context,
    Diagnosis,
    FieldErrors,
    Form,
    Grant,
    HookAnswer,
    HookRequest,
    Listing,
    Redirect,
    Report,
    SyncJob,
    TestReport,
    errors,
    hookimpl,
    standard,
)

_ADDRESS = re.compile(r"[^@\s]{1,64}@[^@\s]{1,255}")


class Office365Calendar:
    """Answers the hooks of `andock_sdk.hookspecs.IntegrationSpec`."""

    @hookimpl
    def describe(self) -> Listing:
        """The page in the marketplace."""
        return config.listing()

    @hookimpl
    def authorize(
        self, context: Context, answers: Answers, wanted: Answers
    ) -> FieldErrors | Redirect:
        """Lead to Microsoft's sign-in, with the address carried over."""
        typed = answers.get("username", "")
        hint = typed.strip() if isinstance(typed, str) else ""
        if hint and not _ADDRESS.fullmatch(hint):
            return FieldErrors(errors={"username": "username.form"})
        return sign_in.begin(context, hint, wanted)

    @hookimpl
    def authorized(self, context: Context, params: dict[str, str], memory: dict[str, Any]) -> Grant:
        """Turn the code into tokens."""
        return sign_in.finish(context, params, memory)

    @hookimpl
    def test(self, context: Context, grant: Grant, report: Report) -> TestReport:
        """Reach, sign in, list."""
        return checks.run(context, grant, report)

    @hookimpl
    def settings_form(self, context: Context, grant: Grant, settings: Answers) -> Form:
        """The calendars, folders and lists to choose from, also those that Microsoft has to be
        asked for first."""
        found = look(context, grant)
        return standard.settings_form(
            [*found, *later.offered(found)], later.settled(settings, found)
        )

    @hookimpl
    def sync_jobs(self, context: Context, settings: Answers) -> list[SyncJob]:
        """One job per chosen calendar. Raises MoreAccess when Microsoft has to be asked first."""
        if sign_in.lacking(settings, context.facts):
            raise errors.MoreAccess
        jobs = standard.sync_jobs(settings, connect)
        subscriptions.want(context, [job.collection for job in jobs])
        return jobs

    @hookimpl
    def check_operator(self, context: Context, report: Report) -> Diagnosis:
        """The registration in Microsoft Entra."""
        return operator_check.run(context, report)

    @hookimpl
    def webhook(self, context: Context, request: HookRequest) -> HookAnswer:
        """Graph called."""
        return subscriptions.heard(context, request)
