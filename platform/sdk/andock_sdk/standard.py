"""Ready-made pieces that most plugins want alike: what can be synchronised, as a form, and the
declarations that follow from its answers.

Four switches stand for themselves: `calendar_on`, `contacts_on`, `tasks_on`, `calls_on`. Settings
that were saved before there were switches have the calendar on and the others off.
"""

from collections.abc import Callable, Sequence
from typing import Literal

from andock_sdk.connector import Collection, Connector
from andock_sdk.context import Context, Grant
from andock_sdk.errors import MemberError
from andock_sdk.forms import Answers, Choice, Field, Form
from andock_sdk.hookspecs import Holding, SyncJob
from andock_sdk.text import Text

CALENDAR_ON, ONE, IMPORTS = "calendar_on", "calendar", "imports"
CONTACTS_ON, CONTACTS = "contacts_on", "contacts"
TASKS_ON, TASKS_LIST, TASKS_CALENDAR = "tasks_on", "tasks_list", "tasks_calendar"
CALLS_ON, CALLS_CALENDAR = "calls_on", "calls_calendar"

_ON_AT_FIRST = {CALENDAR_ON: True}
_PLANNING: tuple[tuple[str, str, Holding], ...] = (
    (TASKS_ON, TASKS_CALENDAR, "tasks"),
    (CALLS_ON, CALLS_CALENDAR, "calls"),
)


def settings_form(collections: Sequence[Collection], settings: Answers) -> Form:
    """Ask what to synchronise: the calendar, contacts, tasks and calls, each by its own switch.

    On first sight the default calendar and the default folder of contacts are proposed. What is
    no longer there is not offered, so saving lets go of it. Contacts are asked for only when the
    other side has a folder of them. Tasks go into a calendar, or into a list of tasks where the
    other side has one and the member chooses it.
    """
    calendars = [c for c in collections if c.kind == "calendar"]
    folders = [c for c in collections if c.kind == "contacts"]
    fields = _calendar_fields(calendars, settings)
    if folders:
        fields += _contacts_fields(folders, settings)
    lists = [c for c in collections if c.kind == "tasks"]
    return Form(fields=(*fields, *_planning_fields(calendars, lists, settings)))


def sync_jobs(settings: Answers, connector: Callable[[Context, Grant], Connector]) -> list[SyncJob]:
    """The declarations that follow from `settings_form`'s answers.

    A calendar that is the one and is imported too is synchronised once, as the one. Tasks and
    calls go to the one calendar unless another is chosen, also when the calendar is switched off;
    tasks go to their list instead when one is chosen.
    Raises MemberError when something is switched on that has no place to go.
    """
    one = _text(settings, ONE)
    holds: dict[str, set[Holding]] = {}
    for switch, choice, holding in _PLANNING:
        if is_on(settings, switch) and not (switch == TASKS_ON and task_list(settings)):
            ref = _text(settings, choice) or one
            if not ref:
                raise MemberError("planning.no_calendar")
            holds.setdefault(ref, set()).add(holding)
    roles = _calendar_roles(settings) if is_on(settings, CALENDAR_ON) else {}
    jobs = [
        SyncJob(
            collection=ref,
            role=roles.get(ref, "planning"),
            holds=frozenset(holds.get(ref, ())),
            connector=connector,
        )
        for ref in dict.fromkeys((*roles, *holds))
    ]
    if is_on(settings, CONTACTS_ON):
        folder = _text(settings, CONTACTS)
        if not folder:
            raise MemberError("contacts.no_folder")
        jobs.append(SyncJob(collection=folder, kind="contacts", role="one", connector=connector))
    if is_on(settings, TASKS_ON) and (tasks := task_list(settings)):
        jobs.append(SyncJob(collection=tasks, kind="tasks", role="one", connector=connector))
    return jobs


def task_list(settings: Answers) -> str:
    """The list that tasks go into when they are switched on; empty: they go into a calendar."""
    return _text(settings, TASKS_LIST)


def is_on(settings: Answers, switch: str) -> bool:
    """Whether something is switched on; unsaid, the calendar is and the others are not."""
    return bool(settings.get(switch, _ON_AT_FIRST.get(switch, False)))


def _calendar_roles(settings: Answers) -> dict[str, Literal["one", "import"]]:
    imports = settings.get(IMPORTS, [])
    roles: dict[str, Literal["one", "import"]] = {}
    if isinstance(imports, list):
        roles.update(dict.fromkeys(imports, "import"))
    if one := _text(settings, ONE):
        roles = {one: "one", **{ref: role for ref, role in roles.items() if ref != one}}
    return roles


def _calendar_fields(calendars: list[Collection], settings: Answers) -> list[Field]:
    imports = settings.get(IMPORTS, [])
    return [
        _switch(
            CALENDAR_ON,
            settings,
            Text(en="Calendar", de="Kalender"),
            Text(
                en="Your appointments stay the same here and there, and calendars you choose "
                "appear in Andock.",
                de="Ihre Termine bleiben hier und dort gleich, und Kalender Ihrer Wahl erscheinen "
                "in Andock.",
            ),
        ),
        Field(
            name=ONE,
            label=Text(en="The one calendar in step", de="Der eine Kalender im Gleichschritt"),
            help=Text(
                en="Your Andock appointments go here, and changes travel both ways.",
                de="Ihre Andock-Termine kommen hierher, Änderungen gehen in beide Richtungen.",
            ),
            kind="choice",
            required=False,
            value=_text(settings, ONE) if ONE in settings else _default(calendars),
            choices=(
                Choice(value="", label=Text(en="None", de="Keiner")),
                *(_choice(c, disabled=not c.writable) for c in calendars),
            ),
        ),
        Field(
            name=IMPORTS,
            label=Text(en="Calendars to import", de="Kalender zum Importieren"),
            help=Text(
                en="Their entries appear as grey blocks. Colleagues see only that time is taken.",
                de="Ihre Einträge erscheinen als graue Blöcke. Andere sehen nur, dass Sie belegt "
                "sind.",
            ),
            kind="choices",
            required=False,
            value=tuple(imports) if isinstance(imports, list) else (),
            choices=tuple(_choice(c) for c in calendars),
        ),
    ]


