"""Invitations and links for passwords: once, for a time, and never told to anybody else."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from andock_core.accounts import (
    PasswordTooShort,
    administration,
    links,
    mailing,
    sign_in,
)
from andock_core.clock import now
from andock_core.core import Core
from andock_core.jobs.housekeeping import purge_attempts
from andock_core.storage import SYSTEM, AccountLink, Member, Scope
from tests.administration.acts import GOOD, JOINING, act, deeds, link_in, with_mail
from tests.web.conftest import PASSWORD, People, post

CLEO = "cleo@musterfirma.test"


def invited(ben: FlaskClient, email: str = CLEO, role: str = "member") -> str:
    """The path behind an invitation's link."""
    return link_in(act(ben, "/administration/members/invite", email=email, role=role))


def joins(client: FlaskClient, path: str, **form: str) -> int:
    fields = {**JOINING, "password": GOOD, "again": GOOD, **form}
    return post(client, path, fields, page="/sign-in").status_code


def test_whoever_is_invited_chooses_and_signs_in(
    ben: FlaskClient, client: FlaskClient, core: Core, people: People
) -> None:
    path = invited(ben, role="admin")
    assert "Willkommen bei Musterfirma" in client.get(path).text
    assert joins(client, path) == 303
    cleo = sign_in(core.storage, CLEO, GOOD)
    assert cleo is not None
    assert (cleo.name, cleo.role, cleo.tenant_id) == ("Cleo Weiß", "admin", people.home)
    assert ("member.joined", cleo.id, cleo.id) in deeds(core)


def test_a_link_is_good_once(ben: FlaskClient, client: FlaskClient) -> None:
    path = invited(ben)
    assert joins(client, path) == 303
    assert client.get(path).status_code == 404
    assert joins(client, path) == 404


def test_opening_a_link_uses_nothing_up(ben: FlaskClient, client: FlaskClient) -> None:
    path = invited(ben)
    assert [client.get(path).status_code for _ in range(3)] == [200] * 3


def test_the_secret_is_kept_nowhere(ben: FlaskClient, core: Core, people: People) -> None:
    secret = invited(ben).rpartition("/")[2]
    with core.storage.read(SYSTEM) as session:
        row = session.scalars(select(AccountLink)).one()
        kept = [getattr(row, column.key) for column in AccountLink.__table__.columns]
    assert secret not in map(str, kept)
    assert secret not in ben.get("/administration/members").text
    assert secret not in str(deeds(core))


def test_a_link_ends(ben: FlaskClient, client: FlaskClient, core: Core) -> None:
    path = invited(ben)
    with core.storage.write(SYSTEM) as session:
        session.execute(update(AccountLink).values(expires_at=now() - timedelta(seconds=1)))
    assert client.get(path).status_code == 404
    assert joins(client, path) == 404
    assert "abgelaufen" in ben.get("/administration/members").text
    with core.storage.write(SYSTEM) as session:
        session.execute(update(AccountLink).values(expires_at=now() - timedelta(days=31)))
    purge_attempts(core.storage, now())
    with core.storage.read(SYSTEM) as session:
        assert session.scalars(select(AccountLink)).all() == []


def test_an_invitation_is_taken_back(ben: FlaskClient, client: FlaskClient, core: Core) -> None:
    path = invited(ben)
    with core.storage.read(SYSTEM) as session:
        link_id = session.scalars(select(AccountLink.id)).one()
    act(ben, f"/administration/invitations/{link_id}/take-back")
    assert client.get(path).status_code == 404
    assert "invitation.taken_back" in [deed[0] for deed in deeds(core)]


def test_a_second_invitation_ends_the_first(ben: FlaskClient, client: FlaskClient) -> None:
    first, second = invited(ben), invited(ben)
    assert (client.get(first).status_code, client.get(second).status_code) == (404, 200)


def test_who_leaves_lets_nobody_in_any_more(
    ben: FlaskClient, client: FlaskClient, core: Core, people: People
) -> None:
    path = invited(ben, role="admin")
    administration.set_role(core.storage, Scope(people.home), people.anna, "admin")
    administration.deactivate(core, Scope(people.home, people.anna), people.ben)
    assert client.get(path).status_code == 404


def test_members_are_not_invited_again(ben: FlaskClient) -> None:
    answer = act(ben, "/administration/members/invite", email="Anna@Musterfirma.test")
    assert answer.status_code == 422
    assert "gehört einem Mitglied" in answer.text


