"""The doctor's pages as a browser without JavaScript gets them."""

import io
import re

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from andock_core.doctor import links
from andock_core.trust import service as trust
from andock_sdk import TestReport
from andock_web import limits
from tests.doctor.answers import answering
from tests.doctor.clinic import EMAIL, PASSWORD, Clinic
from tests.doctor.conftest import Visit
from tests.marketplace.visitor import words

TYPED = {"answer-username": EMAIL, "answer-password": "", "typed": "1"}


def typed(clinic: Clinic, **changes: str) -> dict[str, str]:
    """What Anna fills in."""
    return {**TYPED, "answer-server": f"localhost:{clinic.server.port}", **changes}


def examined(clinic: Clinic, visit: Visit, **changes: str) -> str:
    """A connection with a finished examination of a server whose authority nobody knows."""
    connection_id = clinic.add()
    visit(clinic.anna).post(f"/connections/{connection_id}/doctor", typed(clinic, **changes))
    clinic.world.work()
    return connection_id


def link_of(clinic: Clinic, visit: Visit, connection_id: str, **form: str) -> str:
    """The path of a fresh link to the report."""
    answer = visit(clinic.anna).post(f"/connections/{connection_id}/doctor/links", form)
    found = re.search(r'value="https?://[^/]+(/it/[\w-]+)"', answer.text)
    assert found
    return found[1]


def test_an_examination_ticks_and_ends(clinic: Clinic, visit: Visit) -> None:
    """Begun from the form, watched by its part, and then told in whole sentences."""
    anna = visit(clinic.anna)
    connection_id = clinic.add()
    page = anna.follow(f"/connections/{connection_id}/doctor", typed(clinic))
    assert f'data-watch="/connections/{connection_id}/doctor/part"' in page
    clinic.world.work()
    ended = words(anna.get(f"/connections/{connection_id}/doctor/part"))
    assert "We don't know who issued the server's certificate." in ended
    assert "Fingerprint (SHA-256)" in ended
    assert "data-watch" not in anna.get(f"/connections/{connection_id}/doctor")


def test_the_part_answers_the_ticking(clinic: Clinic, visit: Visit) -> None:
    """With the same words as the page."""
    connection_id = examined(clinic, visit)
    part = visit(clinic.anna, "de").get(f"/connections/{connection_id}/doctor/part")
    assert "Wir kennen den Aussteller des Zertifikats nicht." in part
    assert "<html" not in part


def test_a_connection_in_use_is_examined_without_typing(clinic: Clinic, visit: Visit) -> None:
    """Its page offers no field for the password, and the probe is not ticked."""
    clinic.trusting()
    connection_id = clinic.add()
    assert clinic.tested(connection_id).error == ""
    anna = visit(clinic.anna)
    page = anna.get(f"/connections/{connection_id}/doctor")
    assert 'type="password"' not in page
    assert re.search(r'name="probe"[^>]*>', page)
    assert not re.search(r'name="probe"[^>]*checked', page)
    anna.post(f"/connections/{connection_id}/doctor", {"probe": "1"})
    clinic.world.work()
    ended = words(anna.get(f"/connections/{connection_id}/doctor"))
    assert "All is well." in ended
    assert "nothing is left of the entry" in ended


def test_a_wrong_form_is_told_at_once(clinic: Clinic, visit: Visit) -> None:
    """Nothing is started."""
    connection_id = clinic.add()
    path = f"/connections/{connection_id}/doctor"
    answer = visit(clinic.anna).post(path, typed(clinic, **{"answer-username": ""}))
    assert answer.status_code == 422
    assert clinic.world.jobs.jobs == []


@pytest.mark.parametrize("kind", ["txt", "json"])
def test_the_report_is_a_file_without_the_user_name(
    clinic: Clinic, visit: Visit, kind: str
) -> None:
    """Unless it is asked for. The password never stands in it."""
    connection_id = examined(clinic, visit, **{"answer-password": PASSWORD})
    anna = visit(clinic.anna)
    path = f"/connections/{connection_id}/doctor/report.{kind}"
    answer = anna.look(path)
    assert "attachment" in answer.headers["Content-Disposition"]
    assert "localhost" in answer.text
    for text in (answer.text, anna.get(f"{path}?names=1")):
        assert PASSWORD not in text
    assert EMAIL not in answer.text
    assert "anna@" not in answer.text.lower()


