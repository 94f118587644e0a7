"""Every address, asked by everybody, with the ids of one member's things.

Anna has something of every kind, each with a word that stands nowhere else. Nobody but she may ever
be answered with one of her private words, and nobody but she may change a row of hers.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from andock_core.contacts.store import Contacts
from andock_core.planning.calls import Calls
from andock_core.planning.tasks import Tasks
from andock_core.storage import SYSTEM, Member, Scope
from andock_core.storage.tables import Base, MemberSession
from andock_sdk import Appointment, Contact
from tests.connections.world import World
from tests.support.memory_plugin import SLUG
from tests.sync.builders import slot

PRIVATE = ("Geheimnis-Termin", "Geheimnis-Ort", "Geheimnis-Kontakt", "Geheimnis-Aufgabe")
MARKS = (*PRIVATE, "Geheimnis-Anruf", "anna@memory.example")
NOT_A_FORM = 415
MOST = 2
"""So many ids of each kind: one would do, were it not for rows that refer to one another."""
ENTRY = {
    "title": "Walked",
    "start_day": "2026-11-24",
    "end_day": "2026-11-24",
    "all_day": True,
    "zone": "Europe/Berlin",
    "place": "",
    "notes": "",
    "busy": "busy",
    "version": 1,
    "scope": "series",
    "agreed": True,
    "start": "2026-11-24",
    "end": "2026-11-25",
}
TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"')
ENDING = (
    *("calendar.delete", "contacts.delete", "tasks.delete", "calls.delete"),
    *("connections.disconnect", "shell.try_sign_in", "profile.end_session"),
    *("profile.end_other_sessions", "shell.sign_out"),
)
"""What ends a thing, or the visitor's own session: asked last, in this order."""


@dataclass(frozen=True)
class Answer:
    """What one role got from one address. `leaks` are Anna's private words in it."""

    role: str
    method: str
    rule: str
    endpoint: str
    status: int
    leaks: tuple[str, ...]
    location: str = ""


@dataclass
class Walk:
    """All answers, and the roles that changed something of Anna's."""

    answers: list[Answer] = field(default_factory=list)
    changed: dict[str, set[str]] = field(default_factory=dict)

    def table(self) -> str:
        """Routes and roles, for people."""
        roles = list(dict.fromkeys(answer.role for answer in self.answers))
        rows: dict[tuple[str, str], dict[str, set[int]]] = {}
        for answer in self.answers:
            row = rows.setdefault((answer.method, answer.rule), {})
            row.setdefault(answer.role, set()).add(answer.status)
        lines = [f"{'route':<70}" + "".join(f"{role:>20}" for role in roles)]
        for (method, rule), row in sorted(rows.items(), key=lambda pair: pair[0][::-1]):
            cells = ["/".join(map(str, sorted(row.get(role, ())))) for role in roles]
            lines.append(f"{method:<5}{rule:<65}" + "".join(f"{cell:>20}" for cell in cells))
        leaks = sum(bool(a.leaks) for a in self.answers if a.role != "Anna herself")
        lines.append(
            f"{len(rows)} routes x {len(roles)} roles, {len(self.answers)} requests, "
            f"{leaks} leaks, {sum(map(len, self.changed.values()))} foreign changes"
        )
        return "\n".join(lines)


def furnish(world: World) -> dict[str, list[str]]:
    """Give Anna something of every kind; the ids of all that is hers, by table."""
    one = world.calendars[0]
    hidden = Appointment(when=slot(), subject=PRIVATE[0], location=PRIVATE[1])
    world.memory.put(one, hidden)
    world.in_use(world.anna)
    with world.core.storage.write(world.anna) as session:
        who = (world.anna.tenant_id, world.anna.member_id)
        Contacts(session, *who).create(Contact(display_name=PRIVATE[2]))
        Tasks(session, *who).create(PRIVATE[3], due_day="2026-11-24", zone="Europe/Berlin")
        Calls(session, *who).create(MARKS[4])
    found: dict[str, list[str]] = {}
    for table, rows in annas_rows(world).items():
        found[table] = [str(row["id"]) for row in rows if "id" in row]
    return found


def walk(world: World, app: Flask) -> Walk:
    """Everybody asks everything."""
    ids = furnish(world)
    done = Walk()
    for role, client, admin in visitors(world, app):
        _make_admin(world, admin)
        _sign_all_in(world)
        before = fingerprints(world)
        for rule in routes(app):
            for path in paths(rule, ids):
                for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                    done.answers.append(_ask(client, role, method, path, rule))
        if role == "Anna herself":
            continue
        after = fingerprints(world)
        differing = {name for name in before if before[name] != after[name]}
        if differing:
            done.changed[role] = differing
    return done


