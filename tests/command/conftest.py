"""The command line on a database of its own."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from andock_command.main import andock
from tests.support.cheap import cheap_passwords

Run = Callable[..., Result]


@pytest.fixture
def run(database_url: str, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`run("users", "list", input="…")`: the result, with the problem as its exception."""
    cheap_passwords(monkeypatch)
    monkeypatch.setenv("ANDOCK_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("REDIS_URL", redis_url)
    monkeypatch.delenv("ANDOCK_KEYS", raising=False)
    return lambda *words, **more: CliRunner().invoke(andock, words, **more)


@pytest.fixture
def company(run: Run) -> str:
    """A first company "acme" with its admin; the admin's address."""
    done = run(
        *("init", "--company", "Acme", "--slug", "acme", "--email", "ada@acme.example"),
        *("--name", "Ada", "--password-stdin"),
        input="a long enough password\n",
    )
    assert done.exit_code == 0, done.output
    return "ada@acme.example"
