"""The invented companies, people and appointments, in a real database.

The demo adds no query of its own worth a second database: its calls of the core are tested there.
"""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from andock_core import accounts
from andock_core.storage import SYSTEM, Entry, Storage
from andock_demo import seed
from andock_demo.appointments import APPOINTMENTS
from andock_demo.home import PASSWORDS, load_passwords
from andock_demo.people import ANNA, PEOPLE


@pytest.fixture
def storage(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Storage:
    """A prepared database and the data folder beside it."""
    monkeypatch.setenv("ANDOCK_HOME", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    seed.prepare()
    return Storage(sqlite_url)


def count_entries(storage: Storage) -> int:
    """How many calendar entries there are."""
    with storage.read(SYSTEM) as session:
        return session.scalar(select(func.count(Entry.id))) or 0


def test_everyone_can_sign_in(storage: Storage, tmp_path: Path) -> None:
    """Each person has the printed password, the right role and the right company."""
    passwords = load_passwords(tmp_path)
    for person in PEOPLE:
        member = accounts.sign_in(storage, person.email, passwords[person.email]["andock"])
        assert member is not None
        assert (member.role, member.tenant_name) == (person.role, person.company.name)
    storage.close()


def test_what_was_deleted_stays_away(storage: Storage) -> None:
    """A second start makes nothing twice, and brings nothing back."""
    assert count_entries(storage) == sum(len(mine) for mine in APPOINTMENTS.values())
    with storage.write(SYSTEM) as session:
        for entry in session.scalars(select(Entry)):
            session.delete(entry)
    seed.prepare()
    assert count_entries(storage) == 0
    storage.close()


def test_a_new_folder_on_an_old_database_has_new_passwords(
    storage: Storage, tmp_path: Path
) -> None:
    """The password that is printed is the one that works."""
    (tmp_path / PASSWORDS).unlink()
    seed.prepare()
    fresh = load_passwords(tmp_path)[ANNA.email]["andock"]
    assert accounts.sign_in(storage, ANNA.email, fresh) is not None
    storage.close()