def _contacts_fields(folders: list[Collection], settings: Answers) -> list[Field]:
    return [
        _switch(
            CONTACTS_ON,
            settings,
            Text(en="Contacts", de="Kontakte"),
            Text(
                en="Your contacts go into one folder over there, and what is in that folder comes "
                "here. Changes travel both ways. Only you see them, unless you share one.",
                de="Ihre Kontakte kommen in einen Ordner dort, und was in diesem Ordner liegt, "
                "kommt hierher. Änderungen gehen in beide Richtungen. Nur Sie sehen sie, solange "
                "Sie keinen teilen.",
            ),
        ),
        Field(
            name=CONTACTS,
            label=Text(en="The folder of contacts", de="Der Ordner für Kontakte"),
            help=Text(
                en="A person who is in both places is recognised and not doubled.",
                de="Wer an beiden Orten steht, wird erkannt und nicht verdoppelt.",
            ),
            kind="choice",
            required=False,
            value=_text(settings, CONTACTS) if CONTACTS in settings else _default(folders),
            choices=tuple(_choice(c, disabled=not c.writable) for c in folders),
        ),
    ]


def _planning_fields(
    calendars: list[Collection], lists: list[Collection], settings: Answers
) -> list[Field]:
    tasks, calls = Text(en="Tasks", de="Aufgaben"), Text(en="Calls", de="Anrufe")
    return [
        _switch(
            TASKS_ON,
            settings,
            tasks,
            _TASKS_EITHER if lists else _TASKS_PLANNED,
        ),
        *([_list_choice(lists, settings)] if lists else []),
        _planning_choice(
            TASKS_CALENDAR,
            settings,
            calendars,
            Text(en="The calendar for tasks", de="Der Kalender für Aufgaben")
            if lists
            else Text(en="Tasks go to", de="Aufgaben kommen in"),
        ),
        _switch(
            CALLS_ON,
            settings,
            calls,
            Text(
                en="Calls with a time appear in the calendar there. Moved there, they move here; "
                "deleted there, they only leave the planning.",
                de="Anrufe mit Uhrzeit erscheinen dort im Kalender. Dort verschoben, ändern sie "
                "sich auch hier; dort gelöscht, verlassen sie nur die Planung.",
            ),
        ),
        _planning_choice(
            CALLS_CALENDAR, settings, calendars, Text(en="Calls go to", de="Anrufe kommen in")
        ),
    ]


_TASKS_PLANNED = Text(
    en="Tasks with a date appear in the calendar there. Moved or renamed there, they move here; "
    "deleted there, they only leave the planning.",
    de="Aufgaben mit Datum erscheinen dort im Kalender. Dort verschoben oder umbenannt, ändern sie "
    "sich auch hier; dort gelöscht, verlassen sie nur die Planung.",
)
_TASKS_EITHER = Text(
    en="Into a list of tasks there, with all they hold and both ways; deleted on one side, they "
    "are deleted on the other. Or those with a date into the calendar: deleted there, they only "
    "leave the planning.",
    de="In eine Aufgabenliste dort, mit allem, was sie enthalten, und in beide Richtungen; auf "
    "einer Seite gelöscht, werden sie auch auf der anderen gelöscht. Oder die mit Datum in den "
    "Kalender: dort gelöscht, verlassen sie nur die Planung.",
)


def _list_choice(lists: list[Collection], settings: Answers) -> Field:
    return Field(
        name=TASKS_LIST,
        label=Text(en="Where tasks go", de="Wohin Aufgaben kommen"),
        kind="choice",
        required=False,
        value=task_list(settings),
        choices=(
            Choice(value="", label=Text(en="Into the calendar", de="In den Kalender")),
            *(_choice(c, disabled=not c.writable) for c in lists),
        ),
    )


def _planning_choice(
    name: str, settings: Answers, calendars: list[Collection], label: Text
) -> Field:
    return Field(
        name=name,
        label=label,
        kind="choice",
        required=False,
        value=_text(settings, name),
        choices=(
            Choice(value="", label=Text(en="The one calendar", de="Der eine Kalender")),
            *(_choice(c, disabled=not c.writable) for c in calendars),
        ),
    )


def _switch(name: str, settings: Answers, label: Text, help_text: Text) -> Field:
    return Field(
        name=name,
        label=label,
        help=help_text,
        kind="switch",
        required=False,
        value=is_on(settings, name),
    )


def _default(collections: Sequence[Collection]) -> str:
    return next((c.ref for c in collections if c.default and c.writable), "")


def _text(settings: Answers, name: str) -> str:
    value = settings.get(name, "")
    return value if isinstance(value, str) else ""


def _choice(collection: Collection, *, disabled: bool = False) -> Choice:
    hint = None
    if collection.items is not None:
        one = collection.items == 1
        hint = Text(
            en=f"{collection.items} {'entry' if one else 'entries'}",
            de=f"{collection.items} {'Eintrag' if one else 'Einträge'}",
        )
    elif collection.kind == "tasks":
        hint = Text(en="A list of tasks", de="Eine Aufgabenliste")
    return Choice(
        value=collection.ref,
        label=Text(en=collection.name, de=collection.name),
        hint=hint,
        disabled=disabled,
    )
