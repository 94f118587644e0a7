"""Writing over EWS: conflicts, required answers, refused properties, odd text."""

import pytest

from andock_sandbox import Mailbox, Sandbox
from tests.sandbox.client import Client, item, setting, shape
from tests.sandbox.exchange_client import utc

SUBJECT = setting("item:Subject", "<t:Subject>Neu</t:Subject>")


@pytest.fixture
def entry(anna: Mailbox) -> str:
    """A single entry."""
    return anna.add_event(anna.calendar, "Alt", utc(2026, 11, 24, 9), utc(2026, 11, 24, 10))


def key_of(client: Client, entry: str) -> str:
    """The change key now."""
    return client.get(entry).text("//t:ItemId/@ChangeKey")


@pytest.mark.parametrize(
    ("mode", "code"),
    [
        ("NeverOverwrite", "ErrorIrresolvableConflict"),
        ("AutoResolve", "NoError"),
        ("AlwaysOverwrite", "NoError"),
    ],
)
def test_a_stale_change_key(
    client: Client, anna: Mailbox, entry: str, mode: str, code: str
) -> None:
    """Only NeverOverwrite refuses."""
    key = key_of(client, entry)
    anna.update_event(entry, location="Dort")
    assert client.update(item(entry, key), SUBJECT, mode=mode).codes == [code]


def test_auto_resolve_counts_what_both_changed(client: Client, anna: Mailbox, entry: str) -> None:
    """ConflictResults."""
    key = key_of(client, entry)
    anna.update_event(entry, subject="Von hier")
    reply = client.update(item(entry, key), SUBJECT, mode="AutoResolve")
    assert reply.text("//m:ConflictResults/t:Count") == "1"


@pytest.mark.parametrize("mode", ["NeverOverwrite", "AutoResolve"])
def test_an_update_needs_a_change_key(client: Client, entry: str, mode: str) -> None:
    """Unless it overwrites in any case."""
    reply = client.update(item(entry), SUBJECT, mode=mode)
    assert reply.codes == ["ErrorChangeKeyRequiredForWriteOperations"]


def test_a_made_up_change_key_is_invalid(client: Client, entry: str) -> None:
    """ErrorInvalidChangeKey."""
    reply = client.update(item(entry, "AAAA"), SUBJECT, mode="NeverOverwrite")
    assert reply.codes == ["ErrorInvalidChangeKey"]


def test_calendar_writes_must_say_whom_to_tell(client: Client, entry: str) -> None:
    """Each operation has its own attribute and its own error."""
    assert client.create("<t:Subject>x</t:Subject>", send="").codes == [
        "ErrorSendMeetingInvitationsRequired"
    ]
    assert client.update(item(entry), SUBJECT, send="").codes == [
        "ErrorSendMeetingInvitationsOrCancellationsRequired"
    ]
    assert client.delete(item(entry), send="").codes == ["ErrorSendMeetingCancellationsRequired"]


@pytest.mark.parametrize(
    ("update", "code"),
    [
        (setting("item:Subject", "<t:Location>x</t:Location>"), "ErrorUpdatePropertyMismatch"),
        (
            setting(
                "item:DateTimeCreated",
                "<t:DateTimeCreated>2026-01-01T00:00:00Z</t:DateTimeCreated>",
            ),
            "ErrorInvalidPropertySet",
        ),
        (
            '<t:DeleteItemField><t:FieldURI FieldURI="calendar:Start"/></t:DeleteItemField>',
            "ErrorInvalidPropertyDelete",
        ),
        (
            setting("item:Subject", "<t:Subject>x</t:Subject>").replace("SetItem", "AppendToItem"),
            "ErrorInvalidPropertyAppend",
        ),
    ],
)
def test_a_property_that_cannot_be_changed_so(
    client: Client, entry: str, update: str, code: str
) -> None:
    """Each with its own error; nothing is changed."""
    before = key_of(client, entry)
    assert client.update(item(entry), update).codes == [code]
    assert key_of(client, entry) == before


def test_a_property_is_taken_out_and_appended_to(client: Client, anna: Mailbox) -> None:
    """DeleteItemField and AppendToItemField."""
    made = anna.add_event(
        anna.calendar, "A", utc(2026, 11, 24, 9), utc(2026, 11, 24, 10), location="Hier", body="a"
    )
    appended = setting("item:Body", '<t:Body BodyType="Text">b</t:Body>')
    client.update(
        item(made),
        '<t:DeleteItemField><t:FieldURI FieldURI="calendar:Location"/></t:DeleteItemField>',
        appended.replace("SetItem", "AppendToItem"),
    )
    reply = client.get(made, shape("calendar:Location", "item:Body"))
    assert reply.texts("//t:Location") == []
    assert reply.text("//t:Body") == "ab"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("", "ErrorInvalidIdEmpty"),
        ("abc", "ErrorInvalidIdMalformed"),
        ("QUFB" * 40, "ErrorInvalidIdMalformed"),
    ],
)
def test_an_id_that_is_none(client: Client, given: str, code: str) -> None:
    """Empty, not base64, not issued here."""
    assert client.get(given).codes == [code]