def test_asking_for_approval_and_giving_it(clinic: Clinic, visit: Visit) -> None:
    """From the failed test to the admin's page and back to a good test."""
    connection_id = clinic.add()
    clinic.tested(connection_id)
    anna, ben = visit(clinic.anna), visit(clinic.ben)
    page = words(anna.get(f"/connections/{connection_id}/access"))
    assert "Ask for approval" in page
    assert "Andock sandbox CA" in page
    asked = anna.follow(f"/connections/{connection_id}/doctor/trust", {"from": "test"})
    assert "has been asked" in asked
    assert "Ask for approval" not in asked
    listed = ben.get("/admin/certificates")
    assert "Anna Krüger asked" in words(listed)
    found = re.search(r'action="(/admin/certificates/\w+/decide)"', listed)
    assert found
    done = ben.follow(found[1], {"act": "approve", "word": "By telephone"})
    assert "By telephone" in done
    assert clinic.tested(connection_id).error == ""


def test_certificates_are_shown_to_admins_alone(clinic: Clinic, visit: Visit) -> None:
    """To others the page does not exist, whatever they send."""
    assert 'href="/admin/certificates"' in visit(clinic.ben).get("/admin/integrations")
    anna = visit(clinic.anna)
    assert 'href="/admin/' not in anna.get("/marketplace/")
    assert anna.look("/admin/certificates").status_code == 404
    for path in ("upload", "x/decide", "x/remove"):
        assert anna.post(f"/admin/certificates/{path}", {"act": "approve"}).status_code == 404


def test_an_authority_is_uploaded_and_removed(clinic: Clinic, visit: Visit) -> None:
    """With its subject and fingerprint shown; a wrong file says what is wrong with it."""
    ben = visit(clinic.ben)
    upload = "/admin/certificates/upload"
    wrong = ben.post(upload, {"file": (io.BytesIO(b"nothing"), "ca.pem")})
    assert wrong.status_code == 422
    assert "no certificate that Andock can read" in wrong.text
    pem = clinic.server.ca_file.read_bytes()
    page = ben.follow(upload, {"file": (io.BytesIO(pem), "ca.pem"), "domain": "musterfirma.test"})
    assert "Andock sandbox CA" in page
    assert "For servers of musterfirma.test" in words(page)
    found = re.search(r'action="(/admin/certificates/\w+/remove)"', page)
    assert found
    assert "Andock sandbox CA" not in ben.follow(found[1])


def test_the_link_opens_without_an_account(clinic: Clinic, visit: Visit, app: Flask) -> None:
    """It shows the report and the certificate, and tells nobody where it was."""
    path = link_of(clinic, visit, examined(clinic, visit))
    answer = app.test_client().get(path)
    assert answer.status_code == 200
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Musterfirma" in answer.text
    for private in (EMAIL, "Krüger", "Anna"):
        assert private not in answer.text
    assert clinic.anna.member_id not in answer.text


def test_the_link_is_shown_once(clinic: Clinic, visit: Visit) -> None:
    """The next look at the page knows that there is one, not which."""
    connection_id = examined(clinic, visit)
    path = link_of(clinic, visit, connection_id)
    again = visit(clinic.anna).get(f"/connections/{connection_id}/doctor")
    assert "/it/" not in again
    assert path.rpartition("/")[2] not in again
    assert "Links that work" in again


def test_it_proposes_a_server_that_lands_in_the_wizard(
    clinic: Clinic, visit: Visit, app: Flask
) -> None:
    """It changes nothing until the member takes it; the admin hears what IT said."""
    connection_id = examined(clinic, visit)
    path = link_of(clinic, visit, connection_id)
    form = {"server": "mail.musterfirma.test", "right": "1", "note": "From Tom, IT"}
    answer = app.test_client().post(path, data=form, follow_redirects=True)
    assert "Your proposal is with the member now." in answer.text or "Mitglied" in answer.text
    anna = visit(clinic.anna)
    page = anna.get(f"/connections/{connection_id}/access")
    assert "mail.musterfirma.test" in page
    assert "From Tom, IT" in page
    assert 'value="mail.musterfirma.test"' not in page
    taken = anna.get(f"/connections/{connection_id}/access?use=it")
    assert 'value="mail.musterfirma.test"' in taken
    anna.post(f"/connections/{connection_id}/doctor/trust", {"from": "doctor"})
    (question,) = trust.known(clinic.core, clinic.ben)
    assert question.word
    (link,) = links.of_connection(clinic.core, clinic.anna, connection_id)
    anna.post(f"/connections/{connection_id}/doctor/links/{link.id}/aside")
    assert "From Tom, IT" not in anna.get(f"/connections/{connection_id}/access")


