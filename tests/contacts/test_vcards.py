"""vCards: what goes out comes back, what others write is read, and nothing breaks on the rest."""

import base64
import contextlib
import time

import pytest
from hypothesis import given, settings, strategies as st

from andock_core.contacts import photos
from andock_core.contacts.duplicates import Known
from andock_core.contacts.photos import PhotoRefused
from andock_core.contacts.vcard import kinds
from andock_core.contacts.vcard.reading import Card, FileRefused, read
from andock_core.contacts.vcard.writing import VERSIONS, Version, write
from andock_sdk import Body, Contact, PostalAddress
from andock_sdk.items import AddressKey, PhoneKey
from tests.contacts.people import everything, person, picture

WORDS = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp", "Zs", "Cn")), max_size=30)


def one(text: str | bytes) -> Card:
    (card,) = read(text.encode() if isinstance(text, str) else text)
    return card


def item(text: str | bytes) -> Contact:
    found = one(text).item
    assert found is not None
    return found


def card(*lines: str) -> str:
    return "\r\n".join(["BEGIN:VCARD", "VERSION:3.0", *lines, "END:VCARD", ""])


@pytest.mark.parametrize("version", VERSIONS)
def test_everything_comes_back(version: Version) -> None:
    written = write(everything(), version)
    assert one(written) == Card(1, item=everything(), name=everything().display_name)
    assert all(len(line) <= 75 for line in written.split(b"\r\n"))


@settings(max_examples=60, deadline=None)
@given(
    names=st.lists(WORDS, min_size=5, max_size=5),
    phones=st.dictionaries(st.sampled_from(kinds.PHONES), st.just("+49 30 1")),
    addresses=st.dictionaries(st.sampled_from(kinds.ADDRESSES), st.just(PostalAddress(city="B"))),
    version=st.sampled_from(VERSIONS),
)
def test_whatever_a_contact_holds_comes_back(
    names: list[str],
    phones: dict[PhoneKey, str],
    addresses: dict[AddressKey, PostalAddress],
    version: Version,
) -> None:
    display, given_name, surname, company, notes = names
    before = Contact(
        display_name=f"x{display}",
        given=given_name,
        surname=surname,
        company=company,
        notes=Body(content=notes),
        phones=phones,
        addresses=addresses,
    )
    assert item(write(before, version)) == before


@pytest.mark.parametrize(
    ("lines", "field", "value"),
    [
        (["FN:Müller"], "display_name", "Müller"),
        (["N:Müller;Änne;M;Dr.;jr", "FN:x"], "surname", "Müller"),
        (["fn:lower", "item1.TEL:1"], "phones", {"other": "1"}),
        (["FN:x", "TEL;WORK;VOICE:1", "TEL;WORK:2"], "phones", {"business": "1", "business2": "2"}),
        (["FN:x", "TEL;type=CELL;type=VOICE;type=pref:1"], "phones", {"mobile": "1"}),
        (["FN:x", 'TEL;VALUE=uri;TYPE="voice,home":tel:+1-5'], "phones", {"home": "+1-5"}),
        (["FN:x", "TEL;TYPE=home,fax:1"], "phones", {"home_fax": "1"}),
        (["FN:x", "BDAY:19800331"], "birthday", "1980-03-31"),
        (["FN:x", "BDAY;VALUE=date-and-or-time:1980-03-31T00:00:00Z"], "birthday", "1980-03-31"),
        (["FN:x", "BDAY:--0331"], "notes", Body(content="BDAY: --0331")),
        (["FN:x", "BDAY:1980-02-31"], "notes", Body(content="BDAY: 1980-02-31")),
        (["FN:x", "ORG:A;B;C"], "department", "B, C"),
        (["FN:x", "CATEGORIES:b,a\\, c"], "categories", ("a, c", "b")),
        (["FN:x", "NOTE:one\\ntwo\\Nthree"], "notes", Body(content="one\ntwo\nthree")),
        (["FN:x", "URL:https://a.example", "URL:b"], "website", "https://a.example"),
        (["FN:x", *["EMAIL:a@b.c"] * 4], "notes", Body(content="EMAIL: a@b.c")),
        (["FN:x", "PHOTO:https://a.example/p.jpg"], "photo", None),
        (["FN:folded", " name"], "display_name", "foldedname"),
        (
            ["FN;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:M=FCl=", "ler"],
            "display_name",
            "Müller",
        ),
        (["FN;QUOTED-PRINTABLE:a=0D=0Ab"], "display_name", "a b"),
        (["FN;CHARSET=klingon;ENCODING=QUOTED-PRINTABLE:M=C3=BC"], "display_name", "Mü"),
        (["FN:a\x00b\x1b[31m\x07"], "display_name", "ab[31m"),
        (["FN:A", "AGENT:", "BEGIN:VCARD", "FN:inner", "END:VCARD", "TITLE:B"], "job_title", "B"),
        (["FN:A", "AGENT:", "BEGIN:VCARD", "FN:inner", "END:VCARD"], "display_name", "A"),
    ],
)
def test_what_others_write_is_read(lines: list[str], field: str, value: object) -> None:
    assert getattr(item(card(*lines)), field) == value


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1"])
def test_every_usual_encoding_is_read(encoding: str) -> None:
    assert item(card("FN:Änne Müller").encode(encoding)).display_name == "Änne Müller"


