"""How the integration presents itself: listing, form and texts, in English and German."""

from functools import cache
from importlib.resources import files

from andock_exchange_calendar import account_messages, messages
from andock_sdk import Feature, Field, Form, Listing, Message, Permission, Text
from andock_sdk.network_messages import NETWORK

SLUG = "exchange-calendar"
VERSION = "1.0.0"

MESSAGES: dict[str, Message] = {
    **messages.FORM,
    **messages.SEARCH,
    **NETWORK,
    **messages.SERVER,
    **account_messages.SIGN_IN,
    **account_messages.MAILBOX,
    **account_messages.ITEM,
    **account_messages.SERIES,
}

FORM = Form(
    intro=Text(
        en="Sign in as you do in Outlook. Your password is kept encrypted and goes to your "
        "Exchange Server only.",
        de="Melden Sie sich an wie in Outlook. Ihr Passwort wird verschlüsselt gespeichert und "
        "geht nur an Ihren Exchange Server.",
    ),
    fields=(
        Field(
            name="username",
            label=Text(en="User name", de="Benutzername"),
            help=Text(
                en="Your mail address, or DOMAIN\\user.",
                de="Ihre E-Mail-Adresse oder DOMÄNE\\Benutzer.",
            ),
            placeholder="name@firma.de",
            autocomplete="username",
        ),
        Field(
            name="password",
            kind="password",
            label=Text(en="Password", de="Passwort"),
            help=Text(
                en="The one that you use for Outlook. If you don't know it, your IT department "
                "can help.",
                de="Dasselbe wie für Outlook. Wenn Sie es nicht kennen, hilft Ihnen Ihre "
                "IT-Abteilung.",
            ),
            autocomplete="current-password",
        ),
        Field(
            name="server",
            label=Text(en="Server", de="Server"),
            help=Text(
                en="Search finds it from your user name. If it does not, ask your IT department. "
                "Office 365 is outlook.office365.com; use Office365 Calendar for it.",
                de="Die Suche findet ihn anhand Ihres Benutzernamens. Wenn nicht, fragen Sie Ihre "
                "IT-Abteilung. Office 365 ist outlook.office365.com; nehmen Sie dafür Office365 "
                "Kalender.",
            ),
            placeholder="mail.firma.de",
            required=False,
            found_by_search=True,
        ),
    ),
)

FEATURES = (
    Feature(
        icon="repeat",
        title=Text(en="One calendar in step", de="Ein Kalender im Gleichschritt"),
        text=Text(
            en="Changes travel both ways, after half an hour at the latest.",
            de="Änderungen gehen in beide Richtungen, spätestens nach einer halben Stunde.",
        ),
    ),
    Feature(
        icon="eye-off",
        title=Text(en="Other calendars as grey blocks", de="Weitere Kalender als graue Blöcke"),
        text=Text(
            en="Others only see that you are busy.",
            de="Andere sehen nur, dass Sie belegt sind.",
        ),
    ),
    Feature(
        icon="users",
        title=Text(en="Contacts, tasks and calls", de="Kontakte, Aufgaben und Anrufe"),
        text=Text(
            en="Each by a switch of its own. Only you see your contacts, unless you share one.",
            de="Jedes mit eigenem Schalter. Ihre Kontakte sehen nur Sie, solange Sie keinen "
            "teilen.",
        ),
    ),
    Feature(
        icon="shield",
        title=Text(en="Nothing lost, nothing doubled", de="Nichts geht verloren"),
        text=Text(
            en="Series keep their exceptions, and nothing is overwritten unseen.",
            de="Serien behalten ihre Ausnahmen, und nichts wird ungesehen überschrieben.",
        ),
    ),
    Feature(
        icon="mail-x",
        title=Text(en="No e-mails", de="Keine E-Mails"),
        text=Text(
            en="Andock sends no invitations in your name.",
            de="Andock verschickt keine Einladungen in Ihrem Namen.",
        ),
    ),
)

PERMISSIONS = (
    Permission(
        icon="calendar",
        what=Text(en="Calendar", de="Kalender"),
        access=Text(en="read and write", de="lesen und schreiben"),
    ),
    Permission(
        icon="contacts",
        what=Text(en="Contacts", de="Kontakte"),
        access=Text(
            en="read and write, once you switch it on",
            de="lesen und schreiben, sobald Sie es einschalten",
        ),
    ),
    Permission(icon="mail", what=Text(en="E-mails", de="E-Mails"), access=Text(en="no", de="nein")),
)


@cache
def icon() -> str:
    """A blue tile with a calendar that turns in a circle."""
    return files(__package__).joinpath("icon.svg").read_text("utf-8").strip()


def listing() -> Listing:
    """All that the marketplace shows before anyone adds the integration."""
    return Listing(
        slug=SLUG,
        title=Text(en="Exchange Calendar", de="Exchange Kalender"),
        publisher="Andock",
        version=VERSION,
        summary=Text(
            en="Keeps calendar and contacts on the Exchange Server in step with Andock.",
            de="Hält Kalender und Kontakte auf dem Exchange Server mit Andock im Gleichschritt.",
        ),
        description=Text(
            en="Your appointments stay the same in Exchange and Andock, and, if you like, your "
            "contacts, tasks and calls as well. What is personal stays personal.",
            de="Ihre Termine bleiben in Exchange und Andock dieselben, auf Wunsch auch Ihre "
            "Kontakte, Aufgaben und Anrufe. Persönliches bleibt persönlich.",
        ),
        icon=icon(),
        categories=("calendar", "contacts", "tasks"),
        works_with=Text(en="Exchange Server 2010 and newer", de="Exchange Server 2010 und neuer"),
        data_goes_to=Text(en="Your Exchange Server", de="Ihren Exchange Server"),
        features=FEATURES,
        permissions=PERMISSIONS,
        keywords=(
            *("exchange", "outlook", "ews", "microsoft", "kalender", "calendar", "termine"),
            *("kontakte", "contacts", "aufgaben", "tasks", "anrufe", "calls"),
        ),
        languages=("de", "en"),
        authorize_form=FORM,
        messages=MESSAGES,
    )
