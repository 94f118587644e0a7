"""The contacts' pages: what whom is shown, and what a form does."""

import io
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from andock_core.clock import now
from andock_core.contacts import imports, sharing, undo, viewing
from andock_core.contacts.store import Contacts
from andock_core.contacts.vcard.reading import Card
from andock_core.storage.tables import Contact as Row, ContactImport
from andock_sdk import Contact, Person
from tests.calendar.builders import Office
from tests.contacts.people import add, everything, person, picture

Visit = Callable[[str], FlaskClient]
CARD = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:{}\r\nEND:VCARD\r\n"


def text(answer: TestResponse) -> str:
    assert answer.status_code == 200, answer.status
    return answer.get_data(as_text=True)


def stored(firm: Office) -> list[Contact]:
    with firm.storage.read(firm.anna.scope) as session:
        return [item for _id, item in viewing.own_documents(session, "anna")]


def upload(
    client: FlaskClient, data: bytes, address: str = "/contacts/import", field: str = "file"
) -> TestResponse:
    """Send a file. Made by hand: the test client leaves large ones open."""
    head = f'--x\r\nContent-Disposition: form-data; name="{field}"; filename="a"\r\n\r\n'
    body = head.encode() + data + b"\r\n--x--\r\n"
    return client.post(address, data=body, content_type="multipart/form-data; boundary=x")


def import_id(answer: TestResponse) -> str:
    assert answer.status_code == 303, answer.status
    return answer.location.rpartition("/")[2]


def test_an_empty_place_says_what_to_do_first(visit: Visit) -> None:
    page = text(visit("anna").get("/contacts/"))
    assert "Noch keine Kontakte" in page
    assert "vCards importieren" in page


def test_the_list_finds_by_a_plain_address(firm: Office, visit: Visit) -> None:
    add(firm, firm.anna, person("Mara", "Lindt"))
    add(firm, firm.anna, person("Omar", "Sahin"))
    page = text(visit("anna").get("/contacts/?q=lindt"))
    assert "Mara Lindt" in page
    assert "Omar" not in page


def test_the_part_for_the_script_is_no_whole_page(firm: Office, visit: Visit) -> None:
    add(firm, firm.anna, person("Mara", "Lindt"))
    part = text(visit("anna").get("/contacts/results?q=mara"))
    assert "Mara Lindt" in part
    assert "<html" not in part


def test_a_card_shows_everything(firm: Office, visit: Visit) -> None:
    contact_id = add(firm, firm.anna, everything())
    page = text(visit("anna").get(f"/contacts/{contact_id}"))
    for word in ("Mü, Ler", "email3@example.com", "Hinterhaus", "31.03.1980", "with, comma"):
        assert word in page, word
    assert 'href="mailto:email1@example.com"' in page
    assert 'href="tel:+4930' in page or 'href="tel:%2B4930' in page


def test_hostile_values_stay_text(firm: Office, visit: Visit) -> None:
    evil = person(
        "<script>alert(1)</script>",
        "\u202egnp.exe",
        website="javascript:alert(1)",
        emails={"email1": Person(email='"><img src=x>@x.de')},
        phones={"mobile": "javascript:alert(1)"},
        notes={"kind": "html", "content": "<p onclick=x>hi<script>alert(2)</script></p>"},
    )
    contact_id = add(firm, firm.anna, evil)
    for address in (f"/contacts/{contact_id}", "/contacts/", f"/contacts/{contact_id}/edit"):
        page = text(visit("anna").get(address))
        assert "<script>alert" not in page
        assert 'href="javascript' not in page
        assert "onclick" not in page
        assert "<img src=x" not in page


