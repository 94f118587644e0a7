"""What the buttons and fields of the main journey are called, by language."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """Names as a person reads them on screen."""

    locale: str
    integrations: str
    browse: str
    product: str
    add: str
    authorize: str
    user_name: str
    password: str
    search: str
    found: str
    test: str
    works: str
    go_on: str
    save: str
    no_mails: str
    agree: str
    to_calendar: str
    refused: str
    sync_now: str
    reconnect: str
    attention: str


GERMAN = Words(
    locale="de-DE",
    integrations="Integrationen",
    browse="Stöbern",
    product="Exchange Kalender",
    add="Hinzufügen",
    authorize="Autorisieren",
    user_name="Benutzername",
    password="Passwort",
    search="Suche",
    found="Server gefunden",
    test="Test",
    works="Die Verbindung steht",
    go_on="Weiter",
    save="Speichern",
    no_mails="0 E-Mails werden verschickt.",
    agree="So synchronisieren",
    to_calendar="Zum Kalender",
    refused="Benutzername oder Passwort stimmt nicht",
    sync_now="Jetzt synchronisieren",
    reconnect="Neu verbinden",
    attention="Braucht Aufmerksamkeit",
)

ENGLISH = Words(
    locale="en-GB",
    integrations="Integrations",
    browse="Browse",
    product="Exchange Calendar",
    add="Add",
    authorize="Authorize",
    user_name="User name",
    password="Password",
    search="Search",
    found="Server found",
    test="Test",
    works="The connection works",
    go_on="Continue",
    save="Save",
    no_mails="0 e-mails will be sent.",
    agree="Synchronise like this",
    to_calendar="To the calendar",
    refused="User name or password is wrong",
    sync_now="Synchronise now",
    reconnect="Reconnect",
    attention="Needs attention",
)
