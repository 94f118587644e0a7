"""Fixtures of the calendar's tests."""

from collections.abc import Iterator

import pytest

from tests.calendar.builders import Office, open_office


@pytest.fixture
def office(database_url: str) -> Iterator[Office]:
    """Two tenants with their people, on both databases."""
    built = open_office(database_url)
    yield built
    built.storage.close()