@pytest.mark.parametrize("who", ["ben", "zoe"])
def test_what_is_another_s_does_not_exist(firm: Office, visit: Visit, who: str) -> None:
    contact_id = add(firm, firm.anna, everything())
    client = visit(who)
    for address in ("", "/photo", "/edit", "/card.vcf"):
        assert client.get(f"/contacts/{contact_id}{address}").status_code == 404, address
    for act in ("/delete", "/share", "/edit"):
        answer = client.post(f"/contacts/{contact_id}{act}", data={"version": "1", "with": who})
        assert answer.status_code == 404, act
    client.post(f"/contacts/{contact_id}/restore")
    assert "email1" not in client.get("/contacts/export.vcf").get_data(as_text=True)
    assert stored(firm) == [everything()]


def test_a_colleague_reads_what_was_shared_and_changes_nothing(firm: Office, visit: Visit) -> None:
    contact_id = add(firm, firm.anna, everything())
    answer = visit("anna").post(f"/contacts/{contact_id}/share", data={"with": ["ben", "zoe"]})
    assert answer.status_code == 303
    ben = visit("ben")
    page = text(ben.get(f"/contacts/{contact_id}"))
    assert "Kontakt von Anna Krüger, nur zum Lesen" in page
    assert "Bearbeiten" not in page
    assert f"/contacts/{contact_id}/delete" not in page
    assert "von Anna Krüger" in text(ben.get("/contacts/"))
    assert ben.get(f"/contacts/{contact_id}/photo").status_code == 200
    assert ben.get(f"/contacts/{contact_id}/edit").status_code == 404
    assert ben.post(f"/contacts/{contact_id}/delete", data={"version": "1"}).status_code == 404
    assert visit("zoe").get(f"/contacts/{contact_id}").status_code == 404


@pytest.mark.parametrize("address", ["%00", "a%00b", "..", "a%2Fb", "%ff", "new%20", "x" * 5000])
def test_an_address_that_is_none_is_nothing(visit: Visit, address: str) -> None:
    for end in ("", "/edit", "/photo", "/card.vcf"):
        assert visit("anna").get(f"/contacts/{address}{end}").status_code in (404, 308)


def test_nobody_who_is_signed_out_sees_anything(app: Any, firm: Office) -> None:
    contact_id = add(firm, firm.anna, everything())
    for address in ("", contact_id, f"{contact_id}/photo", "export.vcf", "import", "results"):
        assert app.test_client().get(f"/contacts/{address}").status_code == 302, address


def test_a_form_makes_a_contact_with_all_fields(firm: Office, visit: Visit) -> None:
    form = {
        "given": "Mara",
        "surname": "Lindt",
        "company": "Hafen",
        "email1": "mara@example.com",
        "email3": "m3@example.com",
        "phone_kind": ["mobile", "home", "other"],
        "phone_number": ["+49 151 1", "030 2", ""],
        "home_street": "Am Kai 1\r\nHof",
        "home_city": "Kiel",
        "birthday": "1980-03-31",
        "website": "https://example.com",
        "categories": "b, a,, ",
        "notes": "one\r\ntwo",
        "photo": (io.BytesIO(picture("JPEG", (900, 600))), "x.exe"),
    }
    assert visit("anna").post("/contacts/new", data=form).status_code == 303
    (made,) = stored(firm)
    assert made.display_name == "Mara Lindt"
    assert {str(k): v.email for k, v in made.emails.items()} == {
        "email1": "mara@example.com",
        "email3": "m3@example.com",
    }
    assert dict(made.phones) == {"mobile": "+49 151 1", "home": "030 2"}
    assert made.addresses["home"].street == "Am Kai 1\nHof"
    assert (made.categories, made.notes.content) == (("a", "b"), "one\ntwo")
    assert made.photo is not None
    assert made.photo.media_type == "image/jpeg"


