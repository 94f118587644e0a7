"""Ready-made pieces that most calendar plugins want alike."""

from collections.abc import Callable, Sequence

from andock_sdk.connector import Collection, Connector
from andock_sdk.context import Context, Grant
from andock_sdk.forms import Answers, Choice, Field, Form
from andock_sdk.hookspecs import SyncJob
from andock_sdk.text import Text

ONE = "calendar"
IMPORTS = "imports"


def calendar_form(collections: Sequence[Collection], settings: Answers) -> Form:
    """Ask for the one calendar in step and for those to import.

    On first sight the default calendar is proposed as the one. A calendar that is no longer
    there is not offered, so saving lets go of it.
    """
    calendars = list(collections)
    proposed = next((c.ref for c in calendars if c.default and c.writable), "")
    one = settings.get(ONE, proposed)
    imports = settings.get(IMPORTS, [])
    return Form(
        fields=(
            Field(
                name=ONE,
                label=Text(en="The one calendar in step", de="Der eine Kalender im Gleichschritt"),
                help=Text(
                    en="Your Andock appointments go here, and changes travel both ways.",
                    de="Ihre Andock-Termine kommen hierher, Änderungen gehen in beide Richtungen.",
                ),
                kind="choice",
                required=False,
                value=one if isinstance(one, str) else "",
                choices=(
                    Choice(value="", label=Text(en="None", de="Keiner")),
                    *(_choice(c, disabled=not c.writable) for c in calendars),
                ),
            ),
            Field(
                name=IMPORTS,
                label=Text(en="Calendars to import", de="Kalender zum Importieren"),
                help=Text(
                    en="Their entries appear as grey blocks. Colleagues see only that time is "
                    "taken.",
                    de="Ihre Einträge erscheinen als graue Blöcke. Andere sehen nur, dass Sie "
                    "belegt sind.",
                ),
                kind="choices",
                required=False,
                value=tuple(imports) if isinstance(imports, list) else (),
                choices=tuple(_choice(c) for c in calendars),
            ),
        )
    )


def calendar_jobs(
    settings: Answers, connector: Callable[[Context, Grant], Connector]
) -> list[SyncJob]:
    """The declarations that follow from `calendar_form`'s answers. A calendar that is the one
    and is imported too is synchronised once, as the one."""
    one, imports = settings.get(ONE, ""), settings.get(IMPORTS, [])
    jobs: list[SyncJob] = []
    if isinstance(one, str) and one:
        jobs.append(SyncJob(collection=one, role="one", connector=connector))
    if isinstance(imports, list):
        jobs += [
            SyncJob(collection=ref, role="import", connector=connector)
            for ref in imports
            if ref != one
        ]
    return jobs


def _choice(collection: Collection, *, disabled: bool = False) -> Choice:
    hint = None
    if collection.items is not None:
        hint = Text(en=f"{collection.items} entries", de=f"{collection.items} Einträge")
    return Choice(
        value=collection.ref,
        label=Text(en=collection.name, de=collection.name),
        hint=hint,
        disabled=disabled,
    )
