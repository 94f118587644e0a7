"""The whole web over a real core, with people who sign in by password."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from andock_core.core import Core
from andock_web.app import create_app
from andock_web.areas import register_areas
from tests.web.conftest import Client, People, core, page, people, post, sign_in, site

__all__ = ["core", "page", "people", "site"]

PIXEL = (Path(__file__).parent / "pixel.png").read_bytes()


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Nothing here depends on the kind of database, sessions aside (see test_sessions)."""
    return sqlite_url


@pytest.fixture
def app(core: Core, people: People) -> Flask:
    """All areas."""
    application = create_app(core)
    application.test_client_class = Client
    register_areas(application)
    return application


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without a session."""
    return app.test_client()


@pytest.fixture
def anna(client: FlaskClient) -> FlaskClient:
    """A browser in which Anna is signed in."""
    assert sign_in(client, "anna@musterfirma.test").status_code == 303
    return client


@pytest.fixture
def ben(app: Flask) -> FlaskClient:
    """Another browser, in which Ben is signed in."""
    browser = app.test_client()
    assert sign_in(browser, "ben@musterfirma.test").status_code == 303
    return browser


def send(client: FlaskClient, path: str, **form: str) -> str:
    """Send a form of the profile page and follow: the page afterwards."""
    answer = post(client, path, form, page="/profile/")
    if answer.status_code == 303:
        return client.get(answer.location).text
    return answer.text