def test_accounts_elsewhere_are_told_to_their_owner_alone(
    ben: FlaskClient, client: FlaskClient, core: Core, people: People
) -> None:
    path = invited(ben, "zoe@otherworks.test")
    assert joins(client, path) == 422
    with core.storage.read(SYSTEM) as session:
        assert session.get_one(Member, people.zoe).tenant_id == people.elsewhere


@pytest.mark.parametrize(
    "wrong",
    [
        {"password": "short", "again": "short"},
        {"again": "another one altogether"},
        {"name": "  "},
        {"zone": "Mars/Olympus"},
    ],
)
def test_what_is_wrong_is_said_and_the_link_stays_good(
    ben: FlaskClient, client: FlaskClient, wrong: dict[str, str]
) -> None:
    path = invited(ben)
    assert joins(client, path, **wrong) == 422
    assert joins(client, path) == 303


def test_a_link_for_a_password_sets_it_once_and_ends_all_sessions(
    ben: FlaskClient, anna: FlaskClient, core: Core, people: People
) -> None:
    path = link_in(act(ben, f"/administration/members/{people.anna}/password"))
    assert sign_in(core.storage, "anna@musterfirma.test", PASSWORD) is not None
    stranger = ben.application.test_client()
    form = {"password": GOOD, "again": GOOD}
    assert post(stranger, path, form, page="/sign-in").status_code == 303
    assert anna.get("/profile/").status_code == 302
    assert sign_in(core.storage, "anna@musterfirma.test", GOOD) is not None
    assert post(stranger, path, form, page="/sign-in").status_code == 404
    assert ("password.reset", people.anna, people.anna) in deeds(core)


def test_a_kind_of_link_opens_no_other_page(
    ben: FlaskClient, client: FlaskClient, people: People
) -> None:
    path = link_in(act(ben, f"/administration/members/{people.anna}/password"))
    assert client.get(path.replace("/password/", "/join/")).status_code == 404


def test_a_deactivated_members_link_has_ended(
    ben: FlaskClient, client: FlaskClient, core: Core, people: People
) -> None:
    path = link_in(act(ben, f"/administration/members/{people.anna}/password"))
    administration.deactivate(core, Scope(people.home, people.ben), people.anna)
    assert client.get(path).status_code == 404
    administration.activate(core.storage, Scope(people.home), people.anna)
    assert client.get(path).status_code == 404


def test_a_short_password_is_refused_by_the_core_too(core: Core, people: People) -> None:
    made = links.password_link(core.storage, Scope(people.home, people.ben), people.anna)
    with pytest.raises(PasswordTooShort):
        links.set_password(core.storage, made.secret, "short")


def test_without_a_mail_server_one_is_told_whom_to_ask(client: FlaskClient, people: People) -> None:
    assert "Passwort vergessen?" in client.get("/sign-in").text
    assert "Fragen Sie die Administration" in client.get("/forgotten").text


def test_the_answer_does_not_tell_whether_there_is_an_account(
    client: FlaskClient, core: Core, people: People
) -> None:
    queue = with_mail(core)
    said = [
        post(client, "/forgotten", {"email": email}, page="/sign-in")
        for email in ("anna@musterfirma.test", "zzzz@musterfirma.test")
    ]
    assert [answer.status_code for answer in said] == [200, 200]
    mask = [
        answer.text.replace("anna@", "zzzz@").partition("<main")[2].partition("</main")[0]
        for answer in said
    ]
    assert mask[0] == mask[1]
    assert queue.jobs == [("mail_password", people.anna), ("mail_password", "nobody")]
    assert not mailing.mail_link(core, "nobody")


def test_forgotten_links_are_counted(client: FlaskClient, core: Core, people: People) -> None:
    with_mail(core)
    tries = [
        post(client, "/forgotten", {"email": "anna@musterfirma.test"}, page="/sign-in").status_code
        for _ in range(4)
    ]
    assert tries == [200, 200, 200, 429]


def test_a_mail_server_that_is_away_leaves_the_link_to_hand_on(
    ben: FlaskClient, core: Core
) -> None:
    with_mail(core)
    answer = act(ben, "/administration/members/invite", email=CLEO, role="member")
    assert "nicht angenommen" in answer.text
    assert link_in(answer).startswith("/join/")


def test_nobody_is_buried_in_invitations(ben: FlaskClient, core: Core) -> None:
    with_mail(core)
    path = "/administration/members/invite"
    tries = [act(ben, path, email=CLEO, role="member").status_code for _ in range(4)]
    assert tries == [200, 200, 200, 429]
