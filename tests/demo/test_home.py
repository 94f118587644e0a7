"""The data folder of the demo: one run at a time, passwords that stay, files that are private."""

import stat
from pathlib import Path

import pytest

from andock_demo.home import PASSWORDS, load_passwords, open_home, write_private
from andock_demo.people import PEOPLE
from andock_demo.settings import CannotStart, read_settings


def test_one_run_per_folder(tmp_path: Path) -> None:
    """A second run on the same folder is told so; after the first one ended it may start."""
    first = open_home(tmp_path)
    with pytest.raises(CannotStart, match=r"runs on .* already"):
        open_home(tmp_path)
    first.close()
    open_home(tmp_path).close()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    """The message names the folder and the variable."""
    blocked = tmp_path / "file"
    blocked.touch()
    with pytest.raises(CannotStart, match="ANDOCK_HOME"):
        open_home(blocked / "home")


def test_passwords_stay(tmp_path: Path) -> None:
    """Everyone has a password, all differ, and the next start has the same ones."""
    first = load_passwords(tmp_path)
    assert first == load_passwords(tmp_path)
    assert set(first) == {person.email for person in PEOPLE}
    known = [password for kinds in first.values() for password in kinds.values()]
    assert len(known) == len(set(known))
    assert stat.S_IMODE((tmp_path / PASSWORDS).stat().st_mode) == 0o600


def test_private_files_replace(tmp_path: Path) -> None:
    """A file is replaced as a whole, and only its owner may read it."""
    path = tmp_path / "demo.json"
    path.write_text("{")
    path.chmod(0o644)
    write_private(path, {"name": "Jürgen"})
    assert "Jürgen" in path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("port", ["0", "80a", "65536", "-1"])
def test_a_port_must_be_one(port: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A port that is none is refused by the name of its variable."""
    monkeypatch.setenv("ANDOCK_PORT", port)
    with pytest.raises(CannotStart, match="ANDOCK_PORT"):
        read_settings()


def test_what_a_person_set_for_their_own_server_counts_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The stand-in's authority, address and domains stand beside theirs."""
    monkeypatch.setenv("ANDOCK_HOME", str(tmp_path))
    monkeypatch.setenv("ANDOCK_CA_FILE", "/etc/company-ca.pem")
    monkeypatch.setenv("ANDOCK_SERVERS", "firma.test=mail.firma.test")
    settings = read_settings()
    environment = settings.child_environment(["musterfirma.test"])
    assert environment["ANDOCK_CA_FILE"] == f"/etc/company-ca.pem,{settings.ca_file}"
    assert environment["ANDOCK_SERVERS"] == (
        f"firma.test=mail.firma.test,musterfirma.test={settings.sandbox_server}"
    )
