"""The integration object: the hooks, each in a line or two."""

from andock_exchange_calendar import address, checks, config, diagnosis, discovery, online
from andock_exchange_calendar.connector import connect, look
from andock_sdk import (
    Answers,
    Context,
    Diagnosis,
    Discovered,
    FieldErrors,
    Form,
    Grant,
    Listing,
    Report,
    SyncJob,
    TestReport,
    hookimpl,
    standard,
)


class ExchangeCalendar:
    """Answers the hooks of `andock_sdk.hookspecs.IntegrationSpec`."""

    @hookimpl
    def describe(self) -> Listing:
        """The page in the marketplace."""
        return config.listing()

    @hookimpl
    def authorize(self, context: Context, answers: Answers) -> Grant | FieldErrors:
        """Read the form. An empty server is the operator's for the domain, or
        searched for by the test."""
        username, password = _text(answers, "username").strip(), _text(answers, "password")
        server = _text(answers, "server").strip()
        user = address.parse_user(username)
        if user is not None and not server:
            server = discovery.operators_server(context, user.domain or user.label)
        url = address.ews_url(server) if server else ""
        errors: dict[str, str] = {}
        if user is None:
            errors["username"] = "username.form" if username else "username.missing"
        if not password:
            errors["password"] = "password.missing"  # noqa: S105 - a message key
        if url is None:
            errors["server"] = "server.form"
        elif not url and user is not None and not user.domain:
            errors["server"] = "search.needs_address"
        if errors:
            return FieldErrors(errors=errors)
        return Grant(
            secrets={"username": username, "password": password}, facts={"server": url or ""}
        )

    @hookimpl
    def discover(self, context: Context, answers: Answers, report: Report) -> Discovered:
        """Search for the server from the user name."""
        username = _text(answers, "username")
        return online.lead(discovery.run(context, username, report), username)

    @hookimpl
    def test(self, context: Context, grant: Grant, report: Report) -> TestReport:
        """Reach, sign in, list."""
        ended = checks.run(context, grant, report)
        return online.lead(ended, grant.secrets.get("username", ""))

    @hookimpl
    def diagnose(
        self, context: Context, grant: Grant, report: Report, write_probe: bool
    ) -> Diagnosis:
        """From the server's name to a written entry, step by step."""
        return diagnosis.run(context, grant, report, write_probe=write_probe)

    @hookimpl
    def settings_form(self, context: Context, grant: Grant, settings: Answers) -> Form:
        """The calendars and folders of contacts, to choose from."""
        return standard.settings_form(look(context, grant), settings)

    @hookimpl
    def sync_jobs(self, context: Context, settings: Answers) -> list[SyncJob]:
        """One job per chosen calendar, and one for contacts when they are switched on."""
        return standard.sync_jobs(settings, connect)


def _text(answers: Answers, name: str) -> str:
    value = answers.get(name, "")
    return value if isinstance(value, str) else ""
