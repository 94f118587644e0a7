"""The integration object: the hooks, each in a few lines."""

from andock_icalendar_subscription import checks, config
from andock_icalendar_subscription.address import Unusable, parse
from andock_icalendar_subscription.connector import COLLECTION, connect
from andock_sdk import (
    Answers,
    Context,
    FieldErrors,
    Form,
    Grant,
    Listing,
    Report,
    SyncJob,
    TestReport,
    hookimpl,
)

MINIMUM_MINUTES = 30


class CalendarSubscription:
    """Answers the hooks of `andock_sdk.hookspecs.IntegrationSpec`."""

    @hookimpl
    def describe(self) -> Listing:
        """The page in the marketplace."""
        return config.listing()

    @hookimpl
    def authorize(self, context: Context, answers: Answers) -> Grant | FieldErrors:
        """The address, and a password if the feed wants one. The address itself may be a secret
        (many are long and unguessable), so it is kept like one."""
        url, user = _text(answers, "url"), _text(answers, "user")
        try:
            parse(url)
        except Unusable as error:
            return FieldErrors(errors={"url": error.key if url else "url.missing"})
        if ":" in user:
            return FieldErrors(errors={"user": "user.colon"})
        password = answers.get("password", "")
        return Grant(secrets={"url": url, "user": user, "password": str(password)})

    @hookimpl
    def test(self, context: Context, grant: Grant, report: Report) -> TestReport:
        """Fetch the feed and read it."""
        return checks.run(context, grant, report)

    @hookimpl
    def settings_form(self, context: Context, grant: Grant, settings: Answers) -> Form:
        """The one calendar, to be imported or not."""
        (calendar,) = connect(context, grant).collections()
        return config.settings_form(calendar, settings)

    @hookimpl
    def sync_jobs(self, context: Context, settings: Answers) -> list[SyncJob]:
        """Import the feed, if it was chosen."""
        chosen = settings.get(config.IMPORTS, [])
        if not isinstance(chosen, list) or COLLECTION not in chosen:
            return []
        return [
            SyncJob(
                collection=COLLECTION,
                role="import",
                minimum_minutes=MINIMUM_MINUTES,
                connector=connect,
            )
        ]


def _text(answers: Answers, name: str) -> str:
    value = answers.get(name, "")
    return value.strip() if isinstance(value, str) else ""
