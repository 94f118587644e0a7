"""Some schedules over the store in SQL, on both databases. `make prove` plays thousands of them."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from andock_core.proof.checks import check
from andock_sdk.connector import CollectionKind
from tests.support.databases import DATABASES, temporary_database
from tests.sync.sql_subject import SqlBench

SEEDS = [
    *(pytest.param(seed, "calendar", id=f"calendar-{seed}") for seed in range(18)),
    *(pytest.param(seed, "contacts", id=f"contacts-{seed}") for seed in range(12)),
]
MORE = [
    *(pytest.param(seed, "calendar", id=f"calendar-{seed}") for seed in range(18, 118)),
    *(pytest.param(seed, "contacts", id=f"contacts-{seed}") for seed in range(12, 62)),
]


@pytest.fixture(scope="module", params=DATABASES)
def bench(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SqlBench]:
    """One database for all schedules."""
    if request.param == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")
        path = tmp_path_factory.mktemp("schedules") / "andock.db"
        shutil.copyfile(template, path)
        made = SqlBench(f"sqlite:///{path}")
        yield made
        made.close()
        return
    server: str = request.getfixturevalue("postgres_url")
    with temporary_database(server, request.getfixturevalue("postgres_template")) as url:
        made = SqlBench(url)
        yield made
        made.close()


@pytest.mark.parametrize(("seed", "kind"), SEEDS)
def test_schedules_hold_in_sql(bench: SqlBench, seed: int, kind: CollectionKind) -> None:
    check(seed, kind, bench.subject)


@pytest.mark.more
@pytest.mark.parametrize(("seed", "kind"), MORE)
def test_more_schedules_hold_in_sql(bench: SqlBench, seed: int, kind: CollectionKind) -> None:
    check(seed, kind, bench.subject)
