"""Every address, asked by everybody, with the ids of one member's things.

Anna has something of every kind, each with a word that stands nowhere else. Nobody but she may ever
be answered with one of her private words, and nobody but she may change a row of hers; her
company's admins may do to her connections and her account what their pages say, and no more.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from unittest.mock import patch

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from andock_core.storage import SYSTEM, Member, Scope
from andock_core.storage.tables import Base, MemberSession
from andock_web import limits
from andock_web.security import HEADERS
from tests.connections.world import World
from tests.walk.furnishing import MARKS, furnish
from tests.walk.known import ADMINS, ARGUMENTS, CALLING, kind_of

HERSELF = "the owner"
OWN_ADMIN = "admin of the company"
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
ELSEWHERE = "evil.test"
AWAY = (f"//{ELSEWHERE}/", f"https://{ELSEWHERE}/", f"/\\{ELSEWHERE}/", f"/%09/{ELSEWHERE}/")
"""Addresses of another site, as an attacker writes them."""
ONWARD = (
    "next",
    "back",
    "url",
    "target",
    "goto",
    "return",
    "return_to",
    "redirect",
    "redirect_uri",
)
"""Names under which an address to go on to might be taken from a request."""
TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"')
INLINE = re.compile(
    r"<script(?![^>]*\b(?:src=|type=\"application/json\"))[^>]*>|<style|\s(?:style|on[a-z]+)=[\"']|(?:href|src)=[\"']javascript:",
    re.I,
)
ENDING = (
    *("contacts.drop", "contacts.take_over"),
    *("calendar.delete", "contacts.delete", "tasks.delete", "calls.delete"),
    *("connections.disconnect", "shell.try_sign_in", "profile.end_session"),
    *("profile.end_other_sessions", "shell.sign_out"),
)
"""What ends a thing, or the visitor's own session: asked last, in this order."""
LOGS = ("audit_entry",)
"""Rows that are added by whatever anybody does."""


@dataclass(frozen=True)
class Answer:
    """What one role got from one address. `leaks` are Anna's private words in it, `unsafe` what
    the content security policy forbids or leaves out."""

    role: str
    method: str
    rule: str
    endpoint: str
    status: int
    leaks: tuple[str, ...]
    location: str = ""
    unsafe: tuple[str, ...] = ()
    queued: int = 0
    retry_after: str = ""

    @property
    def where(self) -> str:
        """For people who read a failing test."""
        return f"{self.role}: {self.method} {self.rule} -> {self.status} {self.location}".strip()


@dataclass
class Walk:
    """All answers, and the roles that changed something of Anna's."""

    answers: list[Answer] = field(default_factory=list)
    changed: dict[str, set[str]] = field(default_factory=dict)
    without_token: list[Answer] = field(default_factory=list)
    changed_without_token: set[str] = field(default_factory=set)
    waiting: list[Answer] = field(default_factory=list)

    def of_others(self) -> list[Answer]:
        """The answers that everybody but Anna got."""
        return [answer for answer in self.answers if answer.role != HERSELF]


def walk(world: World, app: Flask) -> Walk:
    """Everybody asks everything."""
    furnish(world)
    ids = ids_of(world)
    done = Walk()
    _knock_without_token(world, app, ids, done)
    _ask_too_often(world, app, ids, done)
    for number, (role, client, admin) in enumerate(visitors(world, app)):
        before = _prepare(world, admin)
        visitor = Visitor(world, client, role, AWAY[number % len(AWAY)])
        for rule in routes(app):
            if role != OWN_ADMIN or rule.endpoint not in ADMINS:
                done.answers += visitor.ask_all(rule, ids)
        _compare(world, role, before, done)
    # What admins may do to members comes last: it ends Anna's connections and account.
    _prepare(world, world.ben)
    visitor = Visitor(world, _client(app, world.ben), OWN_ADMIN, AWAY[0])
    for rule in routes(app):
        if rule.endpoint in ADMINS:
            done.answers += visitor.ask_all(rule, ids)
    return done


