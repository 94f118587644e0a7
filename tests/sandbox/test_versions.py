"""What each version of Exchange lacks."""

from collections.abc import Iterator
from typing import Any

import pytest
from exchangelib.folders import BaseFolder
from exchangelib.version import EXCHANGE_2010_SP1, EXCHANGE_2013

from andock_sandbox import Mailbox, Sandbox, grammar
from andock_sandbox.versions import VERSIONS
from tests.sandbox.client import IDS, Client, ServerFactory, distinguished, item, shape
from tests.sandbox.exchange_client import utc

EMPTY = (
    '<m:EmptyFolder DeleteType="HardDelete" DeleteSubFolders="false"><m:FolderIds>'
    f"{distinguished('contacts')}</m:FolderIds></m:EmptyFolder>"
)
STREAM = (
    f"<m:Subscribe><m:StreamingSubscriptionRequest><t:FolderIds>{distinguished('calendar')}"
    "</t:FolderIds><t:EventTypes><t:EventType>CreatedEvent</t:EventType></t:EventTypes>"
    "</m:StreamingSubscriptionRequest></m:Subscribe>"
)
FREE_BUSY_EVENT = STREAM.replace("Streaming", "Pull").replace(
    "</m:Pull", "<t:Timeout>1</t:Timeout></m:Pull"
)


def created(inside: str) -> str:
    """A CreateItem request for a calendar entry."""
    return (
        '<m:CreateItem SendMeetingInvitations="SendToNone"><m:Items><t:CalendarItem>'
        f"<t:Subject>x</t:Subject>{inside}</t:CalendarItem></m:Items></m:CreateItem>"
    )


def folder(name: str) -> str:
    """A GetFolder request for a well-known folder."""
    return (
        "<m:GetFolder><m:FolderShape><t:BaseShape>IdOnly</t:BaseShape></m:FolderShape>"
        f"<m:FolderIds>{distinguished(name)}</m:FolderIds></m:GetFolder>"
    )


ELSEWHERE = created("<t:LegacyFreeBusyStatus>WorkingElsewhere</t:LegacyFreeBusyStatus>")
ZONE = created('<t:StartTimeZone Id="UTC"/>')
RECEIPTS = (
    '<m:DeleteItem DeleteType="HardDelete" SuppressReadReceipts="true"><m:ItemIds>'
    f"{item('x')}</m:ItemIds></m:DeleteItem>"
)
TEXT_BODY = f"<m:GetItem>{shape('item:TextBody')}<m:ItemIds>{item('x')}</m:ItemIds></m:GetItem>"
FIRST, SECOND, THIRD = "Exchange2007_SP1", "Exchange2010_SP2", "Exchange2013_SP1"
FORM = "ErrorSchemaValidation"


@pytest.mark.parametrize(
    ("request_", "version", "spoken", "code"),
    [
        (EMPTY, "2007", FIRST, "ErrorInvalidRequest"),
        (EMPTY, "2010", SECOND, "NoError"),
        (EMPTY, "2019", FIRST, "ErrorInvalidServerVersion"),
        (STREAM, "2007", FIRST, FORM),
        (STREAM, "2010", SECOND, "NoError"),
        (ZONE, "2007", FIRST, FORM),
        (ZONE, "2010", SECOND, "NoError"),
        (ELSEWHERE, "2010", SECOND, FORM),
        (ELSEWHERE, "2013", THIRD, "NoError"),
        (RECEIPTS, "2010", SECOND, FORM),
        (RECEIPTS, "2013", THIRD, "ErrorInvalidIdMalformed"),
        (TEXT_BODY, "2010", SECOND, FORM),
        (TEXT_BODY, "2013", THIRD, "ErrorInvalidIdMalformed"),
        (folder("recoverableitemsroot"), "2007", FIRST, FORM),
        (folder("recoverableitemsroot"), "2010", SECOND, "ErrorFolderNotFound"),
        (folder("quickcontacts"), "2010", SECOND, FORM),
        (folder("quickcontacts"), "2013", THIRD, "ErrorFolderNotFound"),
        (folder("yammerroot"), "2013", THIRD, FORM),
        (folder("yammerroot"), "2016", "Exchange2016", "ErrorFolderNotFound"),
    ],
)
def test_what_came_later_is_refused(
    serve: ServerFactory, anna: Mailbox, request_: str, version: str, spoken: str, code: str
) -> None:
    """By an older server's schema; by a newer server that is spoken to in an older schema."""
    server = serve(version=version)
    server.on_exchange = None  # the schema at hand is that of Exchange 2016
    assert Client(server)(request_, version=spoken).codes == [code]


def test_a_newer_server_answers_in_the_schema_that_is_spoken(client: Client, anna: Mailbox) -> None:
    """No later property in an answer; asking for one is an error of the item's own."""
    entry = anna.add_event(anna.calendar, "x", utc(2026, 11, 24, 9), utc(2026, 11, 24, 10))
    everything = IDS.replace("IdOnly", "AllProperties")
    request = f"<m:GetItem>{everything}<m:ItemIds>{item(entry)}</m:ItemIds></m:GetItem>"
    assert client(request, version=FIRST).texts("//t:StartTimeZone") == []
    assert client(request, version=SECOND).texts("//t:IsOrganizer") == []
    assert client(request, version=THIRD).texts("//t:IsOrganizer") == ["true"]
    asked = f"<m:GetItem>{shape('item:TextBody')}<m:ItemIds>{item(entry)}</m:ItemIds></m:GetItem>"
    assert client(asked, version=SECOND).codes == ["ErrorInvalidPropertyRequest"]


@pytest.mark.parametrize(
    ("version", "build"),
    [("2010", "14.3"), ("2013", "15.0"), ("2016", "15.1"), ("2019", "15.2"), ("SE", "15.2")],
)
def test_every_answer_says_who_gives_it(
    serve: ServerFactory, box: Sandbox, anna: Mailbox, version: str, build: str
) -> None:
    """ServerVersionInfo; the newest two differ in their build alone."""
    reply = Client(serve(version=version))(folder("calendar"), version=SECOND)
    info = reply.xml.find(".//{*}ServerVersionInfo")
    assert info is not None
    assert f"{info.get('MajorVersion')}.{info.get('MinorVersion')}" == build
    assert int(VERSIONS["SE"].info["MajorBuildNumber"]) > 2000


def test_well_known_folders_appear_when_an_independent_client_says() -> None:
    """exchangelib's list of folders with the build that brought each."""
    said = {10: EXCHANGE_2010_SP1, 13: EXCHANGE_2013}
    for since, names in grammar.LATER_NAMES.items():
        for folder_class in every_class(BaseFolder):
            name = getattr(folder_class, "DISTINGUISHED_FOLDER_ID", None)
            if since in said and name in names:
                assert folder_class.supported_from.major_version >= said[since].major_version, name
            elif name in names and folder_class.supported_from is not None:
                assert since == 7, name


def every_class(root: Any) -> Iterator[Any]:
    """All classes below one."""
    for found in root.__subclasses__():
        yield found
        yield from every_class(found)
