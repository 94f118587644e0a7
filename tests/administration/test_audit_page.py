"""The audit log's page, its filters, and the file."""

import csv
import io
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from andock_core import audit
from andock_core.accounts import create_member
from andock_core.audit import reading
from andock_core.clock import now
from andock_core.core import Core
from andock_core.storage import SYSTEM, AuditEntry, Scope
from andock_web.administration.table import harmless
from tests.administration.acts import deeds
from tests.web.conftest import PASSWORD, People, post, sign_in

DAY = "%Y-%m-%d"


def add(core: Core, people: People, action: str, age_days: int = 0, **more: str) -> None:
    with core.storage.write(SYSTEM) as session:
        at = now() - timedelta(days=age_days)
        session.add(AuditEntry(tenant_id=people.home, action=action, facts={}, at=at, **more))


def read_file(ben: FlaskClient, query: str = "") -> list[list[str]]:
    answer = ben.get(f"/administration/audit.csv{query}")
    assert answer.status_code == 200
    text = answer.get_data().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))


def test_signing_in_failing_and_out_are_in_the_log(
    client: FlaskClient, core: Core, people: People
) -> None:
    sign_in(client, "anna@musterfirma.test", "wrong")
    sign_in(client, "no@body.test", "wrong")
    sign_in(client, "anna@musterfirma.test")
    post(client, "/sign-out", {}, page="/forgotten")
    told = [deed for deed in deeds(core) if deed[0].startswith("session.")]
    assert told == [
        ("session.refused", "", people.anna),
        ("session.began", people.anna, people.anna),
        ("session.ended", people.anna, people.anna),
    ]


def test_nothing_that_was_typed_is_in_the_log(client: FlaskClient, core: Core) -> None:
    sign_in(client, "anna@musterfirma.test", "a wrong password that was typed")
    with core.storage.read(SYSTEM) as session:
        rows = session.query(AuditEntry).all()
        assert "typed" not in str([row.facts for row in rows])


def test_signing_in_twice_in_one_browser_leaves_one_session(
    anna: FlaskClient, core: Core, people: People
) -> None:
    """The session has an id of its own after each sign-in, and the one before has ended."""
    before = anna.get_cookie("andock_session")
    assert before is not None
    sign_in_again = post(
        anna, "/sign-in", {"email": "ben@musterfirma.test", "password": PASSWORD}, page="/profile/"
    )
    assert sign_in_again.status_code == 303
    thief = anna.application.test_client()
    thief.set_cookie("andock_session", before.value)
    assert thief.get("/profile/").status_code == 302
    assert ("session.ended", people.anna, people.anna) in deeds(core)


def test_the_page_says_who_did_what_to_whom(ben: FlaskClient, core: Core, people: People) -> None:
    add(core, people, "password.link_made", actor_id=people.ben, subject_id=people.anna)
    page = ben.get("/administration/audit").text
    assert "Link für ein neues Passwort erstellt" in page
    assert ": Anna Krüger" in page


def test_another_companys_log_is_not_shown(ben: FlaskClient, core: Core, people: People) -> None:
    with core.storage.write(SYSTEM) as session:
        audit.record(session, people.elsewhere, "rule.default", actor_id=people.zoe)
    assert "Regel für neue" not in ben.get("/administration/audit").text
    assert "rule.default" not in str(read_file(ben))


FILTERS: dict[str, set[str]] = {
    "who={anna}": {"block.converted", "member.added"},
    "who=operator": {"tenant.added", "member.added", "keys.rotated"},
    "action=keys": {"keys.rotated"},
    "action=keys.rotated": {"keys.rotated"},
    "integration=some": {"connection.added"},
    "to={before}": {"connection.added"},
    "from={before}&to={before}": set(),
    "from=nonsense&who=&action=%25": set(),
}


def test_the_filter_chooses(ben: FlaskClient, core: Core, people: People) -> None:
    add(core, people, "block.converted", actor_id=people.anna)
    add(core, people, "keys.rotated", actor_id=audit.OPERATOR)
    add(core, people, "connection.added", 40, actor_id=people.ben, integration="some")
    before = (now() - timedelta(days=20)).strftime(DAY)
    for query, found in FILTERS.items():
        asked = query.format(anna=people.anna, before=before)
        assert ben.get(f"/administration/audit?{asked}").status_code == 200
        assert {row[3] for row in read_file(ben, f"?{asked}")[1:]} == found, query


def test_the_log_has_pages_without_gap_or_repetition(
    core: Core, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = now()
    with core.storage.write(SYSTEM) as session:
        for number in range(120):  # several at the same moment
            at = moment - timedelta(seconds=number // 7)
            row = AuditEntry(tenant_id=people.home, action="run.undone", facts={}, at=at)
            session.add(row)
    wanted, scope = reading.Filter(action="run"), Scope(people.home)
    seen: list[str] = []
    mark = ""
    while True:
        page = reading.page(core.storage, scope, wanted, mark)
        seen += [line.id for line in page.lines]
        mark = page.next
        if not mark:
            break
    monkeypatch.setattr(reading, "BATCH", 50)
    assert seen == [line.id for line in reading.all_of(core.storage, scope, wanted)]
    assert len(set(seen)) == len(seen) == 120


def test_a_mark_of_another_company_is_the_beginning(core: Core, people: People) -> None:
    with core.storage.write(SYSTEM) as session:
        audit.record(session, people.elsewhere, "rule.default")
        session.flush()
        mark = session.query(AuditEntry.id).filter_by(action="rule.default").scalar()
    page = reading.page(core.storage, Scope(people.home), reading.Filter(), mark)
    assert page == reading.page(core.storage, Scope(people.home), reading.Filter())


def test_the_file_is_what_spreadsheets_take(ben: FlaskClient, core: Core, people: People) -> None:
    answer = ben.get("/administration/audit.csv")
    assert answer.get_data().startswith(b"\xef\xbb\xbf")
    assert answer.content_type == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert b"\r\n" in answer.get_data()
    assert ("audit.exported", people.ben, "") in deeds(core)


def test_a_name_is_no_formula(ben: FlaskClient, core: Core, people: People) -> None:
    name = '=HYPERLINK("https://evil.test";"open")'
    evil = create_member(core.storage, people.home, "e@m.test", name, PASSWORD)
    add(core, people, "block.converted", actor_id=evil)
    row = next(row for row in read_file(ben) if row[3] == "block.converted")
    assert row[4] == f"'{name}"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "  ="])
def test_what_begins_like_a_formula_is_defused(start: str) -> None:
    assert harmless(f"{start}1+1") == f"'{start}1+1"
    assert harmless("1+1") == "1+1"
