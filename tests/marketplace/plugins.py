"""Invented integrations that show what the pages must bear."""

from andock_sdk import (
    Answers,
    Context,
    Discovered,
    Elsewhere,
    Field,
    FieldErrors,
    Form,
    Grant,
    Listing,
    Permission,
    Report,
    SyncJob,
    TestReport,
    Text,
    hookimpl,
)

HOSTILE = '<script>alert("x")</script>'


def careful() -> "Careful":
    """What the entry point of the careful one calls."""
    return Careful()


def broken() -> None:
    """What the entry point of the broken one calls."""
    raise RuntimeError("it was never finished")


class Careful:
    """Finds a server of another domain only, refuses a field, and has markup for words."""

    @hookimpl
    def describe(self) -> Listing:
        """Every text could be mistaken for markup."""
        words = Text(en=HOSTILE, de=HOSTILE)
        return Listing(
            slug="careful",
            title=Text(en="Careful", de="Vorsichtig"),
            publisher=HOSTILE,
            version="2.1",
            summary=words,
            description=words,
            icon='<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"/>',
            categories=("contacts",),
            works_with=words,
            data_goes_to=words,
            permissions=(Permission(icon="key", what=words, access=words),),
            authorize_form=Form(
                fields=(
                    Field(name="user", label=Text(en="User", de="Benutzer")),
                    Field(name="secret", label=Text(en="Secret", de="Geheimnis"), kind="password"),
                    Field(
                        name="server",
                        label=Text(en="Server", de="Server"),
                        required=False,
                        found_by_search=True,
                    ),
                )
            ),
        )

    @hookimpl
    def authorize(self, context: Context, answers: Answers) -> Grant | FieldErrors:
        """The user is always wrong."""
        return FieldErrors(errors={"user": "field.not_offered"})

    @hookimpl
    def discover(self, context: Context, answers: Answers, report: Report) -> Discovered:
        """A hoster's server, or another integration (here, or not)."""
        user = str(answers.get("user", ""))
        carried = {"user": f"{user}@memory.example", "password": "n0t-to-be-carried"}
        if user == "moved":
            right = Elsewhere(integration="memory-calendar", answers=carried)
            return Discovered(error="never", elsewhere=right)
        if user == "lost":
            return Discovered(error="never", elsewhere=Elsewhere(integration="not-installed"))
        return Discovered(server="mail.hoster.example", confirm="mail.hoster.example")

    @hookimpl
    def test(self, context: Context, grant: Grant, report: Report) -> TestReport:
        """Never got to."""
        return TestReport(error="never")

    @hookimpl
    def settings_form(self, context: Context, grant: Grant, settings: Answers) -> Form:
        """Never got to."""
        return Form(fields=())

    @hookimpl
    def sync_jobs(self, context: Context, settings: Answers) -> list[SyncJob]:
        """Never got to."""
        return []