def visitors(world: World, app: Flask) -> Iterator[tuple[str, FlaskClient, Scope | None]]:
    """Roles with their browsers, and who has to be an admin for it. Anna comes last: she may
    change what is hers."""
    yield "stranger", app.test_client(), None
    yield "member elsewhere", _client(app, world.zoe), None
    yield "admin elsewhere", _client(app, world.zoe), world.zoe
    yield "colleague", _client(app, world.ben), None
    yield OWN_ADMIN, _client(app, world.ben), world.ben
    yield HERSELF, _client(app, world.anna), None


def routes(app: Flask) -> list[Rule]:
    """All addresses but files."""
    found = [rule for rule in app.url_map.iter_rules() if not rule.endpoint.endswith("static")]
    last = {endpoint: number for number, endpoint in enumerate(ENDING, start=1)}
    return sorted(found, key=lambda rule: (last.get(rule.endpoint, 0), rule.endpoint, rule.rule))


def methods_of(rule: Rule) -> list[str]:
    """What a rule answers to, GET first."""
    return sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})


def paths(rule: Rule, ids: dict[str, list[str]]) -> list[str]:
    """The rule's addresses with Anna's ids. Raises KeyError for an argument that is not known."""
    if rule.endpoint == "calendar.spans":
        people = ",".join(ids["member"])
        return [f"{rule.rule}?from=2026-11-16&to=2026-11-30&people={people}"]
    found = [rule.rule]
    for argument in sorted(rule.arguments):
        values = ARGUMENTS[argument]
        known = values.words or ids[values.table]
        place = re.compile(rf"<(?:[^<>]*:)?{argument}>")
        found = [place.sub(value, path) for path in found for value in known[:MOST]]
    return found


def ids_of(world: World) -> dict[str, list[str]]:
    """The ids of all that is Anna's, by table; of what others made for the company, theirs."""
    everything = rows_of_company(world)
    return {
        table: [str(row["id"]) for row in rows or everything[table] if "id" in row]
        for table, rows in annas_rows(world).items()
    }


def fingerprints(world: World) -> dict[str, str]:
    """A digest of Anna's rows, and of what is nobody's own, by table."""
    return {
        name: hashlib.sha256(repr(rows).encode()).hexdigest()
        for name, rows in annas_rows(world).items()
    }


def annas_rows(world: World) -> dict[str, list[dict[str, Any]]]:
    """Rows of Anna's tenant that are not somebody else's, by table."""
    others = {world.ben.member_id}
    return {
        name: [row for row in rows if not others & set(map(str, row.values()))]
        for name, rows in rows_of_company(world).items()
    }


def rows_of_company(world: World) -> dict[str, list[dict[str, Any]]]:
    """Rows of Anna's tenant, by table."""
    found = {}
    with world.core.storage.read(SYSTEM) as session:
        for table in Base.metadata.sorted_tables:
            if table.name == "tenant" or "tenant_id" not in table.columns or table.name in LOGS:
                continue
            query = select(table).where(table.c.tenant_id == world.anna.tenant_id)
            found[table.name] = [
                dict(row._mapping) for row in session.execute(query.order_by(*table.primary_key))
            ]
    return found


