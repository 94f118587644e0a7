"""The sandbox's own rules about requests agree with Microsoft's schema."""

import os
import re
from pathlib import Path

import pytest
from lxml import etree

from andock_sandbox import grammar, grammar_services, properties, schema
from andock_sandbox.errors import RequestFault
from tests.sandbox.client import IDS, MESSAGES, TYPES, Client, distinguished, item, setting
from tests.sandbox.more_requests import MORE_RIGHT
from tests.sandbox.official_schema import VARIABLE, official_schema

needs_schema = pytest.mark.skipif(official_schema() is None, reason=f"{VARIABLE} is not set")
XS = "{http://www.w3.org/2001/XMLSchema}"

CALENDAR = distinguished("calendar")
PARENTS = f"<m:ParentFolderIds>{CALENDAR}</m:ParentFolderIds>"


def find_item(inside: str, attributes: str = 'Traversal="Shallow"') -> str:
    """A FindItem request."""
    return f"<m:FindItem {attributes}>{inside}</m:FindItem>"


def create_item(inside: str) -> str:
    """A CreateItem request for a calendar entry."""
    return (
        '<m:CreateItem SendMeetingInvitations="SendToNone"><m:Items><t:CalendarItem>'
        f"{inside}</t:CalendarItem></m:Items></m:CreateItem>"
    )


def update_item(updates: str, attributes: str = 'ConflictResolution="AutoResolve"') -> str:
    """An UpdateItem request."""
    return (
        f"<m:UpdateItem {attributes}><m:ItemChanges><t:ItemChange>{item('x')}<t:Updates>{updates}"
        "</t:Updates></t:ItemChange></m:ItemChanges></m:UpdateItem>"
    )


def recurring(inside: str) -> str:
    """A CreateItem request with a recurrence."""
    return create_item(f"<t:Recurrence>{inside}</t:Recurrence>")


WEEKLY = (
    "<t:WeeklyRecurrence><t:Interval>1</t:Interval><t:DaysOfWeek>Monday Friday</t:DaysOfWeek>"
    "</t:WeeklyRecurrence>"
)
NO_END = "<t:NoEndRecurrence><t:StartDate>2026-11-24</t:StartDate></t:NoEndRecurrence>"
SYNC = f"<m:SyncFolderItems>{IDS}<m:SyncFolderId>{CALENDAR}</m:SyncFolderId>"

