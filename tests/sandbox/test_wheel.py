"""The sandbox as a distribution of its own: built, installed into a fresh environment, used."""

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.support.runtimes import ROOT, run

pytestmark = [pytest.mark.more, pytest.mark.timeout(600)]

SOURCE = ROOT / "platform" / "sandbox"
# Pinned to what the locks hold, so that nobody's release of today breaks this test.
PINNED = ("cryptography", "icalendar", "lxml", "tzdata", "pytest")
NEEDED_BY_THEM = ("cffi", "pycparser", "python-dateutil", "pluggy", "packaging", "iniconfig")
OWN_TEST = """
import ssl
import urllib.request

pytest_plugins = ["andock_sandbox.pytest_plugin"]


def test_others_tests_get_a_server(exchange_server, exchange_sandbox, exchange_control):
    exchange_sandbox.add_mailbox("eva@x.test", "pw", name="Eva")
    trusted = ssl.create_default_context(cafile=str(exchange_server.ca_file))
    headers = {"Authorization": f"Bearer {exchange_control.token}"}
    asked = urllib.request.Request(exchange_control.url, headers=headers)
    with urllib.request.urlopen(asked, context=trusted) as page:
        assert "Eva" in page.read().decode()
"""


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of a fresh environment with the built wheel and pytest."""
    home = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(home / "dist")]
    run(build, SOURCE)
    (wheel,) = (home / "dist").glob("*.whl")
    limits = home / "constraints.txt"
    limits.write_text("".join(f"{name}=={version(name)}\n" for name in PINNED + NEEDED_BY_THEM))
    run([sys.executable, "-m", "venv", str(home / "venv")], home)
    python = home / "venv" / "bin" / "python"
    run([str(python), "-m", "pip", "install", "-q", f"{wheel}[pytest]", "-c", str(limits)], home)
    return python.parent


def test_only_what_it_needs_is_installed(environment: Path) -> None:
    """Nothing of ours, no client library."""
    listed = run([str(environment / "python"), "-m", "pip", "list", "--format=freeze"], environment)
    names = {line.partition("==")[0].lower() for line in listed.splitlines()}
    assert "andock-sandbox" in {name.replace("_", "-") for name in names}
    assert not {name for name in names if name.startswith("andock") and "sandbox" not in name}
    assert not names & {"exchangelib", "msal", "flask"}


def test_the_command_is_there(environment: Path) -> None:
    """And says what it takes."""
    assert "--mailbox" in run([str(environment / "andock-sandbox"), "--help"], environment)


def test_others_tests_use_its_fixtures(environment: Path, tmp_path: Path) -> None:
    """By one line in their conftest.py."""
    (tmp_path / "test_own.py").write_text(OWN_TEST)
    command = [str(environment / "python"), "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    assert "1 passed" in run(command, tmp_path)


def test_the_readme_example_runs(environment: Path, tmp_path: Path) -> None:
    """As it stands there."""
    text = (SOURCE / "README.md").read_text()
    example = text.split("```python\n", 1)[1].split("```", 1)[0]
    done = subprocess.run(
        [str(environment / "python"), "-c", example],
        check=False,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert "/EWS/Exchange.asmx" in done.stdout
