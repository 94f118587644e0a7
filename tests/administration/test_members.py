"""Members, as their admins look after them."""

import pytest
from flask.testing import FlaskClient

from andock_core.accounts import administration, create_member, sign_in
from andock_core.accounts.errors import LastAdmin
from andock_core.core import Core
from andock_core.storage import Scope
from tests.administration.acts import act, deeds
from tests.web.conftest import PASSWORD, People

PAGES = ("/administration/members", "/administration/audit", "/administration/audit.csv")


@pytest.mark.parametrize("path", PAGES)
def test_for_a_member_there_is_no_such_page(anna: FlaskClient, path: str) -> None:
    assert anna.get(path).status_code == 404


@pytest.mark.parametrize("path", PAGES)
def test_a_stranger_signs_in_first(client: FlaskClient, path: str) -> None:
    assert client.get(path).location.startswith("/sign-in")


def test_an_admin_sees_their_own_company_alone(ben: FlaskClient, people: People) -> None:
    page = ben.get("/administration/members").text
    assert "Anna Krüger" in page
    assert "Zoe Park" not in page
    assert ben.get(f"/administration/members/{people.zoe}").status_code == 404


def test_members_are_found_by_name_or_address(ben: FlaskClient) -> None:
    found = ben.get("/administration/members?q=krü").text
    assert "anna@musterfirma.test" in found
    assert "ben@musterfirma.test" not in found.partition("admin-find")[2]
    assert "Niemand passt" in ben.get("/administration/members?q=nobody").text


def test_many_members_have_pages(ben: FlaskClient, core: Core, people: People) -> None:
    for number in range(50):
        name = f"Person {number:02}"
        create_member(core.storage, people.home, f"p{number}@m.test", name, PASSWORD)
    assert "Seite 1 von 2" in ben.get("/administration/members").text
    assert "Person 49" in ben.get("/administration/members?page=2").text
    assert "Seite 2 von 2" in ben.get("/administration/members?page=99").text


def test_a_role_is_given_and_taken(ben: FlaskClient, core: Core, people: People) -> None:
    path = f"/administration/members/{people.anna}"
    for role in ("admin", "member"):
        assert act(ben, f"{path}/role", role=role).status_code == 303
        scope = Scope(people.home)
        assert administration.account_of(core.storage, scope, people.anna).role == role
    assert [d for d in deeds(core) if d[0] == "member.role"] == [
        ("member.role", people.ben, people.anna)
    ] * 2


def test_the_last_admin_stays_one(ben: FlaskClient, core: Core, people: People) -> None:
    answer = act(ben, f"/administration/members/{people.ben}/role", role="member")
    assert answer.status_code == 422
    assert "mindestens eine" in answer.text
    with pytest.raises(LastAdmin):
        administration.deactivate(core, Scope(people.home, people.ben), people.ben)


def test_an_admin_who_is_none_any_more_loses_the_pages(
    ben: FlaskClient, core: Core, people: People
) -> None:
    administration.set_role(core.storage, Scope(people.home), people.anna, "admin")
    assert act(ben, f"/administration/members/{people.ben}/role", role="member").location == "/"
    assert ben.get("/administration/members").status_code == 404


def test_deactivating_asks_first_and_signs_out(
    ben: FlaskClient, anna: FlaskClient, core: Core, people: People
) -> None:
    path = f"/administration/members/{people.anna}/deactivate"
    assert "Was bleibt" in ben.get(path).text
    assert act(ben, path).status_code == 400
    assert anna.get("/profile/").status_code == 200
    assert act(ben, path, sure="yes").status_code == 303
    assert anna.get("/profile/").status_code == 302
    assert sign_in(core.storage, "anna@musterfirma.test", PASSWORD) is None
    act(ben, f"/administration/members/{people.anna}/activate")
    assert sign_in(core.storage, "anna@musterfirma.test", PASSWORD) is not None
    told = [deed for deed in deeds(core) if deed[0].startswith("member.")]
    assert told[-2:] == [
        ("member.deactivated", people.ben, people.anna),
        ("member.activated", people.ben, people.anna),
    ]


def test_nobody_deactivates_themselves(ben: FlaskClient, people: People) -> None:
    path = f"/administration/members/{people.ben}/deactivate"
    assert ben.get(path).status_code == 404
    assert act(ben, path, sure="yes").status_code == 400


def test_sessions_are_ended_from_afar(
    ben: FlaskClient, anna: FlaskClient, core: Core, people: People
) -> None:
    path = f"/administration/members/{people.anna}"
    assert "Nirgends" not in ben.get(path).text
    assert act(ben, f"{path}/sessions/end").status_code == 303
    assert anna.get("/profile/").status_code == 302
    assert ("session.ended", people.ben, people.anna) in deeds(core)


def test_an_admin_of_another_company_reaches_nobody(
    ben: FlaskClient, core: Core, people: People
) -> None:
    path = f"/administration/members/{people.zoe}"
    for act_path, form in (
        ("role", {"role": "admin"}),
        ("password", {}),
        ("sessions/end", {}),
        ("deactivate", {"sure": "yes"}),
        ("activate", {}),
    ):
        assert act(ben, f"{path}/{act_path}", **form).status_code == 404
    assert not [deed for deed in deeds(core) if deed[1] == people.ben and deed[2] == people.zoe]
