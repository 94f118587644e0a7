"""Which properties Andock reads of an item, and the one property that it adds."""

from collections.abc import Iterable
from copy import deepcopy
from functools import cache

from andock_exchange_calendar.contact_fields import TITLE_TAG
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
    "WebClientReadFormQueryString",
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
_CONTACT_ITEM = (
    "ItemClass",
    "Body",
    "Categories",
    "Attachments",
    "WebClientReadFormQueryString",
)
_CONTACT = (
    "FileAs",
    "DisplayName",
    "GivenName",
    "MiddleName",
    "Nickname",
    "CompanyName",
    "EmailAddresses",
    "PhysicalAddresses",
    "PhoneNumbers",
    "Birthday",
    "BusinessHomePage",
    "Department",
    "Generation",
    "JobTitle",
    "Surname",
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


def title_field() -> Element:
    """The path of a contact's title."""
    return t("ExtendedFieldURI", PropertyTag=f"{TITLE_TAG:#x}", PropertyType="String")


def ids_only() -> Element:
    """The shape that gives ids and change keys."""
    return m("ItemShape", t("BaseShape", text="IdOnly"))


def everything() -> Element:
    """The shape that gives all that Andock knows of a calendar item."""
    return deepcopy(_everything())


@cache
def _everything() -> Element:
    uris = [f"item:{name}" for name in _ITEM] + [f"calendar:{name}" for name in _CALENDAR]
    return _shape(uris, operation_field())


def whole_contact() -> Element:
    """The shape that gives all that Andock knows of a contact, the bytes of its picture aside."""
    uris = [f"item:{name}" for name in _CONTACT_ITEM] + [f"contacts:{name}" for name in _CONTACT]
    return _shape(uris, operation_field(), title_field())


def _shape(uris: Iterable[str], *more: Element) -> Element:
    """ "Best" is the body as it is kept: text stays text and HTML stays HTML."""
    return m(
        "ItemShape",
        t("BaseShape", text="IdOnly"),
        t("BodyType", text="Best"),
        t("AdditionalProperties", *(t("FieldURI", FieldURI=uri) for uri in uris), *more),
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
