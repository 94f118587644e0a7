"""Where somebody is signed in, and how it ends."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from andock_core import accounts
from andock_core.accounts import sessions
from andock_core.clock import now
from andock_core.core import Core
from andock_core.storage import SYSTEM, Scope
from andock_core.storage.tables import MemberSession
from andock_web.profile import devices
from tests.profile.conftest import send
from tests.web.conftest import PASSWORD, People, post, sign_in

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) Version/19.1 Mobile Safari/604.1"


def signed_in(anna: FlaskClient, agent: str) -> FlaskClient:
    other = anna.application.test_client()
    other.environ_base["HTTP_USER_AGENT"] = agent
    assert sign_in(other, "anna@musterfirma.test").status_code == 303
    return other


def ids(core: Core, people: People) -> dict[str, str]:
    with core.storage.read(Scope(people.home)) as session:
        return {row.user_agent: row.id for row in session.query(MemberSession)}


def test_sessions_are_listed_with_their_devices(anna: FlaskClient) -> None:
    signed_in(anna, PHONE)
    page = anna.get("/profile/").text
    assert "Safari auf iPhone" in page
    assert page.count("diese Sitzung") == 1


def test_one_session_ends(anna: FlaskClient, core: Core, people: People) -> None:
    phone = signed_in(anna, PHONE)
    said = send(anna, f"/profile/sessions/{ids(core, people)[PHONE]}/end")
    assert "Die Sitzung ist beendet." in said
    assert phone.get("/profile/").status_code == 302
    assert anna.get("/profile/").status_code == 200


def test_all_other_sessions_end(anna: FlaskClient) -> None:
    others = [signed_in(anna, PHONE), signed_in(anna, "")]
    assert "Alle anderen Sitzungen sind beendet." in send(anna, "/profile/sessions/end-others")
    assert [other.get("/profile/").status_code for other in others] == [302, 302]
    assert anna.get("/profile/").status_code == 200


def test_nobody_ends_a_colleagues_session(
    anna: FlaskClient, ben: FlaskClient, core: Core, people: People
) -> None:
    signed_in(anna, PHONE)
    answer = post(ben, f"/profile/sessions/{ids(core, people)[PHONE]}/end", {}, page="/profile/")
    assert answer.status_code == 404


def test_signing_out_ends_the_row(anna: FlaskClient, core: Core) -> None:
    """A copy of the cookie is worth nothing afterwards."""
    kept = anna.get_cookie("andock_session")
    assert kept is not None
    post(anna, "/sign-out", {}, page="/profile/")
    thief = anna.application.test_client()
    thief.set_cookie("andock_session", kept.value)
    assert thief.get("/profile/").status_code == 302


def member_of(core: Core) -> accounts.MemberInfo:
    found = accounts.sign_in(core.storage, "anna@musterfirma.test", PASSWORD)
    assert found is not None
    return found


def test_looking_a_session_up_writes_now_and_then_only(core: Core, people: People) -> None:
    session_id = sessions.begin(core.storage, member_of(core), "")

    def seen_before(age: timedelta) -> timedelta:
        with core.storage.write(SYSTEM) as session:
            session.get_one(MemberSession, session_id).seen_at = now() - age
        sessions.load(core.storage, session_id, 0)
        with core.storage.read(SYSTEM) as session:
            return now() - session.get_one(MemberSession, session_id).seen_at

    assert seen_before(timedelta(minutes=4)) > timedelta(minutes=3)
    assert seen_before(timedelta(minutes=6)) < timedelta(minutes=1)


def test_a_session_nobody_visits_is_over(core: Core, people: People) -> None:
    member = member_of(core)
    session_id = sessions.begin(core.storage, member, "")
    with core.storage.write(SYSTEM) as session:
        session.get_one(MemberSession, session_id).seen_at = now() - timedelta(days=15)
    assert sessions.load(core.storage, session_id, 0) is None
    sessions.begin(core.storage, member, "")
    with core.storage.read(SYSTEM) as session:
        assert session.get(MemberSession, session_id) is None


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (PHONE, "Safari on iPhone"),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/142.0 Safari/537.36 Edg/142.0",
            "Edge on Windows",
        ),
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Firefox on Linux",
        ),
        ("Mozilla/5.0 (Linux; Android 16) Chrome/142.0 Mobile Safari/537.36", "Chrome on Android"),
        ("curl/8.5", "Unknown device"),
        ("", "Unknown device"),
    ],
)
def test_a_device_in_words(anna: FlaskClient, agent: str, words: str) -> None:
    with anna.application.test_request_context(headers={"Cookie": "andock_language=en"}):
        assert devices.words(agent) == words
