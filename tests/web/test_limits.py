"""How often one may try to sign in."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from limits import parse

from andock_core import config
from andock_core.core import Core
from andock_web import limits
from tests.web.conftest import PASSWORD, post, sign_in


@pytest.fixture(params=["valkey", "nothing"])
def core(request: pytest.FixtureRequest, sqlite_url: str, tmp_path: Path) -> Iterator[Core]:
    """A core whose tries are counted in a real Valkey, or, without one, by the process."""
    url = "redis://127.0.0.1:1"
    if request.param == "valkey":
        url = str(request.getfixturevalue("redis_url"))
    environ = {"ANDOCK_HOME": str(tmp_path / "home"), "DATABASE_URL": sqlite_url}
    opened = Core.open(replace(config.load(environ), redis_url=url), probe=False)
    yield opened
    opened.close()


def fail(client: FlaskClient, times: int, email: str = "anna@musterfirma.test") -> int:
    """The status of the last of so many wrong sign-ins."""
    return [sign_in(client, email, "wrong").status_code for _ in range(times)][-1]


def test_the_eleventh_wrong_password_in_a_quarter_of_an_hour_waits(client: FlaskClient) -> None:
    assert fail(client, 10) == 422
    answer = sign_in(client, "anna@musterfirma.test", PASSWORD)
    assert answer.status_code == 429
    assert "Zu viele Versuche in kurzer Zeit." in answer.text
    assert PASSWORD not in answer.text


def test_somebody_else_at_the_same_address_may_still_sign_in(client: FlaskClient) -> None:
    assert fail(client, 11) == 429
    assert sign_in(client, "ben@musterfirma.test", PASSWORD).status_code == 303


def test_from_elsewhere_the_account_is_not_locked(client: FlaskClient) -> None:
    assert fail(client, 11) == 429
    elsewhere = client.application.test_client()
    elsewhere.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    assert sign_in(elsewhere, "anna@musterfirma.test", PASSWORD).status_code == 303


def test_an_unknown_account_is_counted_alike(client: FlaskClient) -> None:
    assert fail(client, 10, "no@body.test") == 422
    assert fail(client, 1, "no@body.test") == 429


def test_one_address_cannot_try_all_accounts(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "PER_ADDRESS", parse("5 per 10 minutes"))
    tries = [sign_in(client, f"p{n}@body.test", "wrong").status_code for n in range(6)]
    assert (tries[4], tries[5]) == (422, 429)


def test_right_passwords_are_not_counted(client: FlaskClient) -> None:
    for _ in range(12):
        assert sign_in(client, "anna@musterfirma.test", PASSWORD).status_code == 303
        post(client, "/sign-out", {})
