"""Names and notes from outside on the pages: escaped, not turned around, not too long."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from andock_core.connections import attempts, sealed, service
from andock_core.contacts.store import Contacts
from andock_core.planning.calls import Calls
from andock_core.planning.tasks import Tasks
from andock_core.storage import SYSTEM, Attempt, Collection, Connection, Member, Tenant
from andock_sdk import Body, Contact
from tests.connections.world import WaitingQueue
from tests.hostile.scene import Scene

EVIL = "\u202e\"'></textarea></title><script>alert(1)</script>\u2066{{ 7*7 }} %(x)s \u05e9\u05dc"
LONG = "L" * 10_000
ILLEGAL = "N\x01\x7f\x85\u2028\ufffeM"
VALUES = pytest.mark.parametrize("text", [EVIL, LONG, ILLEGAL], ids=["markup", "long", "illegal"])
_TYPED = re.compile(r"(?s)<input[^>]*>|<textarea.*?</textarea>")
_BAD = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


@VALUES
def test_contacts(scene: Scene, text: str) -> None:
    """The list, the card, the form to change it, and what is said once it is deleted."""
    with scene.core.storage.write(scope := scene.scope) as session:
        assert scope.member_id
        made = Contacts(session, scope.tenant_id, scope.member_id).create(_contact(text))
        path, version = f"/contacts/{made.id}", made.version
    visitor = scene.visitor()
    for page in ("/contacts/", path, f"{path}/edit"):
        _whole(visitor, page)
    assert visitor.post(f"{path}/delete", data={"version": version}).status_code == 303
    _whole(visitor, "/contacts/")


@VALUES
def test_tasks(scene: Scene, text: str) -> None:
    """The list, the form, and what is said on ticking off and deleting."""
    with scene.core.storage.write(scope := scene.scope) as session:
        assert scope.member_id
        tasks = Tasks(session, scope.tenant_id, scope.member_id)
        path = f"/tasks/{tasks.create(text, notes=text).id}"
    visitor = scene.visitor()
    for page in ("/tasks/", path):
        _whole(visitor, page)
    _check(visitor.post(f"{path}/done", data={"version": 1}, follow_redirects=True).text)
    _check(visitor.post(f"{path}/delete", data={"version": 2}, follow_redirects=True).text)


@VALUES
def test_calls(scene: Scene, text: str) -> None:
    """The list, the form, and what is said on ticking off and deleting."""
    with scene.core.storage.write(scope := scene.scope) as session:
        assert scope.member_id
        calls = Calls(session, scope.tenant_id, scope.member_id)
        path = f"/calls/{calls.create(text, number=text, notes=text).id}"
    visitor = scene.visitor()
    for page in ("/calls/", path):
        _whole(visitor, page)
    _check(visitor.post(f"{path}/done", data={"version": 1}, follow_redirects=True).text)
    _check(visitor.post(f"{path}/delete", data={"version": 2}, follow_redirects=True).text)


@VALUES
def test_names_of_people_and_connections(scene: Scene, text: str) -> None:
    """The member, the company, the account and the calendar on every page that names them."""
    with scene.core.storage.write(SYSTEM) as session:
        session.execute(update(Member).values(name=text))
        session.execute(update(Tenant).values(name=text))
        session.execute(update(Connection).values(account_label=text))
        row = session.scalars(select(Collection)).one()
        owner = scene.scope.member_id or ""
        row.name = sealed.seal_name(scene.core.vault, row, owner, text)
    visitor, path = scene.visitor(), f"/connections/{scene.connection_id}"
    for page in (
        *("/profile/", "/calendar/", "/marketplace/", "/marketplace/exchange-calendar"),
        *("/marketplace/mine", path, f"{path}/access", f"{path}/disconnect"),
    ):
        _whole(visitor, page)


def test_names_in_the_choice(scene: Scene) -> None:
    """Calendars are chosen by the names that they have on the server."""
    scene.mailbox.add_calendar(EVIL)
    scene.mailbox.address_book.add_folder(EVIL + "people")
    waiting = WaitingQueue()
    scene.core.queue = waiting  # type: ignore[assignment]
    service.start_choices(scene.core, scene.scope, scene.connection_id)
    attempts.run(scene.core, waiting.jobs[0][2][0])
    with scene.core.storage.read(SYSTEM) as session:
        assert [each.error for each in session.scalars(select(Attempt))] == [""]
    page = _whole(scene.visitor(), f"/connections/{scene.connection_id}/choice")
    assert "&lt;script&gt;alert(1)" in page


def _contact(text: str) -> Contact:
    return Contact.model_validate(
        {
            **dict.fromkeys(("given", "surname", "company", "job_title", "nickname"), text),
            **dict.fromkeys(("department", "title", "website"), text),
            "display_name": text[:1000],
            "emails": {"email1": {"name": text, "email": text}},
            "phones": {"mobile": text},
            "addresses": {"home": dict.fromkeys(("street", "city", "country"), text)},
            "categories": [text],
            "notes": Body(kind="html", content=text),
        }
    )


def _whole(visitor: FlaskClient, path: str) -> str:
    answer = visitor.get(path)
    assert answer.status_code == 200, f"{path}: {answer.status}"
    return _check(answer.text)


def _check(page: str) -> str:
    """Nothing ran over its edges. What may be changed stays whole within its own field."""
    assert page.rstrip().endswith("</html>")
    assert "<script>alert" not in page
    shown = _TYPED.sub("", page)
    notes = re.sub(r'(?s)<div class="contact-notes">.*?</div>', "", shown)
    assert not _BAD.search(notes.replace("\n", "")), _BAD.search(notes)
    assert "L" * 301 not in notes
    return page