RIGHT = {
    "a list": find_item(IDS + PARENTS),
    "a page": find_item(
        f'{IDS}<m:IndexedPageItemView MaxEntriesReturned="5" Offset="0" BasePoint="Beginning"/>'
        + PARENTS
    ),
    "a series": recurring(WEEKLY + NO_END),
    "an update": update_item(setting("item:Subject", "<t:Subject>x</t:Subject>")),
    "a sync": SYNC + "<m:MaxChangesReturned>512</m:MaxChangesReturned></m:SyncFolderItems>",
    "a contact": "<m:CreateItem><m:Items><t:Contact><t:DisplayName>B</t:DisplayName>"
    '<t:EmailAddresses><t:Entry Key="EmailAddress1" Name="B">b@x.test</t:Entry></t:EmailAddresses>'
    "<t:Birthday>1980-03-31T11:59:00Z</t:Birthday></t:Contact></m:Items></m:CreateItem>",
    "a picture": '<m:CreateAttachment><m:ParentItemId Id="x"/><m:Attachments><t:FileAttachment>'
    "<t:Name>a.jpg</t:Name><t:IsContactPhoto>true</t:IsContactPhoto><t:Content>AAAA</t:Content>"
    "</t:FileAttachment></m:Attachments></m:CreateAttachment>",
    "reading a picture": '<m:GetAttachment><m:AttachmentIds><t:AttachmentId Id="x"/>'
    "</m:AttachmentIds></m:GetAttachment>",
    "zones": "<m:GetServerTimeZones><m:Ids><t:Id>UTC</t:Id></m:Ids></m:GetServerTimeZones>",
    **MORE_RIGHT,
}
WRONG = {
    "no shape": find_item(PARENTS),
    "no traversal": find_item(IDS + PARENTS, ""),
    "unknown traversal": find_item(IDS + PARENTS, 'Traversal="Sideways"'),
    "unknown attribute": find_item(IDS + PARENTS, 'Traversal="Shallow" Depth="1"'),
    "wrong order": find_item(PARENTS + IDS),
    "two views": find_item(
        f'{IDS}<m:CalendarView StartDate="2026-01-01T00:00:00Z" EndDate="2026-02-01T00:00:00Z"/>'
        '<m:IndexedPageItemView Offset="0" BasePoint="Beginning"/>' + PARENTS
    ),
    "view without an end": find_item(
        f'{IDS}<m:CalendarView StartDate="2026-01-01T00:00:00Z"/>' + PARENTS
    ),
    "view with a bad date": find_item(
        f'{IDS}<m:CalendarView StartDate="2026-13-01T00:00:00Z" EndDate="2026-02-01T00:00:00Z"/>'
        + PARENTS
    ),
    "unknown folder name": find_item(
        f"{IDS}<m:ParentFolderIds>{distinguished('kalender')}</m:ParentFolderIds>"
    ),
    "no folders": find_item(IDS + "<m:ParentFolderIds/>"),
    "unknown path": find_item(
        "<m:ItemShape><t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties>"
        '<t:FieldURI FieldURI="calendar:Colour"/></t:AdditionalProperties></m:ItemShape>' + PARENTS
    ),
    "property without a type": find_item(
        "<m:ItemShape><t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties>"
        '<t:ExtendedFieldURI PropertyTag="0x37"/></t:AdditionalProperties></m:ItemShape>' + PARENTS
    ),
    "no base shape": find_item("<m:ItemShape/>" + PARENTS),
    "wrong namespace": f"<m:GetItem>{IDS}<m:ItemIds><m:ItemId Id='x'/></m:ItemIds></m:GetItem>",
    "no ids": f"<m:GetItem>{IDS}<m:ItemIds/></m:GetItem>",
    "id without an Id": f"<m:GetItem>{IDS}<m:ItemIds><t:ItemId/></m:ItemIds></m:GetItem>",
    "text between": f"<m:GetItem>x{IDS}<m:ItemIds>{item('x')}</m:ItemIds></m:GetItem>",
    "index is no number": (
        f"<m:GetItem>{IDS}<m:ItemIds><t:OccurrenceItemId RecurringMasterId='x' InstanceIndex='a'/>"
        "</m:ItemIds></m:GetItem>"
    ),
    "properties in the wrong order": create_item(
        "<t:End>2026-11-24T10:00:00Z</t:End><t:Start>2026-11-24T09:00:00Z</t:Start>"
    ),
    "unknown property": create_item("<t:Colour>red</t:Colour>"),
    "a bool that is none": create_item("<t:IsAllDayEvent>yes</t:IsAllDayEvent>"),
    "a time without seconds": create_item("<t:Start>2026-11-24T10:00Z</t:Start>"),
    "an unknown status": create_item("<t:LegacyFreeBusyStatus>Away</t:LegacyFreeBusyStatus>"),
    "a body without a type": create_item("<t:Body>x</t:Body>"),
    "an attendee without a mailbox": create_item(
        "<t:RequiredAttendees><t:Attendee/></t:RequiredAttendees>"
    ),
    "no attendees": create_item("<t:RequiredAttendees/>"),
    "an empty address": create_item(
        "<t:RequiredAttendees><t:Attendee><t:Mailbox><t:EmailAddress/></t:Mailbox></t:Attendee>"
        "</t:RequiredAttendees>"
    ),
    "a negative reminder": create_item(
        "<t:ReminderMinutesBeforeStart>-5</t:ReminderMinutesBeforeStart>"
    ),
    "a series without a range": recurring(WEEKLY),
    "a range before the pattern": recurring(NO_END + WEEKLY),
    "an unknown day": recurring(WEEKLY.replace("Monday", "Montag") + NO_END),
    "a range with a time": recurring(WEEKLY + NO_END.replace("2026-11-24", "2026-11-24T00:00:00Z")),
    "no conflict resolution": update_item(setting("item:Subject", "<t:Subject>x</t:Subject>"), ""),
    "an update without a path": update_item(
        "<t:SetItemField><t:CalendarItem><t:Subject>x</t:Subject></t:CalendarItem></t:SetItemField>"
    ),
    "an update without a value": update_item(
        '<t:SetItemField><t:FieldURI FieldURI="item:Subject"/></t:SetItemField>'
    ),
    "no updates": update_item(""),
    "a delete without its kind": f"<m:DeleteItem><m:ItemIds>{item('x')}</m:ItemIds></m:DeleteItem>",
    "0 changes": SYNC + "<m:MaxChangesReturned>0</m:MaxChangesReturned></m:SyncFolderItems>",
    "513 changes": SYNC + "<m:MaxChangesReturned>513</m:MaxChangesReturned></m:SyncFolderItems>",
    "no number of changes": SYNC + "</m:SyncFolderItems>",
    "an empty name": (
        '<m:ResolveNames ReturnFullContactData="false"><m:UnresolvedEntry></m:UnresolvedEntry>'
        "</m:ResolveNames>"
    ),
    "names without the flag": (
        "<m:ResolveNames><m:UnresolvedEntry>x</m:UnresolvedEntry></m:ResolveNames>"
    ),
    "a restriction with nothing in it": find_item(IDS + "<m:Restriction/>" + PARENTS),
    "a comparison without a constant": find_item(
        f'{IDS}<m:Restriction><t:IsEqualTo><t:FieldURI FieldURI="item:Subject"/></t:IsEqualTo>'
        "</m:Restriction>" + PARENTS
    ),
    "no attachments": '<m:CreateAttachment><m:ParentItemId Id="x"/><m:Attachments/>'
    "</m:CreateAttachment>",
    "a content that is no base64": '<m:CreateAttachment><m:ParentItemId Id="x"/><m:Attachments>'
    "<t:FileAttachment><t:Content>A</t:Content></t:FileAttachment></m:Attachments>"
    "</m:CreateAttachment>",
    "an unknown slot": "<m:CreateItem><m:Items><t:Contact><t:EmailAddresses>"
    '<t:Entry Key="EmailAddress4">b@x.test</t:Entry></t:EmailAddresses></t:Contact></m:Items>'
    "</m:CreateItem>",
    "an order without a direction": find_item(
        f'{IDS}<m:SortOrder><t:FieldOrder><t:FieldURI FieldURI="item:Subject"/></t:FieldOrder>'
        "</m:SortOrder>" + PARENTS
    ),
}