def test_a_photo_in_the_old_shape_is_read() -> None:
    kept = picture("JPEG")
    data = base64.b64encode(kept).decode()
    folded = "\r\n ".join(data[at : at + 60] for at in range(0, len(data), 60))
    found = item(card("FN:x", "PHOTO;ENCODING=BASE64;TYPE=JPEG:", f" {folded}", ""))
    assert found.photo is not None
    assert base64.b64decode(found.photo.data) == kept


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("BEGIN:VCARD\nFN:cut", "card.cut"),
        ("BEGIN:VCARD\nVERSION:3.0\nEND:VCARD", "card.empty"),
        ("BEGIN:VCARD\nFN:\nTEL:\nEND:VCARD", "card.empty"),
        ("BEGIN:VCARD\n\x01\x02\nnonsense\nEND:VCARD", "card.empty"),
    ],
)
def test_a_card_that_cannot_be_read_is_handed_back(text: str, error: str) -> None:
    found = one(text)
    assert (found.item, found.error) == (None, error)
    assert found.raw.startswith("BEGIN:VCARD")


def test_a_bad_line_costs_nothing_but_itself() -> None:
    found = one(card("FN:Mara", "no colon here", "TEL;=:1", "PHOTO;ENCODING=b:@@@", "TITLE:Chef"))
    assert found.item is not None
    assert found.item.job_title == "Chef"
    assert "no colon here" in found.raw


def test_a_bad_card_costs_nothing_but_itself() -> None:
    text = card("FN:A") + "BEGIN:VCARD\r\nFN:never closed\r\n" + card("FN:B")
    assert [(each.name, each.error) for each in read(text.encode())] == [
        ("A", ""),
        ("never closed", "card.cut"),
        ("B", ""),
    ]


def test_what_is_too_long_goes_into_the_notes() -> None:
    found = item(card("FN:" + "n" * 5000, "TEL:" + "1" * 500))
    assert len(found.display_name) == 255
    assert "n" * 5000 in found.notes.content
    assert "1" * 500 in found.notes.content


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (b"", "file.none"),
        (b"hello", "file.none"),
        (bytes(range(256)) * 4000, "file.none"),
        (b"\xff\xfe" + b"\xd8" * 99, "file.none"),
        (card("FN:x").encode() * 2001, "file.many"),
        (b"BEGIN:VCARD\n" * 100_000, "file.many"),
        (b"x" * (5 * 1024 * 1024 + 1), "file.large"),
        (b"x" * (50 * 1024 * 1024), "file.large"),
    ],
)
def test_a_file_that_is_none_is_refused(data: bytes, key: str) -> None:
    with pytest.raises(FileRefused, match=key):
        read(data)


