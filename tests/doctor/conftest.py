"""The clinic, on SQLite: what is particular to a database is tried with the tables of trust."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from andock_core.storage import Scope
from tests.doctor.clinic import Clinic, clinic as opened
from tests.marketplace.visitor import Visitor
from tests.pages.site import all_of_it
from tests.support.memory_plugin import FILE

Visit = Callable[..., Visitor]


@pytest.fixture
def clinic(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Clinic]:
    """People, a sandbox that nobody trusts, and jobs that wait."""
    monkeypatch.setenv(FILE, str(tmp_path / "memory.db"))
    with opened(sqlite_url, tmp_path) as made:
        yield made


@pytest.fixture
def app(clinic: Clinic) -> Flask:
    """All areas over the clinic."""
    return all_of_it(clinic.core)


@pytest.fixture
def visit(app: Flask) -> Visit:
    """Somebody's browser."""

    def signed_in(who: Scope, language: str = "en") -> Visitor:
        return Visitor(app, who, language)

    return signed_in