def element(xml: str) -> etree._Element:
    """A request's element."""
    return etree.fromstring(f'<r xmlns:m="{MESSAGES}" xmlns:t="{TYPES}">{xml}</r>')[0]


@needs_schema
@pytest.mark.parametrize("name", RIGHT)
def test_a_right_request_is_right_for_both(name: str) -> None:
    """The table of right requests holds for the schema as well."""
    official = official_schema()
    assert official is not None
    found = element(RIGHT[name])
    official.assertValid(found)
    schema.check(found, etree.QName(found).localname)


@needs_schema
@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_request_is_wrong_for_both(name: str) -> None:
    """The table of wrong requests holds for the schema as well."""
    official = official_schema()
    assert official is not None
    found = element(WRONG[name])
    assert not official.validate(found)
    with pytest.raises(RequestFault):
        schema.check(found, etree.QName(found).localname)


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_request_is_answered_as_exchange_does(client: Client, name: str) -> None:
    """HTTP 500 with the fault's code in its detail."""
    reply = client(WRONG[name])
    assert (reply.status, reply.codes) == (500, ["ErrorSchemaValidation"])
    assert reply.text("//faultcode") == "a:ErrorSchemaValidation"


def official_sequence(name: str) -> list[str]:
    """The elements that a type of the official schema adds, in order."""
    tree = etree.parse(str(Path(os.environ[VARIABLE]) / "types.xsd"))
    [found] = tree.findall(f"{XS}complexType[@name='{name}']")
    return [str(part.get("name")) for part in found.iter(f"{XS}element") if part.get("name")]


@needs_schema
@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("CalendarItem", "CalendarItemType"),
        ("Contact", "ContactItemType"),
        ("Task", "TaskType"),
        ("Item", "ItemType"),
    ],
)
def test_property_tables_follow_the_schema(kind: str, name: str) -> None:
    """Every element, in its order."""
    names = [made.name for made in properties.table(kind)]
    common = [made.name for made in properties.table("Item")]
    assert names[0 if kind == "Item" else len(common) :] == official_sequence(name)


@needs_schema
def test_every_path_of_the_schema_is_known_and_no_other() -> None:
    """FieldURIs, so that a client may ask for all of them."""
    tree = etree.parse(str(Path(os.environ[VARIABLE]) / "types.xsd"))
    [found] = tree.findall(f"{XS}simpleType[@name='UnindexedFieldURIType']")
    official = {str(part.get("value")) for part in found.iter(f"{XS}enumeration")}
    test = schema.SIMPLE["path"]
    assert {uri for uri in official if not test(uri)} == set()
    ours = set(properties.all_uris()) | set(properties.folder_uris()) | properties.FOREIGN_PATHS
    assert ours - official == set()


@needs_schema
def test_every_code_that_is_given_is_one_of_exchange() -> None:
    """The ResponseCodes in the sandbox's source; Graph has some of its own."""
    tree = etree.parse(str(Path(os.environ[VARIABLE]) / "messages.xsd"))
    [found] = tree.findall(f"{XS}simpleType[@name='ResponseCodeType']")
    official = {str(part.get("value")) for part in found.iter(f"{XS}enumeration")}
    source = Path(grammar.__file__).parent
    used = {
        code
        for path in source.rglob("*.py")
        if path.parent.name != "graph"
        for code in re.findall(r'"(Error[A-Z][A-Za-z]+)"', path.read_text(encoding="utf-8"))
    }
    assert len(used) > 50
    assert used - official == {"ErrorCode", "ErrorMessage"}  # elements of autodiscover, no codes


def test_all_rules_compile() -> None:
    """Each rule of the grammar and each type that it names."""
    for line in (grammar.RULES + grammar_services.RULES).strip().splitlines():
        title, _, content = line.partition(" = ")
        if content:
            for kind in schema.rule(title).types.values():
                assert kind == "any" or kind in schema.SIMPLE or schema.is_type(kind), kind