def test_no_address_of_a_page_names_the_server(clinic: Clinic, visit: Visit) -> None:
    """Or a stranger's link would fill in where the password goes."""
    connection_id = clinic.add()
    for use in ("mail.boese.test", "it", "doctor", "test", "search"):
        page = visit(clinic.anna).get(f"/connections/{connection_id}/access?use={use}")
        assert 'value="mail.boese.test"' not in page


def test_the_reader_of_a_link_sees_and_changes_nothing_else(
    clinic: Clinic, visit: Visit, app: Flask
) -> None:
    """No session comes of it."""
    connection_id = examined(clinic, visit)
    client = app.test_client()
    client.get(link_of(clinic, visit, connection_id))
    for path in ("/calendar/", f"/connections/{connection_id}/doctor", "/admin/certificates"):
        assert "/sign-in" in client.get(path).headers["Location"]


def test_a_revoked_link_and_an_invented_one_look_alike(
    clinic: Clinic, visit: Visit, app: Flask
) -> None:
    """Both are no page, and keep their headers."""
    connection_id = examined(clinic, visit)
    path = link_of(clinic, visit, connection_id)
    (link,) = links.of_connection(clinic.core, clinic.anna, connection_id)
    visit(clinic.anna).post(f"/connections/{connection_id}/doctor/links/{link.id}/revoke")
    revoked, invented = (app.test_client().get(each) for each in (path, "/it/invented"))
    assert (revoked.status_code, invented.status_code) == (404, 404)
    assert revoked.headers["Referrer-Policy"] == "no-referrer"


def test_trying_links_is_slowed_down(clinic: Clinic, visit: Visit, app: Flask) -> None:
    """After some misses the caller waits, even with a link that is right."""
    path = link_of(clinic, visit, examined(clinic, visit))
    client = app.test_client()
    answers: list[TestResponse] = [
        client.get(f"/it/x{n}") for n in range(limits.PER_ADDRESS_LINKS.amount)
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert client.get("/it/again").status_code == 429
    assert client.get(path).status_code == 429
    elsewhere = client.get(path, environ_base={"REMOTE_ADDR": "192.0.2.7"})
    assert elsewhere.status_code == 200


def test_hostile_words_of_a_certificate_and_a_proposal_stay_words(
    clinic: Clinic, visit: Visit, app: Flask
) -> None:
    """Nothing that a stranger wrote becomes markup."""
    connection_id = examined(clinic, visit)
    path = link_of(clinic, visit, connection_id)
    evil = '"><script>alert(1)</script>'
    app.test_client().post(path, data={"server": evil, "note": evil})
    for page in (visit(clinic.anna).get(f"/connections/{connection_id}/access"),
                 visit(clinic.anna).get(f"/connections/{connection_id}/access?use=it"),
                 app.test_client().get(path).text):  # fmt: skip
        assert "<script>alert" not in page


def test_somebody_elses_examination_is_no_page(clinic: Clinic, visit: Visit) -> None:
    """Neither to look at nor to begin, hand on or ask from."""
    connection_id = examined(clinic, visit)
    ben = visit(clinic.ben)
    for path in ("", "/part", "/report.txt", "/report.json"):
        assert ben.look(f"/connections/{connection_id}/doctor{path}").status_code == 404
    for path in ("", "/links", "/trust"):
        assert ben.post(f"/connections/{connection_id}/doctor{path}").status_code == 404


def test_a_foreign_host_is_confirmed_from_a_failed_test(clinic: Clinic, visit: Visit) -> None:
    """The member sees it and takes it by a click; the password is asked for anew."""
    connection_id = clinic.add()
    with answering("test", TestReport(error="server.redirects", confirm="mail.hoster.test")):
        tested = clinic.tested(connection_id)
    assert (tested.error, tested.confirm) == ("server.redirects", "mail.hoster.test")
    anna = visit(clinic.anna)
    page = words(anna.get(f"/connections/{connection_id}/access"))
    assert "It leads to mail.hoster.test." in page
    taken = anna.get(f"/connections/{connection_id}/access?use=test")
    assert 'value="mail.hoster.test"' in taken
