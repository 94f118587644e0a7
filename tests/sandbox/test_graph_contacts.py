"""Contacts and their folders by Graph."""

from datetime import date
from typing import Any

import pytest

from andock_sandbox import Mailbox
from tests.sandbox.graph_client import Graph

FULL = {
    "givenName": "Ute",
    "surname": "Berg",
    "displayName": "Ute Berg",
    "companyName": "Kontor",
    "jobTitle": "Leiterin",
    "title": "Dr.",
    "emailAddresses": [
        {"name": "Ute", "address": "ute@kontor.test"},
        {"name": "Privat", "address": "ute@privat.test"},
    ],
    "businessPhones": ["+49 40 1", "+49 40 2"],
    "homePhones": ["+49 40 3"],
    "mobilePhone": "+49 151 4",
    "businessAddress": {"street": "Am Kai 1", "city": "Hamburg", "postalCode": "20457"},
    "birthday": "1980-05-17T11:59:00Z",
    "personalNotes": "Kennt Ben",
    "categories": ["Kunden"],
    "imAddresses": ["ute@chat.test"],
    "spouseName": "Max",
}
OWN = "String {6f2d1c4e-0000-4000-8000-00000000a11d} Name Andock"


def test_all_fields_go_and_come(graph: Graph, anna: Mailbox) -> None:
    """And are EWS's own properties."""
    made = graph.do("POST", "/me/contacts", FULL)
    seen = graph.get(f"/me/contacts/{made['id']}")
    assert {name: seen[name] for name in FULL} == FULL
    assert seen["primaryEmailAddress"]["address"] == "ute@kontor.test"
    (held,) = anna.address_book.all()
    assert held["props"]["PhoneNumbers"]["BusinessPhone2"] == "+49 40 2"
    assert held["props"]["PhysicalAddresses"]["Business"]["City"] == "Hamburg"
    assert held["props"]["FileAs"] == "Berg, Ute"


def test_what_is_sent_changes_and_the_rest_stays(graph: Graph, anna: Mailbox) -> None:
    """Null and empty take a thing away."""
    known = graph.do("POST", "/me/contacts", FULL)["id"]
    changed: dict[str, Any] = {"businessPhones": [], "birthday": None, "jobTitle": None}
    changed["nickName"] = "U"
    after = graph.do("PATCH", f"/me/contacts/{known}", changed)
    assert (after["businessPhones"], after["birthday"], after["jobTitle"]) == ([], None, None)
    assert (after["mobilePhone"], after["nickName"]) == ("+49 151 4", "U")
    assert "BusinessPhone" not in anna.address_book.all()[0]["props"]["PhoneNumbers"]


def test_conditions_and_deletion(graph: Graph, anna: Mailbox) -> None:
    """412 with an old ETag; gone is 404."""
    made = graph.do("POST", "/me/contacts", FULL)
    place = f"/me/contacts/{made['id']}"
    graph.do("PATCH", place, {"givenName": "Uta"})
    stale = {"If-Match": made["@odata.etag"]}
    assert graph.ask("PATCH", place, {"givenName": "X"}, stale).status_code == 412
    assert graph.ask("DELETE", place, headers=stale).status_code == 412
    graph.do("DELETE", place)
    assert graph.ask("GET", place).status_code == 404
    assert anna.address_book.all() == []


def test_delta_of_a_folder(graph: Graph, anna: Mailbox) -> None:
    """Of the default one by its name, of others by id; in full."""
    _, link = graph.walk("/me/contactFolders/contacts/contacts/delta")
    known = anna.address_book.add(anna.address_book.default, given_name="Uwe", surname="Kai")
    (line,), link = graph.walk(link)
    assert (line["givenName"], line["fileAs"]) == ("Uwe", "Kai, Uwe")
    (short,), _ = graph.walk("/me/contacts/delta", _select="surname")
    assert {name for name in short if name[0] != "@"} == {"id", "surname"}
    anna.address_book.delete(known)
    (gone,), _ = graph.walk(link)
    assert gone["@removed"]["reason"] == "deleted"
    assert gone["id"] == line["id"]


def test_folders(graph: Graph, anna: Mailbox) -> None:
    """Listed without the default one, made, renamed, deleted; with a delta."""
    _, link = graph.walk("/me/contactFolders/delta")
    made = graph.do("POST", "/me/contactFolders", {"displayName": "Kunden"})
    (line,), link = graph.walk(link)
    assert line["displayName"] == "Kunden"
    graph.do("POST", f"/me/contactFolders/{made['id']}/contacts", {"givenName": "Ute"})
    assert len(graph.get(f"/me/contactFolders/{made['id']}/contacts")["value"]) == 1
    assert graph.get("/me/contacts")["value"] == []
    graph.do("PATCH", f"/me/contactFolders/{made['id']}", {"displayName": "Alle Kunden"})
    names = [one["displayName"] for one in graph.get("/me/contactFolders")["value"]]
    assert names == ["Alle Kunden"]
    graph.do("DELETE", f"/me/contactFolders/{made['id']}")
    changed, _ = graph.walk(link)
    assert "@removed" in changed[0]


def test_own_properties_and_filters(graph: Graph, anna: Mailbox) -> None:
    """By which a contact that was made is found again."""
    own = [{"id": OWN, "value": "op-1"}]
    made = graph.do("POST", "/me/contacts", {**FULL, "singleValueExtendedProperties": own})
    anna.address_book.add(anna.address_book.default, given_name="Uwe")
    test = f"singleValueExtendedProperties/Any(ep: ep/id eq '{OWN}' and ep/value eq 'op-1')"
    expand = f"singleValueExtendedProperties($filter=id eq '{OWN}')"
    (found,) = graph.get("/me/contacts", _filter=test, _expand=expand)["value"]
    assert (found["id"], found["singleValueExtendedProperties"]) == (made["id"], own)
    by_mail = "emailAddresses/any(a: a/address eq 'UTE@kontor.test')"
    assert len(graph.get("/me/contacts", _filter=by_mail)["value"]) == 1


def test_photos(graph: Graph, anna: Mailbox) -> None:
    """Put, read, taken away; EWS sees the same picture."""
    known = anna.address_book.add(
        anna.address_book.default, given_name="Ute", birthday=date(1980, 5, 17), photo=b"\xff\xd8a"
    )
    assert known
    (seen,) = graph.get("/me/contacts")["value"]
    place = f"/me/contacts/{seen['id']}/photo/$value"
    assert graph.ask("GET", place).content == b"\xff\xd8a"
    assert graph.ask("PUT", place, b"\xff\xd8b", {"Content-Type": "image/jpeg"}).ok
    assert graph.ask("GET", place).content == b"\xff\xd8b"
    assert graph.ask("DELETE", place).ok
    assert graph.ask("GET", place).json()["error"]["code"] == "ImageNotFound"


@pytest.mark.parametrize(
    "body",
    [
        {"emailAddresses": [{"address": str(n)} for n in range(4)]},
        {"businessPhones": ["1", "2", "3"]},
        {"birthday": "1980-05-17"},
        {"businessAddress": {"planet": "Erde"}},
        {"givenName": ["Ute"]},
    ],
    ids=str,
)
def test_bad_contacts_are_refused(graph: Graph, anna: Mailbox, body: dict[str, object]) -> None:
    """400, and nothing is made."""
    answer = graph.ask("POST", "/me/contacts", body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "RequestBodyRead")
    assert anna.address_book.all() == []
