"""`andock keys`, `plugins`, `doctor` and `migrate`."""

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import select

from andock_core import config
from andock_core.core import Core, open_vault
from andock_core.storage import SYSTEM, Connection, Member, Scope
from andock_core.vault import Label
from tests.command.conftest import Run

ROOT = Path(__file__).parents[2]


def test_a_rotation_makes_a_first_key_and_keeps_the_old_one(run: Run, company: str) -> None:
    before = config.load().keys
    done = run("keys", "rotate")
    assert done.exit_code == 0, done.output
    assert config.load().keys[1:] == before


def test_old_keys_go_when_asked(run: Run, company: str) -> None:
    before = config.load().keys
    run("keys", "rotate")
    assert run("keys", "rotate", "--drop-old").exit_code == 0
    after = config.load().keys
    assert len(after) == 1
    assert after != before


def test_what_a_process_seals_while_old_keys_are_dropped_still_opens(
    run: Run, company: str
) -> None:
    """It was started after the rotation, as the operator is told."""
    run("keys", "rotate")
    running, label = open_vault(config.load()), Label("t", "o", "connection.grant", "c")
    assert run("keys", "rotate", "--drop-old").exit_code == 0
    sealed = running.seal(label, b"grant")
    assert open_vault(config.load()).open(label, sealed) == b"grant"


def test_keys_of_the_environment_are_the_operators(
    run: Run, company: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANDOCK_KEYS", config.load().keys[0])
    assert "ANDOCK_KEYS" in str(run("keys", "rotate").exception)
    assert run("keys", "rotate", "--reseal-only").exit_code == 0


def test_plugins_say_what_they_ask_for(run: Run) -> None:
    shown = run("plugins", "check", "exchange-calendar")
    assert shown.exit_code == 0, shown.output
    for words in ("andock-sdk", "asks for", "Works: exchange-calendar"):
        assert words in shown.output


def test_a_plugin_that_is_not_there_is_said(run: Run) -> None:
    assert "no plugin nix" in str(run("plugins", "show", "nix").exception)


def test_the_doctor_finds_what_is_missing(run: Run, company: str) -> None:
    done = run("doctor")
    lines = {
        line.split()[1]: line.split()[0] for line in done.output.splitlines() if line[0] != " "
    }
    assert lines["database"] == lines["keys"] == lines["queues"] == lines["plugin"] == "well"
    assert lines["workers"] == "bad"
    assert "andock work" in done.output
    assert "needs a hand" in str(done.exception)


def test_the_doctor_sees_a_foreign_key_ring(run: Run, company: str, tmp_path: Path) -> None:
    core = Core.open(config.load(), probe=False)
    with core.storage.read(SYSTEM) as session:
        member = session.scalars(select(Member)).one()
        label = Label(member.tenant_id, member.id, "connection.grant", "c" * 32)
        grant = core.vault.seal(label, b"grant")
        owner = Scope(member.tenant_id, member.id)
    with core.storage.write(owner) as session:
        row = Connection(id="c" * 32, tenant_id=owner.tenant_id, owner_id=owner.member_id)
        row.integration, row.grant = "some", grant
        session.add(row)
    core.close()
    (tmp_path / "home" / config.RING_FILE).unlink()
    done = run("doctor")
    assert "bad   keys       connection does not open" in done.output
    assert "opens with none" in str(run("keys", "rotate", "--drop-old").exception).replace(
        "open with", "opens with"
    )


def test_a_problem_is_one_sentence_and_an_exit_code(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "andock_command", "users", "list"],
        cwd=ROOT,
        env={"ANDOCK_HOME": str(tmp_path), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.strip().endswith("andock migrate")
    assert "Traceback" not in done.stderr


def test_migrating_twice_is_fine(run: Run) -> None:
    assert "newest already" in run("migrate").output


def test_a_company_goes_into_a_file_and_comes_back(run: Run, company: str, tmp_path: Path) -> None:
    file = tmp_path / "acme.jsonl"
    assert run("export", "acme", str(file)).exit_code == 0
    assert file.stat().st_mode & 0o777 == 0o600
    assert "left as it is" in str(run("export", "acme", str(file)).exception)
    assert "Nothing was brought in" in str(run("import", str(file)).exception)
    file.write_text(file.read_text().replace(company, "new@acme.example"))
    done = run("import", str(file), "--slug", "second")
    assert done.exit_code == 0, done.output
    assert "second" in run("tenants", "list").output


def test_a_file_that_is_not_text_changes_nothing(run: Run, company: str, tmp_path: Path) -> None:
    file = tmp_path / "acme.jsonl"
    run("export", "acme", str(file))
    file.write_bytes(file.read_bytes().replace(b"Ada", b"Ad\xff").replace(b"ada@", b"new@"))
    assert "Nothing was brought in" in str(run("import", str(file), "--slug", "second").exception)
    assert "second" not in run("tenants", "list").output
