"""Links that arrive by a real mail server."""

from aiosmtpd.controller import Controller
from flask.testing import FlaskClient

from andock_core.accounts import mailing, sign_in
from andock_core.core import Core
from tests.administration.acts import GOOD, LINK, act, with_mail
from tests.mail.test_mail import Postbox, postbox, server, url_of
from tests.web.conftest import People, post

__all__ = ["postbox", "server"]


def test_a_forgotten_password_is_set_by_the_link_in_the_mail(
    client: FlaskClient, core: Core, people: People, server: Controller, postbox: Postbox
) -> None:
    queue = with_mail(core, url_of(server))
    post(client, "/forgotten", {"email": "anna@musterfirma.test"}, page="/sign-in")
    ((task, member_id),) = queue.jobs
    assert task == "mail_password"
    assert mailing.mail_link(core, member_id)
    (letter,) = postbox.letters
    assert (letter["To"], letter["Subject"]) == (
        *("anna@musterfirma.test", "Neues Passwort für Andock"),
    )
    found = LINK.search(letter.get_content())
    assert found is not None
    form = {"password": GOOD, "again": GOOD}
    assert post(client, found[1], form, page="/sign-in").status_code == 303
    assert sign_in(core.storage, "anna@musterfirma.test", GOOD) is not None


def test_a_mail_speaks_its_receivers_language(
    core: Core, people: People, server: Controller, postbox: Postbox
) -> None:
    with_mail(core, url_of(server))
    assert mailing.mail_link(core, people.zoe)
    assert postbox.letters[0]["Subject"] == "A new password for Andock"


def test_an_invitation_by_mail_is_not_shown_to_the_admin(
    ben: FlaskClient, core: Core, server: Controller, postbox: Postbox
) -> None:
    with_mail(core, url_of(server))
    answer = act(ben, "/administration/members/invite", email="cleo@musterfirma.test")
    assert "ist unterwegs" in answer.text
    assert not LINK.search(answer.text)
    assert LINK.search(postbox.letters[0].get_content())