@pytest.mark.parametrize(
    ("form", "word"),
    [
        ({}, "Geben Sie mindestens"),
        ({"given": "x" * 300}, "zu lang"),
        ({"given": "x" * 3000}, "zu lang"),
        ({"given": "x", "email1": "no address"}, "keine E-Mail-Adresse"),
        ({"given": "x", "website": "javascript:alert(1)"}, "keine Webadresse"),
        ({"given": "x", "website": "https://[broken"}, "keine Webadresse"),
        ({"given": "x", "birthday": "31.3.1980"}, "kein Datum"),
        (
            {"given": "x", "phone_kind": ["home", "home"], "phone_number": ["1", "2"]},
            "eine Nummer geben",
        ),
        ({"given": "x", "photo": (io.BytesIO(b"<svg/>"), "p.png")}, "kein Foto"),
    ],
)
def test_a_form_that_cannot_be_used_says_where(
    firm: Office, visit: Visit, form: dict[str, Any], word: str
) -> None:
    answer = visit("anna").post("/contacts/new", data=form)
    assert answer.status_code == 422
    assert word in answer.get_data(as_text=True)
    assert stored(firm) == []


def test_saving_an_untouched_form_changes_nothing(firm: Office, visit: Visit) -> None:
    contact_id = add(firm, firm.anna, everything())
    page = text(visit("anna").get(f"/contacts/{contact_id}/edit"))
    form: dict[str, list[str]] = {}
    for name, value in re.findall(
        r'<input class="input"[^>]* name="(\w+)"[^>]* value="([^"]*)"', page
    ):
        form.setdefault(name, []).append(_plain(value))
    for name, value in re.findall(
        r'<textarea class="input"[^>]* name="(\w+)"[^>]*>\n(.*?)</text', page, re.DOTALL
    ):
        form[name] = [_plain(value)]
    form["phone_kind"] = [_plain(v) for v in re.findall(r'value="(\w+)" selected', page)]
    form["version"] = ["1"]
    assert visit("anna").post(f"/contacts/{contact_id}/edit", data=form).status_code == 303
    assert stored(firm) == [everything()]


def _plain(value: str) -> str:
    for mark, char in (
        ("&#39;", "'"),
        ("&#34;", '"'),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&amp;", "&"),
    ):
        value = value.replace(mark, char)
    return value


def test_a_change_meanwhile_is_not_overwritten(firm: Office, visit: Visit) -> None:
    contact_id = add(firm, firm.anna, person("Mara"))
    form = {"given": "Marla", "version": "1"}
    client = visit("anna")
    assert client.post(f"/contacts/{contact_id}/edit", data=form).status_code == 303
    answer = client.post(f"/contacts/{contact_id}/edit", data=form | {"given": "Late"})
    assert answer.status_code == 409
    page = answer.get_data(as_text=True)
    assert "inzwischen geändert" in page
    assert 'value="Late"' in page
    assert [item.given for item in stored(firm)] == ["Marla"]


def test_a_number_more_without_a_script(visit: Visit) -> None:
    form = {"given": "Mara", "phone_kind": "home", "phone_number": "1", "more": "phone"}
    page = text(visit("anna").post("/contacts/new", data=form))
    assert page.count('name="phone_number"') == 5
    assert 'value="Mara"' in page


def test_the_display_name_follows_the_name(firm: Office, visit: Visit) -> None:
    contact_id = add(firm, firm.anna, person("Mara", "Lindt"))
    form = {"given": "Mara", "surname": "Sahin", "display_name": "Mara Lindt", "version": "1"}
    visit("anna").post(f"/contacts/{contact_id}/edit", data=form)
    assert [item.display_name for item in stored(firm)] == ["Mara Sahin"]


def test_a_photo_is_delivered_so_that_it_can_do_nothing(firm: Office, visit: Visit) -> None:
    contact_id = add(firm, firm.anna, everything())
    for address in ("photo", "photo?small=1"):
        answer = visit("anna").get(f"/contacts/{contact_id}/{address}")
        assert answer.content_type in ("image/png", "image/jpeg")
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"].startswith("private")


