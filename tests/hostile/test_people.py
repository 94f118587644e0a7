"""A hostile contact arrives harmless, or is set aside with a message; the others arrive."""

import base64
import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from andock_core.storage import SYSTEM, Collection, Connection, Contact
from tests.exchange_calendar.people import png
from tests.hostile.people import MARK, TABLE, UNREADABLE, Row, tampered
from tests.hostile.rogue import XML, Reply
from tests.hostile.scene import Scene

MEGABYTE = 1024 * 1024
_CONTENT = re.compile(rb"(<(?:\w+:)?Content>)[^<]*(</)")


@pytest.mark.more
def test_all_hostile_contacts_at_once(scene: Scene) -> None:
    """Each good one among them arrives, every page stays whole, and once they are mended the
    bad ones arrive too."""
    refs = {}
    _connect(scene)
    for number, row in enumerate(TABLE):
        refs[_add(scene, f"{MARK}-{number:02}")] = row
        _add(scene, f"Good-{number:02}")
    changes = {f"{MARK}-{number:02}": row.tamper for number, row in enumerate(TABLE)}
    scene.rogue.twists["GetItem"] = lambda honest: tampered(honest, changes)
    assert scene.run() == ("done", "")
    expected = {ref: row.expected for ref, row in refs.items() if row.expected != "arrives"}
    troubles = scene.troubles()
    assert _named(refs, troubles) == _named(refs, expected)
    visitor = scene.visitor()
    told = visitor.get(f"/connections/{scene.connection_id}").text
    assert "could not be taken over: This entry cannot be read." in told
    assert "1 item could not be taken over: This is no contact." in told
    assert _good(scene) == len(TABLE)
    _look_at_all(scene, visitor)
    scene.rogue.twists.clear()
    assert scene.run() == ("done", "")
    assert scene.troubles() == {}
    assert "taken over" not in visitor.get(f"/connections/{scene.connection_id}").text
    assert len(_ids(scene)) == 2 * len(TABLE)


@pytest.mark.more
@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
def test_a_hostile_contact(anywhere: Scene, row: Row) -> None:
    """One between two good ones, on both databases."""
    scene = anywhere
    _connect(scene)
    _add(scene, "Good-1")
    ref = _add(scene, MARK)
    _add(scene, "Good-2")
    scene.rogue.twists["GetItem"] = lambda honest: tampered(honest, {MARK: row.tamper})
    assert scene.run() == ("done", "")
    assert scene.troubles() == ({} if row.expected == "arrives" else {ref: row.expected})
    assert _good(scene) == 2
    _look_at_all(scene, scene.visitor())


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"no base64 at all!", UNREADABLE),
        (base64.b64encode(b"MZ this is a program"), None),
        (base64.b64encode(b"<svg onload='alert(1)'/>"), None),
        (base64.b64encode(b"\xff\xd8\xff" + b"0" * 2 * MEGABYTE), None),
        (base64.b64encode(b"\x89PNG\r\n\x1a\nbut nothing else"), None),
        (b"", None),
    ],
    ids=["no base64", "a program", "svg", "2 MB", "half a picture", "nothing"],
)
def test_a_photo_that_is_no_picture(scene: Scene, content: bytes, error: str | None) -> None:
    """The contact comes without it, or waits; the other one comes with its own."""
    _connect(scene)
    ref = _add(scene, MARK, photo=png())
    _add(scene, "Good-1")
    scene.rogue.twists["GetAttachment"] = lambda honest: _CONTENT.sub(
        rb"\g<1>" + content + rb"\g<2>", honest
    )
    assert scene.run() == ("done", "")
    assert scene.troubles() == ({ref: error} if error else {})
    assert _good(scene) == 1
    _look_at_all(scene, scene.visitor())


def test_a_photo_of_200_mb(scene: Scene) -> None:
    """It is not read to its end; its contact waits, the other one comes with its own photo."""
    _connect(scene)
    ref = _add(scene, MARK, photo=png(1))
    _add(scene, "Good-1", photo=png(2))
    mine = base64.b64encode(png(1))

    def huge(honest: bytes) -> Reply | bytes:
        return Reply(_endless(), headers=(XML,), length=False) if mine in honest else honest

    scene.rogue.twists["GetAttachment"] = huge
    assert scene.run() == ("done", "")
    assert scene.troubles() == {ref: UNREADABLE}
    assert _good(scene) == 1
    with scene.core.storage.read(SYSTEM) as session:
        assert session.scalars(select(Contact.photo)).one() == png(2)


def _named(refs: dict[str, Row], troubles: dict[str, str]) -> dict[str, str]:
    return {refs[ref].name: error for ref, error in troubles.items()}


def _endless() -> Iterator[bytes]:
    yield b"<?xml version='1.0'?><a>"
    for _ in range(200):
        yield b"A" * MEGABYTE


def _connect(scene: Scene) -> None:
    """Mara's folder of contacts is to be in step too."""
    with scene.core.storage.write(SYSTEM) as session:
        row = session.get_one(Connection, scene.connection_id)
        ref = scene.mailbox.address_book.default
        session.add(
            Collection(
                tenant_id=row.tenant_id,
                connection_id=row.id,
                ref=ref,
                role="one",
                kind="contacts",
            )
        )


def _add(scene: Scene, name: str, **fields: object) -> str:
    book = scene.mailbox.address_book
    email = {"EmailAddress1": f"{name.lower()}@x.test"}
    return book.add(book.default, display_name=name, given_name=name, emails=email, **fields)


def _ids(scene: Scene) -> list[str]:
    with scene.core.storage.read(SYSTEM) as session:
        return list(session.scalars(select(Contact.id)))


def _good(scene: Scene) -> int:
    """How many of the good ones arrived."""
    with scene.core.storage.read(SYSTEM) as session:
        names = [row.document["display_name"] for row in session.scalars(select(Contact))]
    return sum(name.startswith("Good-") for name in names)


def _look_at_all(scene: Scene, visitor: FlaskClient) -> None:
    """The list, each card and each form: whole and harmless."""
    ids = _ids(scene)
    for path in ("", *ids, *(f"{each}/edit" for each in ids)):
        answer = visitor.get(f"/contacts/{path}")
        assert answer.status_code == 200, path
        page = answer.text
        assert page.rstrip().endswith("</html>")
        for evil in ("<script>alert", "<img src=x", 'href="javascript:', "href='javascript:"):
            assert evil not in page
    for each in ids:
        assert visitor.get(f"/contacts/{each}/photo?small=1").status_code in (200, 404)
