"""The first start, on an empty installation."""

import stat

import pytest
from flask import Flask
from flask.testing import FlaskClient
from limits import parse
from sqlalchemy import func, select

from andock_core.accounts import first, sign_in
from andock_core.core import Core
from andock_core.storage import SYSTEM, Member, Tenant
from andock_web import limits
from andock_web.app import create_app
from andock_web.areas import register_areas
from tests.administration.acts import GOOD
from tests.support.cheap import cheap_passwords
from tests.web.conftest import Client, People, post

FORM = {
    "company": "Müller & Söhne GmbH",
    "email": "ada@mueller.test",
    "name": "Ada Müller",
    "language": "de",
    "zone": "Europe/Vienna",
}


@pytest.fixture
def visitor(core: Core, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """Somebody at an installation where nobody has an account."""
    cheap_passwords(monkeypatch)
    app: Flask = create_app(core)
    app.test_client_class = Client
    register_areas(app)
    return app.test_client()


def begin(visitor: FlaskClient, secret: str, **more: str) -> int:
    form = {**FORM, "secret": secret, "password": GOOD, "again": GOOD, **more}
    return post(visitor, "/first-start", form, page="/first-start").status_code


def secret_of(core: Core) -> str:
    return first.secret_file(core.settings.home).read_text().strip()


def count(core: Core) -> tuple[int, int]:
    with core.storage.read(SYSTEM) as session:
        tenants = session.scalar(select(func.count(Tenant.id)))
        return tenants or 0, session.scalar(select(func.count(Member.id))) or 0


def test_the_sign_in_page_leads_there(visitor: FlaskClient) -> None:
    assert visitor.get("/").location.startswith("/sign-in")
    assert visitor.get("/sign-in").location == "/first-start"
    assert "Erster Start" in visitor.get("/first-start").text


def test_who_knows_the_secret_makes_company_and_admin(visitor: FlaskClient, core: Core) -> None:
    assert begin(visitor, secret_of(core)) == 303
    ada = sign_in(core.storage, "ada@mueller.test", GOOD)
    assert ada is not None
    assert (ada.role, ada.tenant_name, ada.zone) == (
        "admin",
        "Müller & Söhne GmbH",
        "Europe/Vienna",
    )
    with core.storage.read(SYSTEM) as session:
        assert session.scalars(select(Tenant.slug)).one() == "muller-sohne-gmbh"


def test_a_stranger_makes_nothing(visitor: FlaskClient, core: Core) -> None:
    secret_of(core)
    for guess in ("", "wrong", "é" * 44):
        assert begin(visitor, guess) == 422
    assert count(core) == (0, 0)


def test_guessing_is_slowed_down(
    visitor: FlaskClient, core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "PER_ADDRESS_LINKS", parse("2 per 10 minutes"))
    assert [begin(visitor, "wrong") for _ in range(3)] == [422, 422, 429]
    assert begin(visitor, secret_of(core)) == 429
    assert count(core) == (0, 0)


def test_the_secret_is_not_in_the_page_and_only_its_owner_reads_the_file(
    visitor: FlaskClient, core: Core, caplog: pytest.LogCaptureFixture
) -> None:
    page = visitor.get("/first-start").text
    assert secret_of(core) not in page + caplog.text
    assert "first-start.secret" in caplog.text
    mode = stat.S_IMODE(first.secret_file(core.settings.home).stat().st_mode)
    assert mode == 0o600


def test_afterwards_there_is_no_such_page_and_no_secret(visitor: FlaskClient, core: Core) -> None:
    secret = secret_of(core)
    assert begin(visitor, secret) == 303
    assert visitor.get("/first-start").status_code == 404
    assert post(visitor, "/first-start", FORM, page="/sign-in").status_code == 404
    assert not (core.settings.home / first.FILE).exists()


def test_where_somebody_has_an_account_there_is_no_such_page(
    client: FlaskClient, people: People, core: Core
) -> None:
    assert client.get("/first-start").status_code == 404
    assert client.get("/sign-in").status_code == 200
    assert not (core.settings.home / first.FILE).exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"company": " "},
        {"email": "nobody"},
        {"name": ""},
        {"zone": "Mars/Olympus"},
        {"password": "short", "again": "short"},
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_made(
    visitor: FlaskClient, core: Core, wrong: dict[str, str]
) -> None:
    assert begin(visitor, secret_of(core), **wrong) == 422
    assert count(core) == (0, 0)


@pytest.mark.parametrize(
    ("company", "slug"),
    [("Acme", "acme"), ("3M", "company-3m"), ("東京", "company"), ("A" * 300, "a" * 60)],
)
def test_a_company_gets_a_short_name(company: str, slug: str) -> None:
    assert first.slug_of(company) == slug