def test_bytes_that_only_claim_to_be_a_photo_are_not_delivered(firm: Office, visit: Visit) -> None:
    contact_id = add(firm, firm.anna, everything())
    with firm.storage.write(firm.anna.scope) as session:
        row = session.get_one(Row, contact_id)
        row.photo, row.photo_type = b"<html><script>alert(1)</script>", "text/html"
    for address in ("photo", "photo?small=1"):
        assert visit("anna").get(f"/contacts/{contact_id}/{address}").status_code == 404


def test_a_delete_is_told_once_and_taken_back(firm: Office, visit: Visit) -> None:
    contact_id = add(firm, firm.anna, person("Mara", "Lindt"))
    client = visit("anna")
    assert client.post(f"/contacts/{contact_id}/delete", data={"version": "1"}).status_code == 303
    page = text(client.get("/contacts/"))
    assert "Mara Lindt ist gelöscht." in page
    assert "Mara Lindt" not in text(client.get("/contacts/"))
    assert client.post(f"/contacts/{contact_id}/restore").status_code == 303
    assert len(stored(firm)) == 1


def test_a_delete_on_an_old_version_asks_to_look(firm: Office, visit: Visit) -> None:
    contact_id = add(firm, firm.anna, person("Mara"))
    visit("anna").post(f"/contacts/{contact_id}/delete", data={"version": "7"})
    assert len(stored(firm)) == 1


def test_an_import_is_looked_at_first_then_done(firm: Office, visit: Visit) -> None:
    add(firm, firm.anna, person("Mara", email="mara@example.com"))
    known = CARD.format("Mara L.").replace("END", "EMAIL:Mara@example.com\r\nEND")
    file = CARD.format("New One") + known + CARD.format("") + "BEGIN:VCARD\r\nFN:Cut Off"
    client = visit("anna")
    look = f"/contacts/import/{import_id(upload(client, file.encode()))}"
    page = text(client.get(look))
    for word in ("New One", "Mara L.", "Cut Off", "endet mitten"):
        assert word in page, word
    assert len(stored(firm)) == 1
    lost = text(client.get(f"{look}/not-read.vcf"))
    assert "FN:Cut Off" in lost
    assert "New One" not in lost
    assert client.post(look, data={"known": "skip"}).status_code == 303
    assert sorted(item.display_name for item in stored(firm)) == ["Mara", "New One"]
    assert client.post(look).status_code == 404
    assert len(stored(firm)) == 2


def test_what_is_known_can_be_imported_all_the_same(firm: Office, visit: Visit) -> None:
    client = visit("anna")
    file = (CARD.format("Twice") * 2).encode()
    client.post(f"/contacts/import/{import_id(upload(client, file))}", data={"known": "all"})
    assert len(stored(firm)) == 2


def test_an_import_is_its_owner_s_alone_and_sealed(firm: Office, visit: Visit) -> None:
    made = import_id(upload(visit("anna"), CARD.format("Secret Name").encode()))
    for who in ("ben", "zoe"):
        assert visit(who).get(f"/contacts/import/{made}").status_code == 404
        assert visit(who).post(f"/contacts/import/{made}").status_code == 404
        assert visit(who).get(f"/contacts/import/{made}/not-read.vcf").status_code == 404
    with firm.storage.read(firm.anna.scope) as session:
        row = session.get_one(ContactImport, made)
        assert b"Secret" not in row.content
        expires = row.expires_at
    undo.purge(firm.storage, expires + timedelta(seconds=1))
    assert visit("anna").get(f"/contacts/import/{made}").status_code == 404


def test_nothing_is_imported_when_nothing_is_wanted(firm: Office, visit: Visit) -> None:
    client = visit("anna")
    look = f"/contacts/import/{import_id(upload(client, CARD.format('x').encode()))}"
    assert client.post(f"{look}/drop").status_code == 303
    assert client.get(look).status_code == 404
    assert stored(firm) == []


