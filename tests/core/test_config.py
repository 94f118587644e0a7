"""Settings come from the environment; what is wrong is named."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from andock_core.config import SettingsError, load


def test_without_settings_the_data_folder_holds_everything(tmp_path: Path) -> None:
    settings = load({"ANDOCK_HOME": str(tmp_path / "data")})
    assert settings.database_url == f"sqlite:///{tmp_path / 'data' / 'andock.db'}"
    assert settings.redis_url.startswith("unix://")


def test_the_first_start_makes_keys_that_others_cannot_read(tmp_path: Path) -> None:
    load({"ANDOCK_HOME": str(tmp_path)})
    for name in ("vault.keys", "session.key"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600


def test_the_keys_stay_the_same_on_the_next_start(tmp_path: Path) -> None:
    env = {"ANDOCK_HOME": str(tmp_path)}
    assert load(env).keys == load(env).keys


def test_processes_that_start_at_once_agree_on_one_key(tmp_path: Path) -> None:
    code = "from andock_core.config import load; print(load().keys[0])"
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", code],
            env={"ANDOCK_HOME": str(tmp_path)},
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    assert len({process.communicate()[0] for process in processes}) == 1


def test_a_key_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    load({"ANDOCK_HOME": str(tmp_path)})
    (tmp_path / "vault.keys").chmod(0o644)
    with pytest.raises(PermissionError, match="chmod 600"):
        load({"ANDOCK_HOME": str(tmp_path)})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ANDOCK_EGRESS_PRIVATE", "perhaps"),
        ("ANDOCK_SERVERS", "musterfirma.test"),
        ("ANDOCK_CA_FILE", "/does/not/exist.pem"),
        ("ANDOCK_LEASE_SECONDS", "soon"),
        ("ANDOCK_LEASE_SECONDS", "0"),
        ("ANDOCK_JOURNAL_DAYS", "1"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        load({"ANDOCK_HOME": str(tmp_path), name: value})


def test_keys_do_not_show_when_settings_are_printed(tmp_path: Path) -> None:
    settings = load({"ANDOCK_HOME": str(tmp_path)})
    assert settings.keys[0] not in repr(settings)
    assert settings.session_key not in repr(settings)


def test_the_table_of_servers_is_read(tmp_path: Path) -> None:
    env = {"ANDOCK_HOME": str(tmp_path), "ANDOCK_SERVERS": "A.test=mail.a.test, b.test=b:8443"}
    assert load(env).servers == {"a.test": "mail.a.test", "b.test": "b:8443"}
