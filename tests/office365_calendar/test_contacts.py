"""Contacts by the stand-in's Graph."""

import pytest

from andock_office365_calendar.connector import GraphConnector
from andock_sandbox import Mailbox
from andock_sdk import Body, Contact, Missing, Patch, Person, PostalAddress, RemoteItem, errors
from tests.exchange_calendar.people import photo


def everything() -> Contact:
    return Contact(
        display_name="Bea Beispiel",
        title="Dr.",
        given="Bea",
        middle="M.",
        surname="Beispiel",
        suffix="jr.",
        nickname="Bee",
        company="Nordlicht",
        department="Einkauf",
        job_title="Leitung",
        emails={
            "email1": Person(name="Bea", email="bea@x.test"),
            "email2": Person(email="b@y.test"),
        },
        phones={
            "business": "1",
            "business2": "2",
            "home": "3",
            "mobile": "4",
            "business_fax": "5",
            "pager": "6",
        },
        addresses={"home": PostalAddress(street="Weg 1\nHinterhaus", city="Kiel", country="DE")},
        birthday="1980-03-31",
        website="https://x.test",
        notes=Body(content="eins\nzwei"),
        categories=("Blau",),
        photo=photo(7),
    )


@pytest.fixture
def folder(connector: GraphConnector) -> str:
    """The mailbox's own folder of contacts."""
    return next(c.ref for c in connector.collections() if c.kind == "contacts" and c.default)


def test_a_contact_comes_back_as_it_was_created(connector: GraphConnector, folder: str) -> None:
    made = connector.create(folder, everything(), "op-1")
    assert made.item == everything()
    assert made.operation_id == "op-1"
    assert connector.find_operation(folder, "op-1") == made


def test_a_change_writes_its_fields_alone(connector: GraphConnector, folder: str) -> None:
    made = connector.create(folder, everything(), "op-1")
    before = everything()
    after = before.model_copy(
        update={"phones": {"business": "1", "pager": "7"}, "photo": None, "job_title": ""}
    )
    patch = Patch(item=after, before=before, fields=frozenset({"phones", "photo", "job_title"}))
    held = connector.update(folder, made.ref, patch, made.version)
    assert held.item == after


def test_changes_name_what_changed_since(connector: GraphConnector, folder: str) -> None:
    page = connector.changes(folder, None)
    assert page.complete
    made = connector.create(folder, Contact(display_name="Bea", given="Bea"), "op-1")
    page = connector.changes(folder, page.cursor)
    assert [(change.ref, change.kind) for change in page.changes] == [(made.ref, "changed")]
    connector.delete(folder, made.ref, made.version)
    page = connector.changes(folder, page.cursor)
    assert [(change.ref, change.kind) for change in page.changes] == [(made.ref, "deleted")]
    assert connector.read(folder, [made.ref]) == [Missing(ref=made.ref)]


def test_what_changed_meanwhile_is_a_conflict(connector: GraphConnector, folder: str) -> None:
    made = connector.create(folder, Contact(display_name="Bea"), "op-1")
    one = Patch(
        item=Contact(display_name="B"), before=Contact(), fields=frozenset({"display_name"})
    )
    connector.update(folder, made.ref, one, made.version)
    with pytest.raises(errors.Conflict):
        connector.update(folder, made.ref, one, made.version)
    with pytest.raises(errors.Conflict):
        connector.delete(folder, made.ref, made.version)


def test_notes_that_were_html_are_text_there(connector: GraphConnector, folder: str) -> None:
    item = Contact(display_name="Bea", notes=Body(kind="html", content="<p>a &amp; b</p>"))
    made = connector.create(folder, item, "op-1")
    assert isinstance(made, RemoteItem)
    assert isinstance(made.item, Contact)
    assert made.item.notes == Body(content="a & b")


def test_without_the_permission_there_are_no_folders(
    connector: GraphConnector, anna: Mailbox
) -> None:
    connector.client.grant = connector.client.grant.model_copy(update={"facts": {}})
    connector._context.facts.clear()
    assert {one.kind for one in connector.collections()} == {"calendar"}
