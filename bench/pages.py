"""Pages: a month of 1,000 entries and a list of 10,000 contacts."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.fernet import Fernet
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from andock_core import accounts
from andock_core.calendar.entries import Entries
from andock_core.calendar.faces import Faces
from andock_core.calendar.window import Window
from andock_core.config import Settings
from andock_core.contacts.store import Contacts
from andock_core.core import Core
from andock_core.host.catalog import Catalog
from andock_core.jobs.queue import Queue
from andock_core.storage import Scope, Storage, migrate
from andock_core.vault import Vault
from andock_sdk import Appointment, Body, Contact, Person, Slot
from andock_web.app import create_app
from andock_web.areas import register_areas
from bench.measure import Bench, Row, assets, cpu, weight

EMAIL, PASSWORD = "mara@firma.example", "only-measured-here"
ENTRIES, CONTACTS = 1_000, 10_000
GIVEN = ("Anna", "Ben", "Carla", "David", "Eva", "Fritz", "Greta", "Hanna", "Ida", "Jonas")
SURNAMES = ("Albers", "Brandt", "Claus", "Dietz", "Engel", "Frank", "Graf", "Hahn", "Jung", "Kern")
CPU_GOAL, WEIGHT_GOAL = 30.0, 250.0


def run() -> list[Row]:
    """Measure the pages with a member's data behind them."""
    with tempfile.TemporaryDirectory() as folder, opened(Path(folder)) as (core, scope):
        _fill_month(core, scope)
        _fill_contacts(core, scope)
        client = _signed_in(core)
        return [*_calendar(client, core), *_contacts(client)]


def _calendar(client: FlaskClient, core: Core) -> list[Row]:
    first, last = _month()

    def page() -> TestResponse:
        return client.get("/calendar/")

    def data() -> TestResponse:
        return _packed(client, f"/calendar/spans?from={first}&to={last}")

    def first_look() -> TestResponse:
        core.faces = Faces()
        return data()

    answer = _packed(client, "/calendar/")
    found = client.get(f"/calendar/spans?from={first}&to={last}").json
    assert found is not None
    assert len(found["spans"]) == ENTRIES
    return [
        cpu("calendar: the page", page, CPU_GOAL),
        cpu("calendar: a month of 1,000 entries, seen before", data, CPU_GOAL),
        cpu("calendar: the same, all seals opened anew", first_look, None),
        weight("calendar: page and month of 1,000 entries", [answer, data()], WEIGHT_GOAL),
        weight("calendar: its styles and scripts, once", assets(client, page()), None),
    ]


def _contacts(client: FlaskClient) -> list[Row]:
    at = "/contacts/"

    def page() -> TestResponse:
        return client.get(at)

    def search() -> TestResponse:
        return client.get("/contacts/results?q=engel")

    return [
        cpu("contacts: the list of 10,000", page, CPU_GOAL),
        cpu("contacts: a search in 10,000", search, CPU_GOAL),
        weight(
            "contacts: the list of 10,000, its weight", [_packed(client, "/contacts/")], WEIGHT_GOAL
        ),
        weight("contacts: its styles and scripts, once", assets(client, page()), None),
    ]


def _packed(client: FlaskClient, path: str) -> TestResponse:
    """As a browser asks."""
    return client.get(path, headers={"Accept-Encoding": "gzip, deflate, br"})


@contextmanager
def opened(home: Path) -> Iterator[tuple[Core, Scope]]:
    """An empty SQLite with one member."""
    url = f"sqlite:///{home / 'andock.db'}"
    migrate.upgrade(url)
    key = Fernet.generate_key().decode()
    settings = Settings(home, url, "unix:///nowhere", keys=(key,), session_key="measured")
    core = Core(settings, Storage(url), Vault(settings.keys), Catalog(), Queue(settings.redis_url))
    tenant = accounts.create_tenant(core.storage, "firma", "Firma")
    member = accounts.create_member(core.storage, tenant, EMAIL, "Mara Lindt", PASSWORD)
    yield core, Scope(tenant, member)
    core.close()


def _month() -> tuple[str, str]:
    """What a month's view asks for: five weeks around today."""
    monday = datetime.now(UTC).date() - timedelta(days=datetime.now(UTC).weekday())
    return str(monday - timedelta(weeks=2)), str(monday + timedelta(weeks=3))


def _fill_month(core: Core, scope: Scope) -> None:
    """A third appointments, the rest private blocks, ten hours of each day."""
    begin = datetime.fromisoformat(_month()[0])
    with core.storage.write(scope) as session:
        window = Window.around(datetime.now(UTC))
        entries = Entries(session, core.vault, scope.tenant_id, scope.member_id, window)
        for number in range(ENTRIES):
            start = begin + timedelta(days=number % 35, hours=8 + number // 35 % 10)
            item = _appointment(number, start)
            if number % 3 == 0:
                entries.create(item, visibility="appointment", origin="andock")
            else:
                entries.create(item, visibility="block", origin="remote")


def _appointment(number: int, start: datetime) -> Appointment:
    zone = "Europe/Berlin"
    when = Slot(
        start=start.isoformat(timespec="seconds"),
        end=(start + timedelta(minutes=45)).isoformat(timespec="seconds"),
        start_zone=zone,
        end_zone=zone,
    )
    return Appointment(
        when=when,
        subject=f"Abstimmung zum Vorhaben {number}",
        location=f"Raum {number % 20}",
        body=Body(content="Bitte Unterlagen mitbringen. " * 10),
    )


def _fill_contacts(core: Core, scope: Scope) -> None:
    with core.storage.write(scope) as session:
        contacts = Contacts(session, scope.tenant_id, scope.member_id)
        for number in range(CONTACTS):
            given, surname = GIVEN[number % 10], f"{SURNAMES[number // 10 % 10]}-{number}"
            email = Person(email=f"{given.lower()}.{number}@partner.example")
            contacts.create(
                Contact(
                    display_name=f"{given} {surname}",
                    given=given,
                    surname=surname,
                    company=f"Partner {number % 200} GmbH",
                    emails={"email1": email},
                    phones={"mobile": f"+49 170 {number:07}"},
                )
            )


def _signed_in(core: Core) -> FlaskClient:
    app = create_app(core)
    app.config["WTF_CSRF_ENABLED"] = False
    register_areas(app)
    client = app.test_client()
    answer = client.post("/sign-in", data={"email": EMAIL, "password": PASSWORD})
    assert answer.status_code == 303
    return client


ROWS = (
    "calendar: the page",
    "calendar: a month of 1,000 entries, seen before",
    "calendar: the same, all seals opened anew",
    "calendar: page and month of 1,000 entries",
    "calendar: its styles and scripts, once",
    "contacts: the list of 10,000",
    "contacts: a search in 10,000",
    "contacts: the list of 10,000, its weight",
    "contacts: its styles and scripts, once",
)
BENCHES = (Bench("pages", ROWS, run),)
