"""What every test may ask for: see tests/support/."""

import pytest

from tests.support.browser import browser, chromium_path
from tests.support.databases import (
    both_databases_where_it_matters,
    database_url,
    empty_database_url,
    postgres_template,
    postgres_url,
    redis_url,
    sqlite_template,
    sqlite_url,
    valkey_server,
)
from tests.support.ews_bodies import (
    pytest_sessionfinish,
    pytest_sessionstart,
    pytest_terminal_summary,
    pytest_testnodedown,
)
from tests.support.templates import keep_templates

keep_templates()


@pytest.hookimpl(tryfirst=True)  # before -m chooses
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Pages are tested on SQLite; on PostgreSQL too by the heavy tests."""
    both_databases_where_it_matters(items)


__all__ = [
    "browser",
    "chromium_path",
    "database_url",
    "empty_database_url",
    "postgres_template",
    "postgres_url",
    "pytest_sessionfinish",
    "pytest_sessionstart",
    "pytest_terminal_summary",
    "pytest_testnodedown",
    "redis_url",
    "sqlite_template",
    "sqlite_url",
    "valkey_server",
]
