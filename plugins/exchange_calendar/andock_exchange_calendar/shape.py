"""Which properties Andock reads of an item, and the one property that it adds."""

from andock_exchange_calendar.soap import Element, m, t

OPERATION_SET = "6f0c3f1e-5f0a-4f57-9d0c-0b1a6a0d7c25"
"""Andock's own property set: nobody else's named properties can collide with it."""
OPERATION_NAME = "AndockOperation"

_ITEM = (
    "ItemClass",
    "Subject",
    "Sensitivity",
    "Body",
    "Categories",
    "ReminderIsSet",
    "ReminderMinutesBeforeStart",
    "EffectiveRights",
)
_CALENDAR = (
    "UID",
    "Start",
    "End",
    "IsAllDayEvent",
    "LegacyFreeBusyStatus",
    "Location",
    "IsMeeting",
    "CalendarItemType",
    "MyResponseType",
    "Organizer",
    "RequiredAttendees",
    "OptionalAttendees",
    "Resources",
    "AppointmentState",
    "Recurrence",
    "ModifiedOccurrences",
    "DeletedOccurrences",
    "StartTimeZone",
    "EndTimeZone",
)
BATCH = 40
"""Items per GetItem. Microsoft advises 10; full items of an ordinary calendar are small, and
fewer round trips matter more on a distant server."""


def operation_field() -> Element:
    """The path of the property that carries our operation id."""
    return t(
        "ExtendedFieldURI",
        PropertySetId=OPERATION_SET,
        PropertyName=OPERATION_NAME,
        PropertyType="String",
    )


def operation_property(operation_id: str) -> Element:
    """The property itself, as an item carries it."""
    return t("ExtendedProperty", operation_field(), t("Value", text=operation_id))


def ids_only() -> Element:
    """The shape that gives ids and change keys."""
    return m("ItemShape", t("BaseShape", text="IdOnly"))


def everything() -> Element:
    """The shape that gives all that Andock knows of an item. "Best" is the body as it is kept:
    text stays text and HTML stays HTML."""
    return m(
        "ItemShape",
        t("BaseShape", text="IdOnly"),
        t("BodyType", text="Best"),
        t(
            "AdditionalProperties",
            *(t("FieldURI", FieldURI=f"item:{name}") for name in _ITEM),
            *(t("FieldURI", FieldURI=f"calendar:{name}") for name in _CALENDAR),
            operation_field(),
        ),
    )


def folder_shape() -> Element:
    """The shape of folders: name, class, parent, rights and how much lies in them."""
    names = ("DisplayName", "FolderClass", "ParentFolderId", "TotalCount", "EffectiveRights")
    return m(
        "FolderShape",
        t("BaseShape", text="IdOnly"),
        t(
            "AdditionalProperties",
            *(t("FieldURI", FieldURI=f"folder:{name}") for name in names),
        ),
    )
