"""How the integration presents itself: listing, forms and words, in English and German."""

from importlib.resources import files

from andock_icalendar_subscription.messages import MESSAGES
from andock_sdk import (
    Answers,
    Choice,
    Collection,
    Feature,
    Field,
    Form,
    Listing,
    Permission,
    Text,
)

SLUG = "icalendar-subscription"
VERSION = "1.0.0"
IMPORTS = "imports"

FORM = Form(
    intro=Text(
        en="Paste the address under which the calendar is published. It is kept encrypted, like a "
        "password: whoever knows it can read the calendar.",
        de="Fügen Sie die Adresse ein, unter der der Kalender veröffentlicht ist. Sie wird wie ein "
        "Passwort verschlüsselt gespeichert: Wer sie kennt, kann den Kalender lesen.",
    ),
    fields=(
        Field(
            name="url",
            label=Text(en="Address of the calendar", de="Adresse des Kalenders"),
            help=Text(
                en="Begins with https:// or webcal:// and often ends in .ics.",
                de="Beginnt mit https:// oder webcal:// und endet oft auf .ics.",
            ),
            placeholder="https://…/calendar.ics",
            autocomplete="url",
        ),
        Field(
            name="user",
            label=Text(en="User name", de="Benutzername"),
            help=Text(
                en="Only if the calendar asks for one.",
                de="Nur, wenn der Kalender danach fragt.",
            ),
            required=False,
            autocomplete="username",
        ),
        Field(
            name="password",
            kind="password",
            label=Text(en="Password", de="Passwort"),
            help=Text(
                en="Only if the calendar asks for one.",
                de="Nur, wenn der Kalender danach fragt.",
            ),
            required=False,
            autocomplete="current-password",
        ),
    ),
)

FEATURES = (
    Feature(
        icon="eye-off",
        title=Text(en="As grey blocks", de="Als graue Blöcke"),
        text=Text(
            en="Others only see that you are busy.",
            de="Andere sehen nur, dass Sie belegt sind.",
        ),
    ),
    Feature(
        icon="repeat",
        title=Text(en="Up to date by itself", de="Von selbst aktuell"),
        text=Text(
            en="Andock looks every half hour and fetches the calendar only when it has changed.",
            de="Andock sieht jede halbe Stunde nach und holt den Kalender nur, wenn er sich "
            "geändert hat.",
        ),
    ),
    Feature(
        icon="shield",
        title=Text(en="Only reads", de="Liest nur"),
        text=Text(
            en="Nothing is ever written to the published calendar.",
            de="In den veröffentlichten Kalender wird nie etwas geschrieben.",
        ),
    ),
)


def listing() -> Listing:
    """All that the marketplace shows before anyone adds the integration."""
    return Listing(
        slug=SLUG,
        title=Text(en="Calendar Subscription", de="Kalenderabo"),
        publisher="Andock examples",
        version=VERSION,
        summary=Text(
            en="Shows a published calendar (iCalendar, .ics) as grey blocks in yours.",
            de="Zeigt einen veröffentlichten Kalender (iCalendar, .ics) als graue Blöcke in Ihrem.",
        ),
        description=Text(
            en="Holidays, your club's fixtures, the family's calendar: whatever is published under "
            "an address takes its time in your Andock calendar too. Only you see what it is.",
            de="Feiertage, Spielplan, Familienkalender: Was unter einer Adresse veröffentlicht "
            "ist, belegt auch in Ihrem Andock-Kalender seine Zeit. Nur Sie sehen, was es ist.",
        ),
        icon=files(__package__).joinpath("icon.svg").read_text("utf-8").strip(),
        categories=("calendar",),
        works_with=Text(
            en="Google, iCloud, Outlook, Nextcloud and others",
            de="Google, iCloud, Outlook, Nextcloud und anderen",
        ),
        data_goes_to=Text(en="Nobody; it is only read", de="Niemanden; es wird nur gelesen"),
        features=FEATURES,
        permissions=(
            Permission(
                icon="calendar",
                what=Text(en="The published calendar", de="Der veröffentlichte Kalender"),
                access=Text(en="read", de="lesen"),
            ),
        ),
        keywords=("ics", "ical", "icalendar", "webcal", "feed", "abo", "subscribe", "feiertage"),
        authorize_form=FORM,
        messages=MESSAGES,
    )


def settings_form(calendar: Collection, settings: Answers) -> Form:
    """The question what to import: at first, the calendar."""
    chosen = settings.get(IMPORTS, [calendar.ref])
    count = calendar.items or 0
    hint = Text(
        en=f"{count} {'entry' if count == 1 else 'entries'}",
        de=f"{count} {'Eintrag' if count == 1 else 'Einträge'}",
    )
    return Form(
        fields=(
            Field(
                name=IMPORTS,
                label=Text(en="Calendar to import", de="Kalender zum Importieren"),
                help=Text(
                    en="Its entries appear as grey blocks. Others see only that time is taken.",
                    de="Seine Einträge erscheinen als graue Blöcke. Andere sehen nur, dass Sie "
                    "belegt sind.",
                ),
                kind="choices",
                required=False,
                value=tuple(chosen) if isinstance(chosen, list) else (),
                choices=(
                    Choice(
                        value=calendar.ref,
                        label=Text(en=calendar.name, de=calendar.name),
                        hint=hint,
                    ),
                ),
            ),
        )
    )