def test_ids_are_case_sensitive_and_long(client: Client, entry: str) -> None:
    """Another case is another id."""
    assert len(entry) >= 100
    assert client.get(entry.swapcase()).codes != ["NoError"]


def test_another_mailbox_is_out_of_reach(client: Client, box: Sandbox) -> None:
    """Neither its items nor its folders."""
    ben = box.add_mailbox("ben@musterfirma.test", "x")
    made = ben.add_event(ben.calendar, "B", utc(2026, 11, 24, 9), utc(2026, 11, 24, 10))
    assert client.get(made).codes == ["ErrorItemNotFound"]
    assert client.sync(ben.calendar).codes == ["ErrorSyncFolderNotFound"]
    reply = client(
        "<m:GetFolder><m:FolderShape><t:BaseShape>IdOnly</t:BaseShape></m:FolderShape>"
        '<m:FolderIds><t:DistinguishedFolderId Id="calendar"><t:Mailbox><t:EmailAddress>'
        "ben@musterfirma.test</t:EmailAddress></t:Mailbox></t:DistinguishedFolderId></m:FolderIds>"
        "</m:GetFolder>"
    )
    assert reply.codes == ["ErrorFolderNotFound"]


def test_a_control_character_breaks_nothing(client: Client, anna: Mailbox) -> None:
    """Stored ones are dropped from answers, sent ones make the request invalid."""
    made = anna.add_event(
        anna.calendar, "A\x0bB\ud800", utc(2026, 11, 24, 9), utc(2026, 11, 24, 10)
    )
    assert client.get(made).text("//t:Subject") == "AB"
    assert client.create("<t:Subject>&#11;</t:Subject>").codes == ["ErrorSchemaValidation"]


def test_entities_and_document_types_are_refused(client: Client) -> None:
    """No file is read, nothing is expanded."""
    bomb = (
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><s:Envelope xmlns:s='
        b'"http://schemas.xmlsoap.org/soap/envelope/"><s:Body>&a;</s:Body></s:Envelope>'
    )
    assert client.request(bomb).codes == ["ErrorSchemaValidation"]


def test_a_body_is_converted_on_request(client: Client, anna: Mailbox) -> None:
    """Text and HTML."""
    made = anna.add_event(
        anna.calendar, "A", utc(2026, 11, 24, 9), utc(2026, 11, 24, 10), body="1 < 2\nzwei"
    )
    html = shape("item:Body").replace(
        "</t:BaseShape>", "</t:BaseShape><t:BodyType>HTML</t:BodyType>"
    )
    reply = client.get(made, html)
    assert reply.text("//t:Body/@BodyType") == "HTML"
    assert "1 &lt; 2<br>" in reply.text("//t:Body")
    update = setting(
        "item:Body", '<t:Body BodyType="HTML">&lt;p&gt;a &amp;amp; b&lt;/p&gt;</t:Body>'
    )
    client.update(item(made), update)
    assert client.get(made, shape("item:TextBody")).text("//t:TextBody") == "a & b"


def test_a_deleted_item_may_go_to_the_deleted_items(client: Client, entry: str) -> None:
    """With a new id; the old one is gone."""
    client.delete(item(entry), disposal="MoveToDeletedItems")
    assert client.get(entry).codes == ["ErrorItemNotFound"]
    assert len(client.find("", folder="deleteditems").texts("//t:ItemId")) == 1


def test_one_failure_leaves_the_others_alone(client: Client, entry: str) -> None:
    """A message per item, in their order."""
    reply = client(
        "<m:GetItem><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape><m:ItemIds>"
        f"{item('x')}{item(entry)}</m:ItemIds></m:GetItem>"
    )
    assert reply.codes == ["ErrorInvalidIdMalformed", "NoError"]


def test_a_bad_extended_value_is_refused(client: Client) -> None:
    """The value must be of the property's type."""

    def prop(uri: str, value: str) -> str:
        return (
            f"<t:ExtendedProperty><t:ExtendedFieldURI {uri}/><t:Value>{value}</t:Value>"
            "</t:ExtendedProperty>"
        )

    number = prop('PropertyTag="0x1234" PropertyType="Integer"', "x")
    assert client.create(number).codes == ["ErrorInvalidExtendedPropertyValue"]
    halfway = prop('PropertyName="x" PropertyType="String"', "x")
    assert client.create(halfway).codes == ["ErrorInvalidExtendedProperty"]