@dataclass
class Visitor:
    """One role's browser. Every request of it also tries to lead it to `away`."""

    world: World
    client: FlaskClient
    role: str
    away: str
    token: str = ""

    def ask_all(self, rule: Rule, ids: dict[str, list[str]]) -> list[Answer]:
        """All addresses of a rule, in all its ways."""
        return [
            self.ask(method, path, rule) for path in paths(rule, ids) for method in methods_of(rule)
        ]

    def ask(self, method: str, path: str, rule: Rule, *, with_token: bool = True) -> Answer:
        """One request."""
        before = len(self.world.jobs.jobs)
        answer = self._get(path) if method == "GET" else self._send(method, path, with_token)
        body = unescape(answer.get_data(as_text=True))
        heard = f"{body}\n{answer.headers}"
        return Answer(
            *(self.role, method, rule.rule, rule.endpoint, answer.status_code),
            leaks=tuple(mark for mark in MARKS if mark in heard),
            location=answer.headers.get("Location", ""),
            unsafe=_unsafe(answer, body),
            queued=len(self.world.jobs.jobs) - before,
            retry_after=answer.headers.get("Retry-After", ""),
        )

    def _get(self, path: str) -> TestResponse:
        query = "&".join(f"{name}={self.away}" for name in ONWARD)
        glue = "&" if "?" in path else "?"
        return self.client.get(f"{path}{glue}{query}", headers=self._referrer())

    def _send(self, method: str, path: str, with_token: bool) -> TestResponse:
        token = self._token() if with_token else ""
        onward = dict.fromkeys(ONWARD, self.away)
        fields = {**onward, "csrf_token": token, "version": "1", "entries": "keep"}
        headers = self._referrer()
        answer = self.client.open(path, method=method, data=fields, headers=headers)
        if answer.status_code != NOT_A_FORM:
            return answer
        headers |= {"Accept": "application/json", **({"X-CSRFToken": token} if token else {})}
        return self.client.open(path, method=method, json=ENTRY, headers=headers)

    def _token(self) -> str:
        if not self.token:
            found = TOKEN.search(self.client.get("/profile/", follow_redirects=True).text)
            self.token = unescape(found[1]) if found else ""
        return self.token

    def _referrer(self) -> dict[str, str]:
        return {"Referer": f"https://{ELSEWHERE}/page"}


def _knock_without_token(world: World, app: Flask, ids: dict[str, list[str]], done: Walk) -> None:
    """Anna's browser sends everything as another site would make it: without the token."""
    before = _prepare(world, None)
    visitor = Visitor(world, _client(app, world.anna), HERSELF, AWAY[0])
    for rule in routes(app):
        for method in methods_of(rule):
            if method != "GET":
                path = paths(rule, ids)[0]
                done.without_token.append(visitor.ask(method, path, rule, with_token=False))
    after = fingerprints(world)
    done.changed_without_token = {name for name in before if before[name] != after[name]}


def _ask_too_often(world: World, app: Flask, ids: dict[str, list[str]], done: Walk) -> None:
    """Anna has used up her tries."""
    visitor = Visitor(world, _client(app, world.anna), HERSELF, AWAY[0])
    with patch.object(limits.Limits, "hit", return_value=False):
        for rule in routes(app):
            if rule.endpoint in CALLING:
                done.waiting.append(visitor.ask("POST", paths(rule, ids)[0], rule))


def _prepare(world: World, admin: Scope | None) -> dict[str, str]:
    """Before a role's walk: who is an admin, everybody signed in; what Anna's rows are then."""
    _make_admin(world, admin)
    _sign_all_in(world)
    return fingerprints(world)


def _compare(world: World, role: str, before: dict[str, str], done: Walk) -> None:
    if role == HERSELF:
        return
    after = fingerprints(world)
    differing = {name for name in before if before[name] != after[name]}
    if differing:
        done.changed[role] = differing


def _unsafe(answer: TestResponse, body: str) -> tuple[str, ...]:
    """Headers that are missing, and what the policy forbids in a page."""
    missing = [name for name in HEADERS if name not in answer.headers]
    policy = answer.headers.get("Content-Security-Policy", "")
    # A drawing may have styles: it is shown as an image, and opened alone in a sandbox.
    drawing = answer.mimetype == "image/svg+xml" and "sandbox" in policy
    loose = ["unsafe"] if "unsafe" in policy and not drawing else []
    inline = INLINE.findall(body) if answer.mimetype == "text/html" else []
    return (*missing, *loose, *inline)


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


def of_kind(answers: list[Answer], kind: str) -> list[Answer]:
    """The answers of addresses of one kind, see known.py."""
    return [answer for answer in answers if kind_of(answer.endpoint) == kind]
