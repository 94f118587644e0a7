"""How the integration presents itself: listing, forms and texts, in English and German."""

from functools import cache
from importlib.resources import files

from andock_office365_calendar import clouds, item_messages, messages, operator_messages
from andock_sdk import Choice, Feature, Field, Form, Listing, Message, Permission, Text
from andock_sdk.network_messages import NETWORK
from andock_sdk.webhooks import Handshake

SLUG = "office365-calendar"
VERSION = "1.0.0"
SERVER = "outlook.office365.com"
"""As people know it; Graph answers for it."""

MESSAGES: dict[str, Message] = {
    **messages.FORM,
    **NETWORK,
    **messages.SIGN_IN,
    **operator_messages.OPERATOR,
    **messages.SERVER,
    **messages.MAILBOX,
    **item_messages.ITEM,
    **item_messages.SERIES,
}

FORM = Form(
    intro=Text(
        en=f"You sign in with Microsoft ({SERVER}). Andock never sees your password.",
        de=f"Sie melden sich bei Microsoft an ({SERVER}). Ihr Passwort sieht Andock nie.",
    ),
    fields=(
        Field(
            name="username",
            label=Text(en="Mail address", de="E-Mail-Adresse"),
            help=Text(
                en="So that Microsoft asks for the right account.",
                de="Damit Microsoft nach dem richtigen Konto fragt.",
            ),
            placeholder="name@firma.de",
            required=False,
            autocomplete="username",
        ),
    ),
)

OPERATOR_FORM = Form(
    intro=Text(
        en="Andock's registration in Microsoft Entra. The guide for operators has every click.",
        de="Die Registrierung von Andock in Microsoft Entra. Die Anleitung für den Betrieb zeigt "
        "jeden Klick.",
    ),
    fields=(
        Field(
            name="client_id",
            label=Text(en="Application (client) ID", de="Anwendungs-ID (Client)"),
        ),
        Field(
            name="client_secret",
            kind="password",
            label=Text(en="Client secret", de="Geheimer Clientschlüssel"),
            help=Text(
                en="Its value, not its id. Empty when a certificate is used.",
                de="Sein Wert, nicht seine ID. Leer, wenn ein Zertifikat benutzt wird.",
            ),
            required=False,
        ),
        Field(
            name="certificate",
            kind="password",
            label=Text(
                en="Certificate with private key (PEM)", de="Zertifikat mit Schlüssel (PEM)"
            ),
            required=False,
        ),
        Field(
            name="secret_ends",
            label=Text(
                en="The secret or certificate ends on",
                de="Der Schlüssel oder das Zertifikat endet am",
            ),
            help=Text(
                en="As 2027-05-31. Andock warns thirty days before.",
                de="Als 2027-05-31. Andock warnt dreißig Tage vorher.",
            ),
            placeholder="2027-05-31",
            required=False,
        ),
        Field(
            name="tenant",
            label=Text(en="Directory (tenant)", de="Verzeichnis (Mandant)"),
            help=Text(
                en="Empty for the accounts of any company; an id or a domain for one alone.",
                de="Leer für Konten jeder Firma; eine ID oder Domain für eine allein.",
            ),
            required=False,
        ),
        Field(
            name="cloud",
            kind="choice",
            label=Text(en="Cloud", de="Cloud"),
            choices=(
                Choice(value="worldwide", label=Text(en="Worldwide", de="Weltweit")),
                Choice(value="us", label=Text(en="US Government", de="US-Regierung")),
                Choice(
                    value="us_dod", label=Text(en="US Government (DoD)", de="US-Regierung (DoD)")
                ),
                Choice(value="china", label=Text(en="China (21Vianet)", de="China (21Vianet)")),
                Choice(
                    value=clouds.OTHER,
                    label=Text(en="Another address, for tests", de="Andere Adresse, zum Testen"),
                ),
            ),
            value="worldwide",
            required=False,
        ),
        Field(
            name="authority",
            label=Text(
                en="Address of the sign-in, for tests", de="Adresse der Anmeldung, zum Testen"
            ),
            required=False,
        ),
        Field(
            name="graph",
            label=Text(en="Address of Graph, for tests", de="Adresse von Graph, zum Testen"),
            required=False,
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
        icon="shield",
        title=Text(en="Without your password", de="Ohne Ihr Passwort"),
        text=Text(
            en="You sign in with Microsoft and can end the access there at any time.",
            de="Sie melden sich bei Microsoft an und können den Zugang dort jederzeit beenden.",
        ),
    ),
    Feature(
        icon="mail-x",
        title=Text(en="No e-mails unasked", de="Keine E-Mails ungefragt"),
        text=Text(
            en="Where Microsoft would mail attendees, Andock asks you first.",
            de="Wo Microsoft Eingeladenen schreiben würde, fragt Andock Sie vorher.",
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
    Permission(
        icon="tasks",
        what=Text(en="Tasks in Microsoft To Do", de="Aufgaben in Microsoft To Do"),
        access=Text(
            en="read and write, once you choose one of its lists",
            de="lesen und schreiben, sobald Sie eine seiner Listen wählen",
        ),
    ),
    Permission(icon="mail", what=Text(en="E-mails", de="E-Mails"), access=Text(en="no", de="nein")),
)


@cache
def icon() -> str:
    """An orange tile with a calendar that turns in a circle."""
    return files(__package__).joinpath("icon.svg").read_text("utf-8").strip()


def listing() -> Listing:
    """All that the marketplace shows before anyone adds the integration."""
    return Listing(
        slug=SLUG,
        title=Text(en="Office365 Calendar", de="Office365 Kalender"),
        publisher="Andock",
        version=VERSION,
        summary=Text(
            en="Keeps your calendar in Microsoft 365 in step with Andock.",
            de="Hält Ihren Kalender in Microsoft 365 mit Andock im Gleichschritt.",
        ),
        description=Text(
            en="Your appointments stay the same in Outlook and Andock, and, if you like, your "
            "contacts, tasks and calls as well. You sign in with Microsoft. What is personal stays "
            "personal.",
            de="Ihre Termine bleiben in Outlook und Andock dieselben, auf Wunsch auch Ihre "
            "Kontakte, Aufgaben und Anrufe. Sie melden sich bei Microsoft an. Persönliches bleibt "
            "persönlich.",
        ),
        icon=icon(),
        categories=("calendar", "contacts", "tasks"),
        moves_from=("exchange-calendar",),
        works_with=Text(
            en=f"Microsoft 365 and Office 365 ({SERVER})",
            de=f"Microsoft 365 und Office 365 ({SERVER})",
        ),
        data_goes_to=Text(en="Microsoft 365", de="Microsoft 365"),
        features=FEATURES,
        permissions=PERMISSIONS,
        keywords=(
            *("office365", "office 365", "microsoft 365", "outlook", "exchange online", "graph"),
            *("kalender", "calendar", "termine", "kontakte", "contacts", "aufgaben", "tasks"),
            *("anrufe", "calls", SERVER),
        ),
        languages=("de", "en"),
        authorize_form=FORM,
        operator_form=OPERATOR_FORM,
        operator_ends="secret_ends",
        sign_in_hosts=clouds.sign_in_hosts(),
        handshake=Handshake(parameter="validationToken"),
        messages=MESSAGES,
    )
