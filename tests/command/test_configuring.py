"""`andock plugins configure`: what a plugin needs from whoever runs Andock."""

from pathlib import Path
from unittest.mock import patch

import pytest
from sqlalchemy import select

from andock_core import config
from andock_core.authorizing import operator
from andock_core.core import Core
from andock_core.storage import SYSTEM, OperatorSettings
from tests.command.conftest import Run
from tests.support.redirect_plugin import SLUG

SECRET = "s3cret-of-client"


@pytest.fixture
def configure(run: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command, with the one plugin there is."""
    monkeypatch.setenv("ANDOCK_EXTRA_PLUGINS", "tests.support.redirect_plugin:integration")
    assert run("migrate").exit_code == 0

    def call(*words: str, **more: str) -> object:
        with patch("andock_core.host.catalog.installed", return_value=[]):
            return run("plugins", "configure", SLUG, *words, **more)

    return call  # type: ignore[return-value]


def kept() -> dict[str, object]:
    """What is stored."""
    core = Core.open(config.load(), probe=False)
    try:
        return dict(operator.read(core.storage, core.vault, SLUG))
    finally:
        core.close()


def test_fields_are_given_secrets_come_from_a_file_and_rest_sealed(
    configure: Run, tmp_path: Path
) -> None:
    """A secret on the command line would stand in the shell's history."""
    (tmp_path / "secret").write_text(SECRET + "\n")
    refused = configure("--set", "client_id=andock", "--set", f"client_secret={SECRET}")
    assert "is a secret" in str(refused.exception)
    given = ("--set", "client_id=andock", "--secret", f"client_secret={tmp_path / 'secret'}")
    assert configure(*given).exit_code == 0
    assert kept() == {"client_id": "andock", "client_secret": SECRET}
    core = Core.open(config.load(), probe=False)
    with core.storage.read(SYSTEM) as session:
        row = session.scalars(select(OperatorSettings)).one()
        assert SECRET.encode() not in row.answers
    core.close()
    shown = configure("--show").output
    assert "http://127.0.0.1:8600/integrations/authorized" in shown
    assert "andock" in shown
    assert SECRET not in shown


def test_what_is_not_given_is_asked_for_and_enter_keeps_it(configure: Run) -> None:
    """Half of it is refused, and changes nothing."""
    half = configure(input="andock\n\n")
    assert "client_secret is missing" in str(half.exception)
    assert kept() == {}
    assert configure(input=f"andock\n{SECRET}\n").exit_code == 0
    assert configure(input="another\n\n").exit_code == 0
    assert kept() == {"client_id": "another", "client_secret": SECRET}
