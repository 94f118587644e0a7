"""The WSGI application as gunicorn loads it (app.py)."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GUNICORN_GIVES_UP = 3


def load(**environ: str) -> subprocess.CompletedProcess[str]:
    """Import app.py in a process of its own and list its areas."""
    return subprocess.run(
        [sys.executable, "-c", "from app import app; print(sorted(app.blueprints))"],
        env={"PATH": os.environ["PATH"], **environ},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )


def test_all_areas_are_there(sqlite_url: str, tmp_path: Path) -> None:
    """The shell, the calendar and the marketplace, in one application."""
    done = load(DATABASE_URL=sqlite_url, ANDOCK_HOME=str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert "'shell'" in done.stdout
    assert "'calendar'" in done.stdout


def test_an_old_schema_is_refused(empty_database_url: str, tmp_path: Path) -> None:
    """In one plain sentence, with the exit code after which gunicorn does not try again."""
    done = load(DATABASE_URL=empty_database_url, ANDOCK_HOME=str(tmp_path))
    assert done.returncode == GUNICORN_GIVES_UP
    assert "Andock cannot start. DATABASE_URL: the database's schema" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_wrong_setting_is_named(sqlite_url: str, tmp_path: Path) -> None:
    """And said what it should look like."""
    done = load(DATABASE_URL=sqlite_url, ANDOCK_HOME=str(tmp_path), ANDOCK_PROXIES="many")
    assert done.returncode == GUNICORN_GIVES_UP
    assert "ANDOCK_PROXIES: expected a number, not 'many'" in done.stderr
