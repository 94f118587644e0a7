"""Which server is played, and what each version does not know yet.

A generation is the number in a version's name: 7, 10 (as of SP2), 13 (as of SP1), 16, 19 (also
Subscription Edition). Exchange 2019 and later speak the schema of 2016.

Sources: the appendices "Product Behavior" of Microsoft's [MS-OXWSCDATA], [MS-OXWSFOLD],
[MS-OXWSCORE] and [MS-OXWSNTIF]; the web service reference ("introduced in").
"""

from __future__ import annotations

from dataclasses import dataclass

from . import grammar, properties
from .errors import RequestFault
from .soap import Element, children, local


@dataclass(frozen=True)
class Version:
    """A server version: its generation, what it calls itself, and which schemas it speaks."""

    generation: int
    info: dict[str, str]
    schemas: frozenset[str]


def _info(major: int, minor: int, build: int, named: str) -> dict[str, str]:
    return {
        "MajorVersion": str(major),
        "MinorVersion": str(minor),
        "MajorBuildNumber": str(build),
        "MinorBuildNumber": "0",
        "Version": named,
    }


_2007 = frozenset({"Exchange2007", "Exchange2007_SP1"})
_2010 = _2007 | {"Exchange2009", "Exchange2010", "Exchange2010_SP1", "Exchange2010_SP2"}
_2013 = _2010 | {"Exchange2012", "Exchange2013", "Exchange2013_SP1"}
_2016 = _2013 | {
    "Exchange2015",
    "Exchange2016",
    "V2015_10_05",
    "V2016_01_06",
    "V2016_04_13",
    "V2016_07_13",
    "V2016_10_10",
}
VERSIONS = {
    "2007": Version(7, _info(8, 3, 485, "Exchange2007_SP1"), _2007),
    "2010_SP2": Version(10, _info(14, 3, 513, "Exchange2010_SP2"), _2010),
    "2013_SP1": Version(13, _info(15, 0, 1497, "V2_23"), _2013),
    "2016": Version(16, _info(15, 1, 2507, "V2017_07_11"), _2016),
    "2019": Version(19, _info(15, 2, 1544, "V2017_07_11"), _2016),
    "SE": Version(19, _info(15, 2, 2562, "V2017_07_11"), _2016),
}
VERSIONS |= {"2010": VERSIONS["2010_SP2"], "2013": VERSIONS["2013_SP1"]}
# What a request speaks that does not say.
DEFAULT_SCHEMA = "Exchange2007"

OPERATIONS = {
    "EmptyFolder": 10,
    "GetServerTimeZones": 10,
    "GetStreamingEvents": 10,
    "GetUserConfiguration": 10,
    "GetUserPhoto": 13,
}
_ELEMENTS = {
    "StreamingSubscriptionRequest": 10,
    "QueryString": 10,
    "ReturnNewItemIds": 10,
    "SyncScope": 10,
    "FilterHtmlContent": 10,
    "ConvertHtmlCodePageToUTF8": 10,
    "IsContactPhoto": 10,
    "IsInline": 10,
    "StartTimeZone": 10,
    "EndTimeZone": 10,
    "TimeZoneContext": 10,
    "AddressListId": 13,
    "UniqueBodyType": 13,
    "NormalizedBodyType": 13,
    "InlineImageUrlTemplate": 13,
    "BlockExternalImages": 13,
    "AddBlankTargetToLinks": 13,
    "MaximumBodySize": 13,
    "ReferenceAttachment": 16,
}
_ATTRIBUTES = {
    "SuppressReadReceipts": 13,
    "ContactDataShape": 10,
    "SearchScope": 10,
    "SubscribeToAllFolders": 10,
}
# Values by the name of their element: the first server that knows them.
_VALUES = {
    ("LegacyFreeBusyStatus", "WorkingElsewhere"): 13,
    ("EventType", "FreeBusyChangedEvent"): 10,
}


def generation_of(schema: str) -> int:
    """The generation that a schema's name stands for."""
    for known, names in ((7, _2007), (10, _2010), (13, _2013)):
        if schema in names:
            return known
    return 16


def check_operation(operation: str, server: int, spoken: int) -> None:
    """RequestFault for an operation that the server has not (ErrorInvalidRequest), or that the
    schema which the request speaks has not (ErrorInvalidServerVersion)."""
    since = OPERATIONS.get(operation, 7)
    if since > server:
        raise RequestFault("ErrorInvalidRequest", f"The server does not know {operation}.")
    if since > spoken:
        raise RequestFault("ErrorInvalidServerVersion")


def check_request(request: Element, server: int) -> None:
    """RequestFault ErrorSchemaValidation for what came with a later version than the server's."""
    if server >= 16:
        return
    for element in request.iter("{*}*"):
        _check_element(element, server)


def _check_element(element: Element, server: int) -> None:
    name = local(element)
    if _ELEMENTS.get(name, 7) > server:
        _refuse(element, f"The element '{name}' is not declared.")
    for attribute in element.attrib:
        if _ATTRIBUTES.get(str(attribute), 7) > server:
            _refuse(element, f"The '{attribute}' attribute of '{name}' is not declared.")
    value = element.get("FieldURI", "")
    if name == "FieldURI" and properties.paths().get(value, 7) > server:
        _refuse(element, f"The 'FieldURI' attribute is invalid: {value}")
    if name == "DistinguishedFolderId" and _folder_since(element.get("Id", "")) > server:
        _refuse(element, f"The 'Id' attribute is invalid: {element.get('Id')}")
    if _VALUES.get((name, (element.text or "").strip()), 7) > server:
        _refuse(element, f"The '{name}' element is invalid: its value {element.text!r}.")
    if name in properties.KINDS:
        known = properties.by_name(name)
        for part in children(element):
            held = known.get(local(part))
            if held is not None and held.since > server:
                _refuse(part, f"The element '{local(part)}' is not declared.")


def _folder_since(name: str) -> int:
    return next((since for since, names in grammar.LATER_NAMES.items() if name in names), 7)


def _refuse(element: Element, violation: str) -> None:
    raise RequestFault(
        "ErrorSchemaValidation",
        f"The request failed schema validation: {violation}",
        line=element.sourceline or 1,
    )