@pytest.mark.parametrize(
    "data",
    [
        b"BEGIN:VCARD\nAGENT:\n" * 100_000,
        b"BEGIN:VCARD\nN:" + b";" * 4_000_000,
        b"BEGIN:VCARD\nFN:" + b"a" * 4_000_000,
        b"BEGIN:VCARD\n" + b"\n " * 2_000_000,
        b"BEGIN:VCARD\nN;ENCODING=QUOTED-PRINTABLE:a=\n" + b"b=\n" * 1_000_000,
        b"BEGIN:VCARD\nPHOTO;ENCODING=b:\n" + b"AAAA\n" * 900_000,
        b"BEGIN:VCARD\nTEL" + b";TYPE=x" * 700_000 + b":1",
        b"BEGIN:VCARD\nNOTE:" + b"\\" * 4_000_000,
        b"BEGIN:VCARD\n" + b"TEL:1\n" * 800_000 + b"END:VCARD",
        b"BEGIN:VCARD\nCATEGORIES:" + b"a," * 2_000_000 + b"\nEND:VCARD",
    ],
)
def test_hostile_files_are_read_in_little_time(data: bytes) -> None:
    began = time.process_time()
    assert read(data)
    assert time.process_time() - began < 5


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.binary(max_size=40),
            st.sampled_from(
                [
                    b"BEGIN:VCARD",
                    b"END:VCARD",
                    b"FN:a",
                    b"TEL;TYPE=",
                    b";",
                    b":",
                    b"=",
                    b"\\",
                    b'"',
                    b"\n",
                    b"PHOTO;ENCODING=b:",
                    b"ADR:;;;",
                    b"N;ENCODING=QUOTED-PRINTABLE:=",
                    b"AGENT:",
                    b"BDAY:1-1-1",
                ]
            ),
        ),
        max_size=30,
    )
)
def test_no_bytes_break_the_reading(parts: list[bytes]) -> None:
    with contextlib.suppress(FileRefused):
        read(b"\n".join(parts))


def test_a_name_cannot_smuggle_in_a_line() -> None:
    written = write(person("x\r\nEND:VCARD\nTEL:666", "y\u2028z"))
    assert written.count(b"END:VCARD\r\n") == 1
    assert b"\nTEL:666" not in written


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_a_photo_is_made_to_fit(kind: str) -> None:
    found = photos.fit(picture(kind, (1200, 800)))
    assert found.media_type == "image/jpeg"
    assert len(found.data) < 60_000


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg onload=alert(1)>",
        b"\xff\xd8\xff" + b"x" * 99,
        b"\x89PNG\r\n\x1a\n" + b"\x00" * 999,
        picture()[:-30],
        b"RIFFxxxxWEBP",
        b"GIF89a<script>alert(1)</script>",
    ],
)
def test_what_is_no_photo_is_refused(data: bytes) -> None:
    with pytest.raises(PhotoRefused, match=r"photo\.unknown"):
        photos.fit(data)


def test_a_photo_of_too_many_pixels_is_refused() -> None:
    with pytest.raises(PhotoRefused, match=r"photo\.large"):
        photos.fit(picture("PNG", (9000, 9000)))


@pytest.mark.parametrize(
    ("one_of_them", "other", "same"),
    [
        (person("Mara", email="M@x.de"), person("Other", email="m@X.de"), True),
        (
            person("Mara", "Lindt", mobile="+49 151 234567"),
            person("mara", "lindt", mobile="0151 234567"),
            True,
        ),
        (person("Mara", "Lindt", company="A"), person("Mara", "Lindt", company="a"), True),
        (person("Mara", "Lindt", company="A"), person("Mara", "Lindt", company="B"), False),
        (person("Mara", "Lindt"), person("Mara", "Lindt"), True),
        (person("Mara", "Lindt"), person("Mara", "Lind"), False),
    ],
)
def test_the_same_person_is_recognised(one_of_them: Contact, other: Contact, same: bool) -> None:
    assert Known([one_of_them]).has(other) is same