def visitors(world: World, app: Flask) -> Iterator[tuple[str, FlaskClient, Scope | None]]:
    """Roles with their browsers, and who has to be an admin for it. Anna comes last: she may
    change what is hers."""
    yield "stranger", app.test_client(), None
    yield "colleague", _client(app, world.ben), None
    yield "own admin", _client(app, world.ben), world.ben
    yield "foreign admin", _client(app, world.zoe), world.zoe
    yield "Anna herself", _client(app, world.anna), None


def routes(app: Flask) -> list[Rule]:
    """All addresses but files."""
    found = [rule for rule in app.url_map.iter_rules() if not rule.endpoint.endswith("static")]
    last = {endpoint: number for number, endpoint in enumerate(ENDING, start=1)}
    return sorted(found, key=lambda rule: last.get(rule.endpoint, 0))


def paths(rule: Rule, ids: dict[str, list[str]]) -> list[str]:
    """The rule's addresses with Anna's ids: by the argument's name, else with one of each kind."""
    if rule.endpoint == "calendar.spans":
        people = ",".join(ids["member"])
        return [f"{rule.rule}?from=2026-11-16&to=2026-11-30&people={people}"]
    found = [rule.rule]
    for argument in sorted(rule.arguments):
        table = argument.removesuffix("_id")
        known = (
            [SLUG]
            if argument == "slug"
            else ids.get(table) or [rows[0] for rows in ids.values() if rows]
        )
        place = re.compile(rf"<(?:[^<>]*:)?{argument}>")
        found = [place.sub(value, path) for path in found for value in known[:MOST]]
    return found


def fingerprints(world: World) -> dict[str, str]:
    """A digest of Anna's rows, and of what is nobody's own, by table."""
    return {
        name: hashlib.sha256(repr(rows).encode()).hexdigest()
        for name, rows in annas_rows(world).items()
    }


def annas_rows(world: World) -> dict[str, list[dict[str, Any]]]:
    """Rows of Anna's tenant that are not somebody else's, by table."""
    others = {world.ben.member_id}
    found = {}
    with world.core.storage.read(SYSTEM) as session:
        for table in Base.metadata.sorted_tables:
            if table.name in ("session", "tenant") or "tenant_id" not in table.columns:
                continue
            query = select(table).where(table.c.tenant_id == world.anna.tenant_id)
            rows = [
                dict(row._mapping) for row in session.execute(query.order_by(*table.primary_key))
            ]
            found[table.name] = [row for row in rows if not others & set(map(str, row.values()))]
    return found


def _ask(client: FlaskClient, role: str, method: str, path: str, rule: Rule) -> Answer:
    answer = _send(client, method, path)
    body = unescape(answer.get_data(as_text=True))
    heard = f"{body}\n{answer.headers}"
    leaks = tuple(mark for mark in MARKS if mark in heard)
    location = answer.headers.get("Location", "")
    return Answer(role, method, rule.rule, rule.endpoint, answer.status_code, leaks, location)


def _send(client: FlaskClient, method: str, path: str) -> TestResponse:
    if method == "GET":
        return client.get(path)
    token = TOKEN.search(client.get("/profile/", follow_redirects=True).text)
    fields = {"csrf_token": unescape(token[1]) if token else "", "version": "1", "entries": "keep"}
    answer = client.open(path, method=method, data=fields)
    if answer.status_code != NOT_A_FORM:
        return answer
    headers = {"X-CSRFToken": fields["csrf_token"], "Accept": "application/json"}
    return client.open(path, method=method, json=ENTRY, headers=headers)


def _client(app: Flask, who: Scope) -> FlaskClient:
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = f"{who.member_id}:0", True
    return client


def _make_admin(world: World, who: Scope | None) -> None:
    """Exactly this member is an admin, or nobody."""
    with world.core.storage.write(SYSTEM) as session:
        session.execute(update(Member).values(role="member"))
        if who is not None:
            session.execute(update(Member).where(Member.id == who.member_id).values(role="admin"))


def _sign_all_in(world: World) -> None:
    """The walk before may have ended sessions."""
    with world.core.storage.write(SYSTEM) as session:
        session.execute(update(MemberSession).values(ended_at=None))