@pytest.mark.parametrize(
    ("data", "status", "word"),
    [
        (b"no cards", 422, "keine vCard"),
        (b"x" * (5 * 1024 * 1024 + 10), 413, "als 5 MB"),
        (b"x" * (50 * 1024 * 1024), 413, "als 5 MB"),
        (CARD.format("x").encode() * 2001, 422, "als 2.000"),
    ],
)
def test_a_file_that_cannot_be_used_says_so(
    visit: Visit, data: bytes, status: int, word: str
) -> None:
    answer = upload(visit("anna"), data)
    assert answer.status_code == status
    assert word in answer.get_data(as_text=True)


def test_no_file_at_all(visit: Visit) -> None:
    assert visit("anna").post("/contacts/import", data={}).status_code == 422


def test_a_photo_too_large_to_carry_is_refused(visit: Visit) -> None:
    answer = upload(visit("anna"), b"x" * 9_000_000, "/contacts/new", "photo")
    assert answer.status_code == 413
    assert "zu groß" in answer.get_data(as_text=True)


@pytest.mark.parametrize("version", ["3.0", "4.0", "9"])
def test_all_are_exported_and_come_back(firm: Office, visit: Visit, version: str) -> None:
    add(firm, firm.anna, everything())
    add(firm, firm.anna, person("Mara", "Lindt"))
    shared = add(firm, firm.ben, person("Of", "Ben"))
    with firm.storage.write(firm.ben.scope) as session:
        sharing.share(session, "ben", shared, ["anna"])
    answer = visit("anna").get(f"/contacts/export.vcf?version={version}", buffered=True)
    assert answer.content_type == "text/vcard; charset=utf-8"
    assert "attachment" in answer.headers["Content-Disposition"]
    data = answer.get_data()
    assert data.count(b"BEGIN:VCARD") == 2
    before = stored(firm)
    client = visit("ben")
    client.post(f"/contacts/import/{import_id(upload(client, data))}")
    with firm.storage.read(firm.ben.scope) as session:
        found = [item for _id, item in viewing.own_documents(session, "ben")]
    assert [item for item in found if item.given != "Of"] == before


def test_one_is_exported(firm: Office, visit: Visit) -> None:
    contact_id = add(firm, firm.anna, person("Mara", "Lindt"))
    data = text(visit("anna").get(f"/contacts/{contact_id}/card.vcf"))
    assert "FN:Mara Lindt" in data
    assert "UID:urn:uuid:" in data


def test_an_import_of_two_thousand_cards_is_quick_enough(firm: Office, visit: Visit) -> None:
    file = "".join(CARD.format(f"Person {number}") for number in range(2000)).encode()
    client = visit("anna")
    made = import_id(upload(client, file))
    assert len(client.get(f"/contacts/import/{made}").data) < 60_000
    assert client.post(f"/contacts/import/{made}").status_code == 303
    with firm.storage.read(firm.anna.scope) as session:
        assert sum(viewing.letters(session, firm.anna).values()) == 2000


def test_a_page_of_ten_thousand_contacts_stays_small(firm: Office, visit: Visit) -> None:
    with firm.storage.write(firm.anna.scope) as session:
        contacts = Contacts(session, "t1", "anna")
        for number in range(10_000):
            name = f"{chr(65 + number % 26)}person{number}"
            contacts.create(person("Given", name, email=f"{number}@example.com", mobile="+49 1"))
    client = visit("anna")
    for address in ("", "?q=person999", "?q=given+zperson", "?q=nobody", "?letter=Z"):
        assert len(client.get(f"/contacts/{address}").data) < 100_000, address


def test_an_import_s_content_survives_a_round(firm: Office) -> None:
    cards = [Card(1, item=everything(), name="x"), Card(2, error="card.cut", raw="r")]
    with firm.storage.write(firm.anna.scope) as session:
        made = imports.prepare(session, firm.vault, firm.anna, cards, now())
        found = imports.look(session, firm.vault, firm.anna, made, now())
    assert found is not None
    assert (found.new, found.unread) == (cards[:1], cards[1:])
