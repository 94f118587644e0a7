"""CSRF protection, headers, caching and the limits of a request."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from andock_core.core import Core
from andock_web.app import LARGEST_REQUEST, create_app
from tests.web.conftest import PASSWORD, post
from tests.web.pages import token_in

JSON = {"Accept": "application/json"}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Nothing here depends on the kind of database."""
    return sqlite_url


def test_a_form_without_a_token_is_refused(anna: FlaskClient) -> None:
    """Nothing is done; the page says so and leads back to where the form was."""
    answer = anna.post("/area/", headers={"Referer": "http://localhost/area/?week=48"})
    assert answer.status_code == 400
    assert "Diese Seite stammt aus einer früheren Anmeldung." in answer.text
    assert 'href="/area/?week=48"' in answer.text


def test_the_way_back_stays_on_this_site(anna: FlaskClient) -> None:
    """A page of another site that posted here is not linked."""
    answer = anna.post("/area/", headers={"Referer": "https://evil.test/form"})
    assert answer.status_code == 400
    assert "evil.test" not in answer.text


def test_a_script_without_a_token_is_told(anna: FlaskClient) -> None:
    """In JSON, with the words for the page."""
    answer = anna.post("/area/echo", json={"a": 1}, headers=JSON)
    assert answer.status_code == 400
    assert answer.get_json()["error"] == "page.outdated"


def test_a_script_sends_the_token_in_a_header(anna: FlaskClient) -> None:
    """As fetch.js does."""
    token = token_in(anna.get("/area/").text)
    answer = anna.post("/area/echo", json={"a": 1}, headers={**JSON, "X-CSRFToken": token})
    assert (answer.status_code, answer.get_json()) == (200, {"a": 1})


def test_an_old_sign_in_page_asks_once_more(client: FlaskClient) -> None:
    """Someone who left the page open overnight is not shown an error, and keeps the way."""
    form = {"email": "anna@musterfirma.test", "password": PASSWORD, "next": "/area/"}
    answer = client.post("/sign-in", data=form)
    assert (answer.status_code, answer.location) == (303, "/sign-in?next=/area/")
    assert "Bitte melden Sie sich noch einmal an." in client.get(answer.location).text


@pytest.mark.parametrize(
    "path", ["/sign-in", "/area/", "/nowhere", "/area/mistake", "/healthz", "/static/css/base.css"]
)
def test_every_answer_carries_the_headers(anna: FlaskClient, path: str) -> None:
    """A page cannot be framed, run foreign script, or be guessed to be something else."""
    headers = anna.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.parametrize("path", ["/sign-in", "/area/", "/nowhere", "/area/mistake"])
def test_pages_obey_the_policy(anna: FlaskClient, path: str) -> None:
    """No inline script, no inline style, no handler in an attribute."""
    page = anna.get(path, follow_redirects=True).text
    assert re.findall(r"<script(?![^>]*\bsrc=)[^>]*>", page) == []
    assert re.findall(r"<style|\sstyle=|\son[a-z]+=", page) == []


@pytest.mark.parametrize("path", ["/sign-in", "/area/", "/nowhere", "/area/mistake"])
def test_pages_are_not_kept(anna: FlaskClient, path: str) -> None:
    """After signing out, nothing private is left in the browser."""
    assert anna.get(path).headers["Cache-Control"] == "no-store"


def test_static_files_are_kept_for_a_year(client: FlaskClient) -> None:
    """Those that a page names with their version; a wrong or missing version is asked for again."""
    [address] = re.findall(r'href="(/static/css/base\.css[^"]*)"', client.get("/sign-in").text)
    assert "immutable" in client.get(address).headers["Cache-Control"]
    assert client.get("/static/css/base.css").headers["Cache-Control"] == "no-cache"
    assert client.get("/static/css/base.css?v=old").headers["Cache-Control"] == "no-cache"
    assert "Set-Cookie" not in client.get(address).headers


def test_fonts_are_kept_by_name(client: FlaskClient) -> None:
    """Style sheets name them without a version, so the name carries it."""
    [address] = re.findall(r'href="([^"]+\.woff2[^"]*)"', client.get("/sign-in").text)
    assert "?" not in address
    assert "immutable" in client.get(address).headers["Cache-Control"]


def test_the_first_page_is_light(client: FlaskClient) -> None:
    """Page, styles, scripts and font together stay under 250 kB."""
    page = client.get("/sign-in")
    total = len(page.data)
    waiting = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text))
    seen: set[str] = set()
    while waiting:
        address = waiting.pop()
        seen.add(address)
        body = client.get(address).data
        total += len(body)
        if ".js" in address:
            imports = re.findall(rb'from "\./([a-z]+\.js)"', body)
            waiting |= {f"/static/js/{name.decode()}" for name in imports} - seen
    assert len(seen) > 6
    assert total < 250_000


def test_too_much_is_refused(anna: FlaskClient) -> None:
    """Before it is read into memory."""
    answer = anna.post("/area/", data=b"x" * (LARGEST_REQUEST + 1), content_type="text/plain")
    assert answer.status_code == 413
    assert "Das ist zu viel auf einmal." in answer.text


def test_nobody_is_believed_about_the_caller(app: Flask) -> None:
    """Forwarded headers count only where the operator named proxies."""
    with app.test_client() as client:
        client.get("/sign-in", headers={"X-Forwarded-Proto": "https"})
        from flask import request

        assert not request.is_secure


def test_named_proxies_are_believed(core: Core) -> None:
    """As many as the operator named."""
    app = create_app(core, proxies=1)
    with app.test_client() as client:
        client.get("/sign-in", headers={"X-Forwarded-Proto": "https"})
        from flask import request

        assert request.is_secure


def test_signing_out_needs_the_token(anna: FlaskClient) -> None:
    """Another site cannot sign anybody out."""
    assert anna.post("/sign-out").status_code == 400
    assert anna.get("/area/").status_code == 200
    assert post(anna, "/sign-out", {}).status_code == 303
