"""One line in the log for each request, and the id that belongs to it."""

import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from tests.support.log_lines import Written, written
from tests.web.conftest import PASSWORD, sign_in


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Nothing here depends on the kind of database."""
    return sqlite_url


@pytest.fixture
def seen(client: FlaskClient) -> Iterator[Written]:
    """What is logged."""
    with written("json") as log:
        yield log


def test_a_request_leaves_one_line(client: FlaskClient, seen: Written) -> None:
    client.get("/area/status/404?q=private")
    (line,) = seen.of("request")
    assert (line["method"], line["status"]) == ("GET", 404)
    assert (line["route"], line["endpoint"]) == ("/area/status/<int:code>", "area.status")
    assert line["ms"] >= 0
    assert "private" not in seen.text


def test_an_unknown_address_is_not_repeated(client: FlaskClient, seen: Written) -> None:
    """It may be a secret, mistyped."""
    client.get("/it-/some-secret-of-a-link")
    assert seen.of("request")[0]["route"] == "-"
    assert "some-secret" not in seen.text


def test_signing_in_tells_the_log_nothing(client: FlaskClient, seen: Written) -> None:
    sign_in(client, "anna@musterfirma.test")
    assert [line["status"] for line in seen.of("request")] == [200, 303]
    assert PASSWORD not in seen.text
    assert "anna" not in seen.text


def test_a_plain_id_is_taken_over_and_said(client: FlaskClient, seen: Written) -> None:
    answer = client.get("/sign-in", headers={"X-Request-ID": "proxy-0001.abc"})
    assert answer.headers["X-Request-ID"] == "proxy-0001.abc"
    assert seen.of("request")[0]["request"] == "proxy-0001.abc"


@pytest.mark.parametrize("given", ["", "x", "<script>alert(1)</script>", "a b c d e f g", "y" * 80])
def test_any_other_id_is_replaced(client: FlaskClient, seen: Written, given: str) -> None:
    answer = client.get("/sign-in", headers={"X-Request-ID": given})
    assert re.fullmatch(r"[0-9a-f]{16}", answer.headers["X-Request-ID"])
    assert seen.of("request")[0]["request"] == answer.headers["X-Request-ID"]


def test_a_mistake_of_ours_carries_the_requests_id(client: FlaskClient, seen: Written) -> None:
    answer = client.get("/area/mistake")
    (line,) = seen.of("page failed")
    assert line["request"] == answer.headers["X-Request-ID"]
    assert (line["error"], line["endpoint"]) == ("ValueError", "area.mistake")
    assert "a secret subject" not in seen.text


def test_two_requests_do_not_share_an_id(client: FlaskClient, seen: Written) -> None:
    client.get("/sign-in")
    client.get("/sign-in")
    first, second = seen.of("request")
    assert first["request"] != second["request"]
