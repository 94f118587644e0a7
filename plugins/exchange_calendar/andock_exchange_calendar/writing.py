"""An Appointment, or what changed in one, to the elements that Exchange is given."""

from collections.abc import Iterable

from andock_exchange_calendar import recurrence, slots
from andock_exchange_calendar.convert import BUSY, SENSITIVITY
from andock_exchange_calendar.shape import operation_property
from andock_exchange_calendar.soap import Element, clean, t
from andock_sdk import NO_REMINDER, Appointment, Attendee, Override, errors

ORDER = (
    "Subject",
    "Sensitivity",
    "Body",
    "Categories",
    "ReminderIsSet",
    "ReminderMinutesBeforeStart",
    "ExtendedProperty",
    "Start",
    "End",
    "IsAllDayEvent",
    "LegacyFreeBusyStatus",
    "Location",
    "RequiredAttendees",
    "OptionalAttendees",
    "Resources",
    "Recurrence",
    "StartTimeZone",
    "EndTimeZone",
)
"""The schema's order of the elements that we write; Exchange refuses any other."""
_OF_ITEM = frozenset(ORDER[:6])
_LONGEST_LINE = 255
_BUSY = {ours: theirs for theirs, ours in BUSY.items() if theirs != "NoData"}
_SENSITIVITY = {ours: theirs for theirs, ours in SENSITIVITY.items()}
_ROLES = {"required": "RequiredAttendees", "optional": "OptionalAttendees", "resource": "Resources"}
WRITABLE = frozenset(
    {
        "when",
        "subject",
        "body",
        "location",
        "busy",
        "sensitivity",
        "categories",
        "reminder_minutes",
        "recurrence",
        "attendees",
    }
)
"""The fields of the master, or of a single item, that Andock writes."""

Values = dict[str, Element | None]
"""Elements by name; None takes the property away."""


def new_item(item: Appointment, operation_id: str, *, day_zone: str, old_server: bool) -> Element:
    """The CalendarItem to create. Overrides and cancellations are written afterwards."""
    made = values(item, WRITABLE, day_zone=day_zone, old_server=old_server)
    made["ExtendedProperty"] = operation_property(operation_id)
    return t("CalendarItem", *(made.get(name) for name in ORDER))


def values(
    item: Appointment,
    names: Iterable[str],
    *,
    day_zone: str,
    old_server: bool,
    keep_foreign: bool = False,
) -> Values:
    """What to write for these fields of `item`. Raises Unrepresentable, before anything is sent.

    `old_server`: Exchange 2010, which has no "working elsewhere".
    """
    wanted = set(names) & WRITABLE
    made: Values = {}
    if "when" in wanted:
        made.update(slots.write(item.when, day_zone, keep_foreign=keep_foreign).elements())
    if "recurrence" in wanted or ("when" in wanted and item.recurrence):
        made["Recurrence"] = pattern(item)
    if "attendees" in wanted:
        made.update(_attendees(item.attendees))
    made.update(_details(item, wanted, old_server))
    return made


def pattern(item: Appointment) -> Element | None:
    """The item's Recurrence element, None for a single one. Raises Unrepresentable."""
    return recurrence.write(item.recurrence, item.when) if item.recurrence else None


def _details(item: Appointment, wanted: set[str], old_server: bool) -> Values:
    made: Values = {}
    if "subject" in wanted:
        made["Subject"] = t("Subject", text=_line(item.subject))
    if "body" in wanted:
        kind = "HTML" if item.body.kind == "html" else "Text"
        made["Body"] = t("Body", text=item.body.content, BodyType=kind)
    if "location" in wanted:
        made["Location"] = t("Location", text=_line(item.location)) if item.location else None
    if "busy" in wanted:
        if item.busy == "elsewhere" and old_server:
            raise errors.Unrepresentable("busy.elsewhere", "Exchange 2010")
        made["LegacyFreeBusyStatus"] = t("LegacyFreeBusyStatus", text=_BUSY[item.busy])
    if "sensitivity" in wanted:
        made["Sensitivity"] = t("Sensitivity", text=_SENSITIVITY[item.sensitivity])
    if "categories" in wanted:
        texts = (t("String", text=category) for category in item.categories if clean(category))
        categories = t("Categories", *texts)
        made["Categories"] = categories if len(categories) else None
    if "reminder_minutes" in wanted:
        made.update(_reminder(item.reminder_minutes))
    return made


def _line(text: str) -> str:
    if len(text) > _LONGEST_LINE:
        raise errors.Unrepresentable("item.line_too_long", "over 255 characters")
    return text


def _reminder(minutes: int | None) -> Values:
    if minutes is None:
        return {"ReminderIsSet": t("ReminderIsSet", text="false")}
    return {
        "ReminderIsSet": t("ReminderIsSet", text="true"),
        "ReminderMinutesBeforeStart": t("ReminderMinutesBeforeStart", text=str(minutes)),
    }


def _attendees(attendees: tuple[Attendee, ...]) -> Values:
    """Whom the member invites. Their answers are theirs and cannot be written."""
    made: Values = {}
    for role, name in _ROLES.items():
        invited = [_attendee(one) for one in attendees if one.role == role and one.person.email]
        made[name] = t(name, *invited) if invited else None
    return made


def _attendee(attendee: Attendee) -> Element:
    name = t("Name", text=attendee.person.name) if attendee.person.name else None
    return t("Attendee", t("Mailbox", name, t("EmailAddress", text=attendee.person.email)))


def updates(made: Values) -> list[Element]:
    """The changes of an UpdateItem request."""
    return [_change(name, made[name]) for name in ORDER if name in made]


def _change(name: str, value: Element | None) -> Element:
    prefix = "item" if name in _OF_ITEM else "calendar"
    path = t("FieldURI", FieldURI=f"{prefix}:{name}")
    if value is None:
        return t("DeleteItemField", path)
    return t("SetItemField", path, t("CalendarItem", value))


def same_people(one: Appointment, other: Appointment) -> bool:
    """Whether both invite the same people in the same roles, whatever those answered."""
    return [(a.person, a.role) for a in one.attendees] == [
        (a.person, a.role) for a in other.attendees
    ]


def occurrence_values(
    series: Appointment,
    original: str,
    before: Override,
    after: Override,
    *,
    day_zone: str,
    old_server: bool,
) -> Values:
    """What to write into one occurrence so that it goes from `before` to `after`. Where `after`
    says nothing any more, the occurrence gets the series' value back."""
    natural = slots.shifted(series.when, original)
    changed = [
        name for name in Override.model_fields if getattr(before, name) != getattr(after, name)
    ]
    given = {name: getattr(after, name) for name in changed if getattr(after, name) is not None}
    if given.get("reminder_minutes") == NO_REMINDER:
        given["reminder_minutes"] = None
    single = series.model_copy(update={"when": natural, "recurrence": "", **given})
    made = values(single, changed, day_zone=day_zone, old_server=old_server, keep_foreign=True)
    when = given.get("when") or natural
    if (when.start_zone, when.end_zone) == (series.when.start_zone, series.when.end_zone):
        made.pop("StartTimeZone", None)
        made.pop("EndTimeZone", None)
    return made
