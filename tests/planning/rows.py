"""Rows of Anna's planning in few words, and what became of them."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select

from andock_core.storage.tables import Call, Contact, Task
from tests.calendar.builders import Office

Visit = Callable[[str], FlaskClient]
JSON = {"Accept": "application/json"}
NINE = datetime(2026, 11, 24, 8, tzinfo=UTC)


def add(firm: Office, row: Task | Call | Contact, who: str = "anna") -> str:
    """Put a row into the database; its id."""
    row.tenant_id, row.owner_id = "t1", who
    with firm.storage.write(firm.anna.scope) as session:
        session.add(row)
        session.flush()
        return row.id


def task(**fields: Any) -> Task:
    return Task(**{"title": "Check contract", "due_day": "2026-11-24", **fields})


def call(**fields: Any) -> Call:
    return Call(**{"whom": "Mr Brandt", "number": "+49 (40) 12-34", "start_at": NINE, **fields})


def row_of(firm: Office, kind: Any, row_id: str) -> Any:
    with firm.storage.read(firm.anna.scope) as session:
        found = session.get(kind, row_id)
        session.expunge_all()  # its values stay readable after the session
        return found


def only(firm: Office, kind: Any) -> Any:
    with firm.storage.read(firm.anna.scope) as session:
        found = session.scalars(select(kind)).one()
        session.expunge_all()
        return found


def spans(client: FlaskClient, people: str = "") -> list[dict[str, Any]]:
    answer = client.get(f"/calendar/spans?from=2026-11-23&to=2026-11-30&people={people}")
    found: list[dict[str, Any]] = answer.get_json()["spans"]
    return found
